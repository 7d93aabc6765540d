"""Scripts that fail although nothing went wrong: a count of 0 under set -e, a test as the last command, an install that asks a
question, xargs without input."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, Loop, Pipe, Sequence, children, commands
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def _errexit(script: Script) -> bool:
    """Whether set -e is on from the beginning, and never switched off."""
    if script.flow.errexit_off is not None:
        return False
    if "e" in script.flags or "errexit" in script.flags:
        return True
    for part in script.statements.parts[:3]:
        if isinstance(part, Command) and part.words[:1] == ("set",) and any("e" in w for w in part.words[1:] if w[:1] == "-"):
            return True
    return False


def _asked(script: Script) -> set[int]:
    """The commands whose status something checks: in conditions, and before && or ||."""
    found: set[int] = set()
    left: list[tuple[Node, bool]] = [(script.statements, False)]
    while left:
        node, asked = left.pop()
        if isinstance(node, Command):
            if asked:
                found.add(node.start)
            continue
        if isinstance(node, AndOr):
            left += [(node.left, True), (node.right, asked)]
        elif isinstance(node, Sequence):
            left += [(part, asked) for part in node.parts]
        elif node.__class__.__name__ in ("If", "Not") or isinstance(node, Loop) and node.condition is not None:
            bodies = {id(body) for _, body in getattr(node, "clauses", ())} | {
                id(getattr(node, "otherwise", None)),
                id(getattr(node, "body", None)),
            }
            inverted = node.__class__.__name__ == "Not"
            left += [(child, inverted or id(child) not in bodies or asked) for child in children(node)]
        else:
            left += [(child, asked) for child in children(node)]
    return found


def arithmetic_ends_script(s: Subject) -> Iterator[Hit]:
    """`((count++))` from 0 under set -e: its value is 0, its exit code 1; one finding for each script."""
    for script in s.scripts:
        if not _errexit(script):
            continue
        asked = _asked(script)
        zero = {a.partition("=")[0] for c in commands(script.statements) for a in c.assigns if a.endswith(("=0", '="0"'))}
        for command in commands(script.statements):
            text = command.text.strip()
            inside = text[2:-2].strip() if text.startswith("((") and text.endswith("))") else ""
            if command.words[:1] == ("let",) and len(command.words) == 2:
                inside = command.words[1]
            name = inside.removesuffix("++").strip()
            if inside.endswith("++") and name in zero and command.start not in asked:
                yield script_hit(s, script, command.start, command.end, command=short(text), name=name)
                break


def no_match_ends_script(s: Subject) -> Iterator[Hit]:
    """`N=$(… | grep -c x)` under set -e: with a count of 0, grep ends with 1; one finding for each script."""
    for script in s.scripts:
        if not _errexit(script):
            continue
        asked = _asked(script)
        for command in commands(script.statements):
            if command.words or not command.inner or command.start in asked:
                continue
            last = command.inner[-1].parts[-1] if command.inner[-1].parts else None
            last = last.parts[-1] if isinstance(last, Pipe) else last
            if isinstance(last, Command) and _counts(last):
                yield script_hit(s, script, command.start, command.end, command=short(command.text), last=short(last.text))
                break


def _counts(command: Command) -> bool:
    name, rest = program(command)
    return name in ("grep", "egrep", "fgrep") and any(
        w == "--count" or w.startswith("-") and not w.startswith("--") and "c" in w for w in rest
    )


_STATES = ("-n", "-z", "-f", "-d", "-e", "-s", "-r", "-x")


def test_as_last_command(s: Subject) -> Iterator[Hit]:
    """`[ -n "$URL" ] && curl …` as the last command: if the test is false, the script ends with 1."""
    for script in s.scripts:
        parts = script.statements.parts
        last = parts[-1] if parts else None
        if len(parts) < 2 or not isinstance(last, AndOr) or last.operator != "&&" or not isinstance(last.left, Command):
            continue
        test = last.left
        words = test.text.split()
        asks = words[:1] in (["["], ["[["], ["test"]) and len(words) > 2 and words[1] in _STATES
        if asks and not any(program(c)[0] in ("exit", "return", "false") for c in commands(last.right)):
            yield script_hit(
                s,
                script,
                last.start,
                last.end,
                command=short(script.text[last.start : last.end]),
                test=short(test.text),
                better=f"if {short(test.text)}; then …; fi",
            )


_DEBIAN = ("debian", "ubuntu")


def install_fails(s: Subject) -> Iterator[Hit]:
    """apt-get or yum without -y, which ends at its question; apt-get install in an official image without update."""
    for script in s.scripts:
        image = (
            str(script.container.data.get("image") or "").partition("@")[0].removeprefix("docker.io/").removeprefix("library/")
        )
        name, _, _ = image.partition(":")
        updated = "update" in script.text
        assumes = "assumeyes" in script.text or "Assume-Yes" in script.text or "yes |" in script.text
        for command in commands(script.statements):
            tool, rest = program(command)
            if tool not in ("apt-get", "apt", "yum", "dnf", "microdnf") or "install" not in rest:
                continue
            yes = any(
                w in ("--yes", "--assume-yes", "-q=2") or w[:1] == "-" and w[:2] != "--" and ("y" in w or "qq" in w) for w in rest
            )
            if not yes and not assumes:
                why = "without -y it waits for a confirmation and aborts"
                yield script_hit(
                    s, script, command.start, command.end, command=short(command.text), why=why, better=f"{tool} install -y …"
                )
                break
            if tool in ("apt-get", "apt") and not updated and name in _DEBIAN:
                why = f"the image {name} contains no package lists"
                yield script_hit(
                    s,
                    script,
                    command.start,
                    command.end,
                    command=short(command.text),
                    why=why,
                    better=f"{tool} update && {tool} install -y …",
                )
                break


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
            if not any(word in before for word in ("grep", "awk", "kubectl", "oc ", "docker", "find", "jq", "select")):
                continue
            if plain[:1] in (["kubectl"], ["oc"], ["docker"], ["kill"]) and (
                plain[0] == "kill" or not _NEEDS.isdisjoint(plain[1:3])
            ):
                if plain[0] in ("kubectl", "oc") and any("/" in w for w in plain[2:]):
                    continue
                yield script_hit(s, script, command.start, command.end, command=short(command.text), program=" ".join(plain[:2]))
                break
