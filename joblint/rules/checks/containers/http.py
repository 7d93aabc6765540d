"""HTTP requests that decide whether the Job succeeds, and whose errors go unnoticed."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import command_hit, short
from joblint.shell.curl import ignores_http_errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command, Node


def http_error_is_success(s: Subject) -> Iterator[Hit]:
    """curl without --fail, if it is the work or downloads what the work needs; one finding for each container."""
    for i, container in enumerate(s.containers):
        if container.role == "sidecar":
            continue
        run = s.runs[i]
        words = (
            run.rest if run.name == "curl" else run.words if not run.sure and _is_curl(str(container.data.get("image"))) else ()
        )
        if words and not run.shell and ignores_http_errors(words, printed=True) and container.role == "main":
            field = run.fields[run.program if run.name == "curl" else 0]
            yield s.hit(field, command=short(" ".join(["curl", *words])), effect="the Job is Complete")
            continue
        for script in s.scripts:
            if script.index == i:
                found = _request(script, container.role)
                if found is not None:
                    command, effect = found
                    yield command_hit(s, script, command, effect=effect)
                    break


def _is_curl(image: str) -> bool:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0] == "curl"


def _request(script: Script, role: str) -> tuple[Command, str] | None:
    """The first curl command whose status decides, and what happens on an HTTP error."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import WORK, program, weight

    decides = {id(c) for c in script.flow.kept}
    work = [c for c in _plain(script.statements) if weight(c) == WORK]
    others = [c for c in commands(script.statements) if weight(c) == WORK and program(c)[0] != "curl"]
    for command in work:
        name, rest = program(command)
        if name != "curl" or id(command) not in decides or not ignores_http_errors(_written(command, rest)):
            continue
        if any("$" in text and text[:1] == "$" for text in command.texts):
            continue  # the options may be in a variable
        file = _file(rest)
        if file and _is_checked(script, command):
            continue
        if file:
            later = any(c.start > command.start for c in others)
            return command, f"{file} contains the error page" + (", and the script continues with it" if later else "")
        if not others and role == "main":
            return command, "the Job is Complete"
    if role == "main" and len(others) == 0:
        found = next(_only_printed(script), None)
        if found is not None:
            return found, "the Job is Complete"
    return _asked(script)


def _only_printed(script: Script) -> Iterator[Command]:
    """`code=$(curl -w '%{http_code}' …)` or `answer=$(curl …)`, where the script only prints the variable."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    every = list(commands(script.statements, functions=True))
    for command in _plain(script.statements):
        inner = [c for sequence in command.inner for c in commands(sequence)]
        if command.words or len(command.assigns) != 1 or len(inner) != 1:
            continue
        name, rest = program(inner[0])
        if name != "curl" or not ignores_http_errors(_written(inner[0], rest), printed=True):
            continue
        variable = command.assigns[0].partition("=")[0]
        users = [c for c in every if c.start > command.start and f"${variable}" in c.text.replace("{", "")]
        counted = sum(c.text.replace("{", "").count(f"${variable}") for c in users)
        if users and all(program(c)[0] in ("echo", "printf") and not c.redirects for c in users):
            if counted == script.text.replace("{", "").count(f"${variable}") and "| " not in script.text[command.end :]:
                yield inner[0]


_READERS = names("tar gunzip zcat unzip bunzip2 xz unxz 7z sha256sum sha512sum sha1sum md5sum shasum gpg cosign dpkg rpm")
"""Programs that fail if the file is a page of HTML."""


def _is_checked(script: Script, command: Command) -> bool:
    """Whether the next command reads the downloaded file so that an error page ends a script with set -e."""
    from joblint.rules.checks.containers.errexit import errexit
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    following = next((c for c in commands(script.statements) if c.start > command.start), None)
    return following is not None and program(following)[0] in _READERS and errexit(script)


def _asked(script: Script) -> tuple[Command, str] | None:
    """A request on whose status an `if` decides whether the script fails; not within a loop, which waits for a server."""
    from joblint.shell.statements import fails_on_purpose
    from joblint.shell.syntax import Command, If, Loop, children
    from joblint.shell.weight import program

    left: list[Node] = [script.statements]
    while left:
        each = left.pop()
        if isinstance(each, If) and each.otherwise is not None and fails_on_purpose(each.otherwise):
            asked = each.clauses[0][0].parts[-1:]
            if len(each.clauses) == 1 and asked and isinstance(asked[0], Command):
                name, rest = program(asked[0])
                if name == "curl" and ignores_http_errors(_written(asked[0], rest)):
                    return asked[0], "the branch for success runs"
        if not isinstance(each, Loop):
            left.extend(reversed(children(each)))
    return None


def _written(command: Command, rest: tuple[str, ...]) -> list[str]:
    """The words after a program; those that are known only at run time as written."""
    texts = command.texts[-len(rest) :] if rest else ()
    return [word or text.strip("\"'") for word, text in zip(rest, texts, strict=True)]


def _file(rest: tuple[str, ...]) -> str:
    """The file that curl writes; "" for none."""
    for i, word in enumerate(rest):
        if word in ("-o", "--output") and i + 1 < len(rest):
            return "" if rest[i + 1] in ("/dev/null", "-") else _name(rest[i + 1])
        if word.startswith("-") and not word.startswith("--") and word.endswith("o") and i + 1 < len(rest):
            return "" if rest[i + 1] in ("/dev/null", "-") else _name(rest[i + 1])
        if word == "--remote-name" or word.startswith("-") and not word.startswith("--") and word.endswith("O"):
            return "the file"
    return ""


def _name(word: str) -> str:
    """A file's name in a message; an option in its place follows an escaped space (`-o \\ -H …`), which the parser skips."""
    return "the file" if not word or word.startswith("-") else word


def _plain(node: Node) -> Iterator[Command]:
    """The commands that are not in a condition and whose output no other command reads."""
    from joblint.shell.syntax import Command, If, Loop, Not, Pipe, children

    left: list[Node] = [node]
    while left:
        each = left.pop()
        if isinstance(each, Command):
            yield each
        elif isinstance(each, Pipe):
            left.append(each.parts[-1])
        elif isinstance(each, If):
            left.extend([body for _, body in reversed(each.clauses)])
        elif isinstance(each, Loop):
            left.append(each.body)
        elif not isinstance(each, Not):
            left.extend(reversed(children(each)))
