"""Bash syntax under `sh`: what the sh of the image does not support; info, since only the image decides which sh that is."""

from __future__ import annotations

from joblint.base.record import replace
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.images import has_busybox
from joblint.shell.syntax import Function, Loop, children, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

# Images whose sh is bash, or that of BusyBox, which supports a part of Bash's syntax.
_BASH = ("ubi", "centos", "fedora", "rocky", "alma", "amazonlinux", "oraclelinux", "rhel", "archlinux", "bash")
_BUSYBOX = ("alpine", "busybox")
_DASH = ("debian", "ubuntu", "slim", "bookworm", "bullseye", "trixie", "noble", "jammy", "buster")
# Docker's official images that are based on Debian or Ubuntu unless the tag says otherwise.
_ON_DASH = frozenset(
    ("debian", "ubuntu", "python", "node", "perl", "php", "ruby", "golang", "rust", "postgres", "mariadb", "redis", "nginx")
    + ("mongo", "rabbitmq", "maven", "gradle", "eclipse-temurin", "buildpack-deps", "httpd", "memcached", "openjdk", "tomcat")
)
_CODENAMES = ("bookworm", "bullseye", "buster", "jammy", "noble", "focal")
_BUSYBOX_LACKS = frozenset(
    ("an array", "${NAME[0]}", "+=", "<<<", "declare", "mapfile", "readarray", "(( … ))", "{1..9}", "${NAME^^}", "${!NAME}")
)
_BUSYBOX_KNOWS = frozenset(
    ("[[ … ]]", "set -o pipefail", "source", "== in [ … ]", "${NAME//A/B}", "${NAME:0:9}", "$((NAME++))", "&>", "|&")
)
_POSIX = {
    "set -o pipefail": "write to a file first, and read it in a second command after &&",
    "[[ … ]]": "write [ … ] instead of [[ … ]]",
    "== in [ … ]": "write = instead of ==",
    "source": "write . instead of source",
    "&>": "write > <file> 2>&1 instead of &>",
}
_OF_BASH = ("RANDOM", "SECONDS", "EUID", "UID", "BASH_SOURCE", "BASHPID", "PIPESTATUS", "OSTYPE", "FUNCNAME")
"""Variables that Bash sets; dash does not, and BusyBox only some of them."""
_EFFECTS = {
    "echo -e": "writes -e to the file",
    **{f"${name}": "gets nothing" for name in _OF_BASH},
    "{1..9}": "gets the text unchanged",
    "&>": "runs in the background",
    "== in [ … ]": "is never true",
}


def bash_syntax_in_sh(s: Subject) -> Iterator[Hit]:
    """The first construct that a POSIX shell does not support, one finding per script."""
    for script in s.scripts:
        if script.shell not in ("sh", "dash", "ash"):
            continue
        image = str(script.container.data.get("image") or "").lower()
        name = image.rsplit("/", 1)[-1]
        if any(name.startswith(w) for w in _BASH) and script.shell == "sh":
            continue
        busybox = script.shell == "ash" or any(w in name for w in _BUSYBOX) or has_busybox(image)
        found = next(((n, w) for n, w in _bash_only(script) if not (busybox and w in _BUSYBOX_KNOWS)), None)
        if found is None and not busybox:
            found = _of_bash_alone(script)
        if found is None:
            continue
        node, what = found
        if busybox:
            who = "The sh of Alpine and BusyBox"
        elif any(w in name for w in _DASH):
            who = "The sh of this image (dash)"
        else:
            who = "The sh of Debian and Ubuntu (dash)"
        text = short(script.text[node.start : node.end])
        sure = what in _BUSYBOX_LACKS and has_busybox(image) if busybox else _has_dash(image)
        yield script_hit(
            s,
            script,
            node.start,
            node.end,
            severity="warning" if sure else "",
            confidence="likely" if sure else "",
            what=what if what.startswith(("an ", "the ", "==")) else f"`{what}`",
            who=who,
            text="the command" if text in ("", what) else f"`{text}`",
            effect=_EFFECTS.get(what, "fails"),
            instead=_POSIX.get(what, "POSIX syntax"),
        )


def _has_dash(image: str) -> bool:
    """Whether an image's sh is certainly dash: an official image of Debian or Ubuntu, or a tag with a release's name."""
    path, _, tag = image.partition("@")[0].partition(":")
    if any(w in image for w in _BUSYBOX) or "bash" in image:
        return False
    official = path.removeprefix("docker.io/").removeprefix("library/")
    return official in _ON_DASH or any(w in tag for w in _CODENAMES)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return end if end >= 0 else len(text)


