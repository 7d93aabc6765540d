"""Commands that fail although nothing went wrong: an installation that prompts or needs root, an empty list of arguments."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import command_hit
from joblint.rules.subject import as_dict
from joblint.shell.images import name_and_tag
from joblint.shell.syntax import commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Command


_DEBIAN = ("debian", "ubuntu")
# Releases whose Python rejects pip outside of a virtual environment (PEP 668), by the beginnings of their tags.
_MANAGED = {
    "debian": ("12", "13", "bookworm", "trixie", "stable", "latest", "sid", "testing"),
    "ubuntu": ("23", "24", "25", "26", "noble", "latest"),
    "alpine": ("3.19", "3.2", "latest", "edge"),
}


def install_fails(s: Subject) -> Iterator[Hit]:
    """apt-get or yum without -y, which ends at its question; apt-get install in an official image without update."""
    for script in s.scripts:
        name, _ = name_and_tag(str(script.container.data.get("image") or ""))
        updated = "update" in script.text
        assumes = "assumeyes" in script.text or "Assume-Yes" in script.text or "yes |" in script.text
        user = _not_root(s, script.container)
        checked = asked(script) if user else set()
        for command in commands(script.statements):
            tool, rest = program(command)
            if user and _changes_packages(tool, rest) and command.words[0] == tool and command.start not in checked:
                why = f"it needs root, and the container runs as {user}"
                better = "Install the packages in the image, or run an init container as root."
                yield command_hit(s, script, command, why=why, better=better, lists="")
                break
            if _rejected_by_python(script, command):
                why = "the Python of this image is externally managed, and pip rejects it"
                better = "python3 -m venv /tmp/venv && /tmp/venv/bin/pip install …"
                system = (
                    " Newer releases of Debian, Ubuntu and Alpine leave the Python of the system to their own packages (PEP 668)."
                )
                yield command_hit(s, script, command, why=why, better=better, lists=system)
                break
            if tool not in ("apt-get", "apt", "yum", "dnf", "microdnf") or "install" not in rest:
                continue
            yes = any(
                w in ("--yes", "--assume-yes", "-q=2") or w[:1] == "-" and w[:2] != "--" and ("y" in w or "qq" in w) for w in rest
            )
            if not yes and not assumes:
                why = "without -y it waits for a confirmation and aborts"
                yield command_hit(s, script, command, why=why, better=_with_yes(command.text, tool), lists="")
                break
            if tool in ("apt-get", "apt") and not updated and name in _DEBIAN:
                why = f"the image {name} contains no package lists"
                yield command_hit(
                    s,
                    script,
                    command,
                    why=why,
                    better=f"{tool} update && {_with_yes(command.text, tool)}",
                    lists=" Debian and Ubuntu images contain no package lists.",
                )
                break


def _with_yes(text: str, tool: str) -> str:
    """The command with -y, as it is written; only its beginning if it is long."""
    whole = text.replace(" install ", " install -y ", 1)
    plain = "\n" not in whole and len(whole) <= 60 and whole.startswith(tool) and " install -y " in whole
    return whole if plain and not any(w in ("-y", "--yes", "-qq") for w in text.split()) else f"{tool} install -y …"


def _rejected_by_python(script: Script, command: Command) -> bool:
    """pip install in an image whose Python is externally managed, if nothing in the script or env allows it."""
    tool, rest = program(command)
    if tool in ("python", "python3") and rest[:2] == ("-m", "pip"):
        tool, rest = "pip", rest[2:]
    if tool not in ("pip", "pip3") or rest[:1] != ("install",) or command.words[0] not in (tool, "python", "python3"):
        return False
    text = script.text
    if any(
        mark in text
        for mark in ("break-system", "BREAK_SYSTEM", "-m venv", "virtualenv", "activate", "EXTERNALLY", "pip.conf", "conda")
    ):
        return False
    if any(w.split("=")[0] in ("--target", "-t", "--root", "--prefix") for w in rest) or "PIP_" in str(script.container.data):
        return False
    name, tag = name_and_tag(str(script.container.data.get("image") or ""))
    return name in _MANAGED and (tag or "latest").startswith(_MANAGED[name])


def _changes_packages(tool: str, rest: tuple[str, ...]) -> bool:
    if tool == "apk":
        return "add" in rest and "--root" not in rest and not any(w.startswith("--usermode") for w in rest)
    return tool in ("apt-get", "apt", "yum", "dnf", "microdnf") and not {"install", "update", "upgrade"}.isdisjoint(rest)


def _not_root(s: Subject, container: ContainerRef) -> str:
    """The user of a container in words, if it is certainly not root; "" otherwise."""
    own, pod = as_dict(container.data.get("securityContext")), as_dict(s.pod.get("securityContext"))
    user = own.get("runAsUser", pod.get("runAsUser"))
    if isinstance(user, int) and not isinstance(user, bool):
        return f"user {user}" if user else ""
    return "a user other than root (runAsNonRoot)" if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is True else ""


_NEEDS = names("delete rm rmi describe label annotate patch stop kill")


def xargs_without_input(s: Subject) -> Iterator[Hit]:
    """`… | grep x | xargs kubectl delete`: without a match, kubectl delete runs without a name and fails."""
    for script in s.scripts:
        kept = {command.start for command in script.flow.kept}
        for command in commands(script.statements):
            if command.start not in kept or not command.words or command.words[0] != "xargs":
                continue
            words = command.words[1:]
            options = [w for w in words if w.startswith("-")]
            if any(
                w in ("-r", "--no-run-if-empty")
                or w.startswith(("-I", "-i", "-a", "--replace", "-J"))
                or w[1:2] != "-"
                and "r" in w
                for w in options
            ):
                continue
            plain = [w for w in words if w and not w.startswith("-") and not w.isdigit()]
            before = script.text[: command.start].rstrip().rpartition("\n")[2]
            if not any(word in before for word in ("grep", "awk", "kubectl", "oc ", "docker", "find", "jq", "select", "tail")):
                continue
            if plain[:1] == ["rm"] and not any("f" in w for w in options):
                yield command_hit(s, script, command, program="rm")
                break
            if plain[:1] in (["kubectl"], ["oc"], ["docker"], ["kill"]) and (
                plain[0] == "kill" or not _NEEDS.isdisjoint(plain[1:3])
            ):
                if plain[0] in ("kubectl", "oc") and any("/" in w for w in plain[2:]):
                    continue
                yield command_hit(s, script, command, program=" ".join(plain[:2]))
                break
