"""`echo PASSWORD | base64`: the line break is encoded as well, and becomes part of a Secret's value."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def line_break_in_secret(s: Subject) -> Iterator[Hit]:
    """A value with its line end goes into the data of a Secret; one finding for each script."""
    for script in s.scripts:
        text = script.text
        if "kind: Secret" not in text and '"kind":"Secret"' not in text and "patch secret" not in text and '"Secret"' not in text:
            continue
        at = text.find("base64")
        while at >= 0:
            begin = max(text.rfind("$(", 0, at), text.rfind("`", 0, at), text.rfind("\n", 0, at))
            before = text[begin:at].strip("$(`\n\"' ")
            words = before.split()
            decodes = text[at + 6 : at + 10].lstrip(" ").startswith(("-d", "--d", "-D"))
            if words and before.rstrip().endswith("|") and not decodes and "\n" not in before:
                name = words[words.index("=") + 1] if "=" in words else words[0].rpartition("$(")[2]
                bare = name == "echo" and words[1:2] not in (["-n"], ["-ne"], ["-en"])
                if bare or name == "openssl" and "rand" in words:
                    stripped = "tr -d" in before or "head -c" in before or "printf" in before
                    if not stripped and before.count("|") == 1:
                        start = begin + text[begin:at].find(words[0])
                        better = _without_line_end(before[before.find(name) :])
                        yield script_hit(s, script, start, at + 6, command=short(text[start : at + 6]), better=better)
                        break
            at = text.find("base64", at + 6)


def _without_line_end(before: str) -> str:
    """What to type instead of `echo … | base64` or `openssl rand … | base64`, from the text before `base64`."""
    source = before.rstrip("| ").rstrip()
    if not source.startswith("echo"):
        return f"{source} | tr -d '\\n' | base64 -w0"
    value = source[len("echo") :].strip()
    quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return f"printf %s {value} | base64 -w0" if quoted and value else 'printf %s "$VALUE" | base64 -w0'
