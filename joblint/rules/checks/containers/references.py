"""References to variables as Kubernetes reads them, `$(NAME)`; helps the checks of the family.

Source: Kubernetes 1.36.3, third_party/forked/golang/expansion/expand.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def is_name(text: str) -> bool:
    """Whether the text is a valid name of a shell variable."""
    return bool(text) and text.replace("_", "a").isalnum() and text.isascii() and not text[0].isdigit()


def is_service(name: str) -> bool:
    """Whether a name is one of the variables that Kubernetes creates for Services."""
    return name.endswith(("_SERVICE_HOST", "_SERVICE_PORT", "_PORT")) or "_SERVICE_PORT_" in name or "_PORT_" in name


def is_port_number(name: str, text: str) -> bool:
    """Whether a text uses NAME_PORT as a port number: `db:$DB_PORT`, `--port=$(DB_PORT)`, `nc -z db $DB_PORT`. The variable
    that Kubernetes creates for a Service is a URL."""
    if not name.endswith("_PORT") or name.endswith("_SERVICE_PORT"):
        return False
    plain = text.replace('"', "").replace("'", "")
    for written in (f"${name}", f"${{{name}}}", f"$({name})"):
        at = plain.find(written)
        if at < 0:
            continue
        before, after = plain[:at].rstrip("= "), plain[at + len(written) :].split(";")[0].strip()
        words = before.split()
        if before.endswith(":") and "//" not in after or words[-1:] in (["-p"], ["-P"], ["--port"], ["-port"]):
            return True
        if words and words[0].rpartition("/")[2] in ("nc", "ncat", "netcat", "telnet") and not after:
            return True
    return False


def references(word: str) -> Iterator[str]:
    """Return the names in `$(NAME)`, without escaped ones."""
    at = 0
    while True:
        at = word.find("$", at)
        if at < 0 or at + 1 >= len(word):
            return
        if word[at + 1] == "$":
            at += 2
            continue
        if word[at + 1] == "(":
            end = name_end(word, at + 2)
            if word.startswith(")", end) and is_name(word[at + 2 : end]):
                yield word[at + 2 : end]
        at += 1


_MOST_NAMES = 200


def near(name: str, names: set[str], but: str = "") -> str:
    """Return a reference to the most similar known name but one, "" if there is none, or if there are too many to compare."""
    if len(names) > _MOST_NAMES or len(name) > _MOST_NAMES:
        return ""
    from difflib import get_close_matches

    found = get_close_matches(name, sorted(names - {but}), 1, 0.75)
    return f"$({found[0]})" if found else ""


def entry_of(name: str) -> str:
    """Return what to write in env for a name."""
    return f"env:\n- name: {name}\n  value: <value>"


def name_end(word: str, at: int) -> int:
    """Return the end of the letters, digits and underscores that begin at a position."""
    while at < len(word) and (word[at].isalnum() or word[at] == "_") and word[at].isascii():
        at += 1
    return at