def _of_bash_alone(script: Script) -> tuple[Node, str] | None:
    """The first command that reads a variable that only Bash sets, or that writes what `echo -e` prints to a file."""
    env = str(script.container.data.get("env") or "") + str(script.container.data.get("envFrom") or "")
    if env and any(name in env for name in _OF_BASH) or "envFrom" in script.container.data:
        return None
    for command in commands(script.statements, functions=True):
        if command.words[:2] in (("echo", "-e"), ("echo", "-en"), ("echo", "-ne")) and any(">" in r for r in command.redirects):
            if not any("/dev/" in r or "&" in r for r in command.redirects):
                return command, "echo -e"
        for name in _OF_BASH:
            reads = f"${name}" in command.text or f"${{{name}" in command.text or "$((" in command.text and name in command.text
            after = command.text.partition(f"${name}")[2][:1]
            if reads and not (after.isalnum() or after == "_") and f"{name}=" not in script.text:
                return command, f"${name}"
    return None


def _bash_only(script: Script) -> Iterator[tuple[Node, str]]:
    for command in commands(script.statements, functions=True):
        first = command.words[0] if command.words else ""
        if first == "[" and command.text.startswith("[["):
            yield command, "[[ … ]]"
        elif first == "[" and command.text.startswith("(("):
            yield command, "(( … ))"
        elif first == "source":
            yield command, "source"
        elif first == "set" and "pipefail" in command.words and "(set -o pipefail" not in script.text.replace("( ", "("):
            yield command, "set -o pipefail"
        elif first in ("declare", "typeset", "mapfile", "readarray", "shopt", "pushd", "popd", "let"):
            yield command, first
        elif any(a.partition("=")[2].startswith("(") for a in command.assigns):
            yield command, "an array"
        elif any(a.partition("=")[0].endswith("+") for a in command.assigns):
            yield command, "+="
        elif any(r.startswith("<<<") for r in command.redirects):
            yield command, "<<<"
        elif any(t.startswith(("<(", ">(")) for t in command.texts):
            yield command, "<( … )"
        elif (
            first == "[" and command.text.startswith("[ ") and " == " in command.text or first == "test" and "==" in command.words
        ):
            yield command, "== in [ … ]"
        elif any(r.startswith("&>") for r in command.redirects):
            yield command, "&>"
        elif first == "trap" and "ERR" in command.words[2:]:
            yield command, "the signal ERR"
        else:
            what = _expansion(command.text) if "$" in command.text else ""
            if what or any(_is_range(text) for text in command.texts):
                yield command, what or "{1..9}"
    left: list[Node] = [script.statements]
    while left:
        node = left.pop(0)
        if isinstance(node, Function) and script.text.startswith("function ", node.start):
            yield node, "function NAME"
        elif isinstance(node, Loop) and node.kind == "for" and any(_is_range(w.rstrip(";")) for w in node.head.split()):
            yield replace(node, end=node.start + len(node.head.rstrip(" ;\n"))), "{1..9}"
        elif isinstance(node, Loop) and "<<<" in script.text[node.body.end : _line_end(script.text, node.end)]:
            yield replace(node, start=node.body.end), "<<<"
        left.extend(children(node))


def _is_range(text: str) -> bool:
    """Whether a word is `{1..9}` or contains such a part, outside quotes."""
    begin = text.find("{")
    end = text.find("}", begin)
    if begin < 0 or end < 0 or text[begin - 1 : begin] == "$" or "'" in text or '"' in text:
        return False
    left, dots, right = text[begin + 1 : end].partition("..")
    return bool(dots) and left.isalnum() and right.isalnum()


def _expansion(text: str) -> str:
    """What an expansion outside single quotes needs that a POSIX shell does not have; "" for nothing."""
    quote = ""
    for at, char in enumerate(text):
        if char == "'" and quote != '"':
            quote = "" if quote else "'"
        elif char == '"' and quote != "'":
            quote = "" if quote else '"'
        elif char == "$" and quote != "'" and text[at - 1 : at] != "\\":
            found = _of_parameter(text[at + 1 :])
            if found:
                return found
    return ""


def _of_parameter(text: str) -> str:
    if text.startswith("(("):
        inside = text[2:].partition("))")[0]
        return (
            "$((NAME++))" if "++" in inside or "--" in inside.replace("- -", "") and inside.strip("- ") != inside.strip() else ""
        )
    if not text.startswith("{"):
        return ""
    end = 1
    if text[1:2] == "!" and (text[2:3].isalpha() or text[2:3] == "_"):
        return "${!NAME}"
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    mark = text[end : end + 2]
    if end == 1:
        return ""
    if mark[:1] in ("^", ","):
        return "${NAME^^}"
    if mark[:1] == "/":
        return "${NAME//A/B}"
    if mark[:1] == "[":
        return "${NAME[0]}"
    return "${NAME:0:9}" if mark[:1] == ":" and mark[1:].isdigit() else ""
