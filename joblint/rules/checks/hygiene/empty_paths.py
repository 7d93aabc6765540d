"""Recursive deletions of a path that ends with a variable: if it is empty, the directory above is deleted."""

from __future__ import annotations

import re

from joblint.base.names import names
from joblint.rules.checks.containers.errexit import errexit_at, nounset
from joblint.rules.checks.containers.place import command_hit, short
from joblint.rules.checks.containers.unset_variables import filled_in_later, injected, may_load, set_anywhere
from joblint.rules.subject import as_dict, as_list
from joblint.shell.syntax import Case, Command, Pipe, commands, every
from joblint.shell.weight import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node

_LAST = re.compile(r"^([A-Za-z0-9]+://[^/$`]+/|/)?([^$`*?]*/)?\$(?:([A-Za-z_]\w{0,60})|\{([A-Za-z_]\w{0,60})\})(/?\*{0,2}/?)$")
"""A scheme or the root, directories, a variable alone as the last part, and what is below it."""
_NEVER_EMPTY = names("date hostname mktemp pwd id whoami uname echo printf nproc uuidgen wc stat md5sum sha256sum seq")
_PRINT_NOTHING = names("ls find kubectl oc")
"""Commands that succeed without output where there is nothing to list."""
_DECLARE = names("local export readonly declare typeset")
_EMPTY = "The env of the container sets it to an empty string"
_TESTS = names("[ [[ test")
_CLIENTS = {"mc": ("rm",), "gsutil": ("rm",), "aws": ("s3", "rm"), "rclone": ("purge",), "s3cmd": ("del",)}


def deletion_above_empty_variable(s: Subject) -> Iterator[Hit]:
    """`rm -rf /data/$OLD`: one finding for each script, only where something shows how the variable may come to be empty."""
    if filled_in_later(s):
        return
    for script in s.scripts:
        checked: set[str] | None = None
        for command in commands(script.statements, functions=True):
            found = _operand(command)
            if found is None:
                continue
            name, above, text = found
            checked = _checked(script) if checked is None else checked
            reason = "" if name in checked else _reason(s, script, name, above)
            if reason:
                yield command_hit(
                    s,
                    script,
                    command,
                    name=name,
                    condition=f"{name} is empty:" if reason == _EMPTY else f"If {name} is empty,",
                    what=_what(above),
                    reason=reason,
                    better=command.text.replace(text, _guarded(text, name)),
                )
                break


def _operand(command: Command) -> tuple[str, str, str] | None:
    """The variable, what is deleted if it is empty, and the operand as written."""
    name, rest = program(command)
    texts = command.texts[len(command.texts) - len(rest) :]
    if name == "rm":
        if not any(w == "--recursive" or w[:1] == "-" and w[:2] != "--" and ("r" in w or "R" in w) for w in rest):
            return None
        operands = texts
    elif name == "find":
        if "-delete" not in rest and "rm" not in rest:
            return None
        operands = texts[: next((i for i, w in enumerate(rest) if w[:1] == "-" or w in ("(", "!")), len(rest))]
    elif name in _CLIENTS and rest[: len(_CLIENTS[name])] == _CLIENTS[name]:
        if name != "rclone" and not any(w in ("-r", "-rf", "--recursive") or w[:2] == "-r" for w in rest):
            return None
        operands = texts
    else:
        return None
    for text in operands:
        plain = text.replace('"', "")
        found = _LAST.match(plain)
        if found is not None and "'" not in plain:
            root, folders, one, other, below = found.groups()
            above = (root or "") + (folders or "")
            if above or below[:1] == "/":
                return one or other, above or "/", text
    return None


def _checked(script: Script) -> set[str]:
    """The variables that the script tests, or whose value it limits in another way."""
    found: set[str] = set()
    for node in every(script.statements):
        if isinstance(node, Case):
            found.update(re.findall(r"\w+", node.word))
        elif isinstance(node, Command) and node.words[:1] and (node.words[0] in _TESTS or "[" in node.words[0]):
            found.update(re.findall(r"\$\{?(\w+)", node.text))
    found.update(re.findall(r"\$\{(\w+):?[?=-]", script.text))
    return found


def _reason(s: Subject, script: Script, name: str, above: str) -> str:
    """How the variable may come to be empty; "" if nothing shows that."""
    assigned = [(command, value) for command in commands(script.statements, functions=True) for value in _assigned(command, name)]
    if assigned:
        reasons = [_of_substitution(script, command, value) for command, value in assigned]
        return reasons[0] if len(reasons) == 1 else ""
    entry = next((as_dict(e) for e in as_list(script.container.data.get("env")) if as_dict(e).get("name") == name), None)
    if set_anywhere(script.text, name) or script.container.data.get("envFrom"):
        return ""  # a loop, `read`, or another source sets it
    if entry is not None:
        return _of_entry(entry, nounset(script))
    if above != "/" or nounset(script) or injected(s) or may_load(s, script.container, script):
        return ""
    return f"Neither env nor the script sets {name}; only the image can"


def _assigned(command: Command, name: str) -> list[str]:
    """What a command assigns to the variable, as written."""
    texts = command.assigns if not command.words else ()
    if command.words[:1] and command.words[0] in _DECLARE:
        texts = command.texts[1:]
    return [text.partition("=")[2] for text in texts if text.startswith(f"{name}=")]


def _of_substitution(script: Script, command: Command, value: str) -> str:
    inner = command.inner[0] if len(command.inner) == 1 else None
    if inner is None or value.strip('"') != script.text[inner.start : inner.end] or len(inner.parts) != 1:
        return ""
    node: Node = inner.parts[0]
    parts = node.parts if isinstance(node, Pipe) else (node,)
    first, last = parts[0], parts[-1]
    if not isinstance(first, Command) or not isinstance(last, Command):
        return ""
    if program(first)[0] in _NEVER_EMPTY or program(last)[0] in _NEVER_EMPTY or not program(first)[0]:
        return ""
    shown = short(script.text[node.start : node.end])
    ends = errexit_at(script, command.start) and command.words[:1] == ()
    if ends and (len(parts) == 1 and program(last)[0] not in _PRINT_NOTHING or program(last)[0] in ("grep", "egrep")):
        return ""
    return f"`{shown}` may print nothing" + ("" if ends else ", or fail")


def _of_entry(entry: dict[str, Any], strict: bool) -> str:
    """The same for a variable of the container's env."""
    if entry.get("value") == "" and "valueFrom" not in entry:
        return _EMPTY
    for kind, of in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
        reference = as_dict(as_dict(entry.get("valueFrom")).get(kind))
        if reference.get("optional") is True and not strict:
            return f'The key "{reference.get("key")}" of {of} "{reference.get("name")}" is optional'
    return ""


def _what(above: str) -> str:
    if above == "/":
        return "everything in /, including the files in mounted volumes"
    return f"everything in {above.rstrip('/')}"


def _guarded(text: str, name: str) -> str:
    """The operand so that the shell ends the script if the variable is empty."""
    return text.replace(f"${{{name}}}", f"${{{name}:?}}").replace(f"${name}", f"${{{name}:?}}")
