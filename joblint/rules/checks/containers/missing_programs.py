"""Programs that a known image does not have: the container does not start, or its script fails with exit code 127."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.rules.subject import as_list
from joblint.shell.images import is_copy, lacks
from joblint.shell.syntax import Function, commands
from joblint.shell.weight import program
from joblint.shell.wrappers import basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Command

# What installs further programs in an image, or adds them to its PATH.
_INSTALLS = (
    *("apk add", "apk --", "apt-get ", "apt ", "yum ", "dnf ", "microdnf ", "pip ", "pip3 ", "npm ", "install-cli", "PATH"),
    *("components install", "aws/install", "conda ", "gem install", "go install", "cargo install", "brew ", "setup.sh"),
)
# What may put a program in its place: into a directory of programs, or with permission to execute it.
_PLACES = names("cp mv ln install tar unzip chmod curl wget")
_FOLDERS = ("/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/")


def program_not_in_image(s: Subject) -> Iterator[Hit]:
    """One finding for each container: the program that it starts, or the first that its script needs."""
    for i, container in enumerate(s.containers):
        image = container.data.get("image")
        run = s.runs[i]
        if not isinstance(image, str) or not run.words or not run.sure or _mounts_programs(container.data):
            continue
        first = run.words[0]
        name = basename(first)
        where = lacks(image, name) if first == name or first == "/bin/" + name or first == "/usr/bin/" + name else ""
        if where:
            copied = is_copy(image)
            yield s.hit(
                run.fields[0],
                program=name,
                image=where,
                effect="the container does not start (StartError), on every attempt",
                advice=_advice(name, where),
                severity="" if copied else "error",
                confidence="" if copied else "certain",
            )
            continue
        # A mounted script is run by the container's own command, which may install something first.
        before = "\n".join([str(word) for key in ("command", "args") for word in as_list(container.data.get(key))])
        for script in s.scripts:
            if script.index != i or "command -v" in script.text or any(w in before or w in script.text for w in _INSTALLS):
                continue
            if any(_puts_programs(c) for c in commands(script.statements, functions=True)):
                continue
            defined = {p.name for p in script.statements.parts if isinstance(p, Function)}
            for command in commands(script.statements):
                name = program(command)[0]
                where = lacks(image, name) if name and name not in defined and command.words[0] == name else ""
                if where and not any(x.command is command and x.fate.reason in ("or", "if") for x in script.flow.losses):
                    yield script_hit(
                        s,
                        script,
                        command.start,
                        command.end,
                        program=name,
                        image=where,
                        effect=f"`{short(command.text)}` fails with exit code 127",
                        advice=_advice(name, where),
                    )
                    break
            break


def _puts_programs(command: Command) -> bool:
    """Whether a command may put a program in its place: `tar xzf kubectl.tgz`, `chmod +x mc`, `cp /tools/jq /usr/bin/`."""
    name, rest = program(command)
    if name not in _PLACES:
        return False
    if name == "tar":
        return any("x" in w.lstrip("-") for w in rest[:1]) or "-x" in rest or "--extract" in rest
    if name == "chmod":
        return any("x" in w or w[:1].isdigit() and w[-3:-2] in ("1", "3", "5", "7") for w in rest[:2])
    return name == "unzip" or "/bin" in command.text or name in ("cp", "mv", "ln") and any(w == "." for w in rest)


def _mounts_programs(data: dict[str, object]) -> bool:
    """Whether a volume may contain programs."""
    entries = data.get("volumeMounts")
    paths = [str(m.get("mountPath")) for m in entries if isinstance(m, dict)] if isinstance(entries, list) else []
    return any((path.rstrip("/") + "/").startswith(_FOLDERS) for path in paths)


def _advice(name: str, image: str) -> str:
    if name == "bash":
        return "Use sh instead of bash, or an image that has bash."
    return f"Use an image that has {name}."
