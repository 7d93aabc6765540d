"""The number of parts that a script distributes by the completion index: lists, `case`, `% 8`, `split`, awk; no texts."""

from __future__ import annotations

from joblint.rules.workload.options import INDEX_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject
    from joblint.rules.workload.options import Options
    from joblint.rules.workload.scripts import Script
    from joblint.shell.syntax import Node


def totals_of_scripts(s: Subject, index: int, found: Options) -> Iterator[tuple[str, str, int]]:
    """Lists from which a script selects an element by the index (`${regions[$INDEX]}`), and `n % 8 = $INDEX`."""
    from joblint.shell.syntax import commands

    for script in s.scripts:
        if script.index != index:
            continue
        lists = {}
        for command in commands(script.statements, functions=True):
            for assign in command.assigns:
                name, _, value = assign.partition("=")
                if value.startswith("(") and value.endswith(")") and not any(c in value[1:-1] for c in "$`*?{}()'\"#["):
                    lists[name] = (assign, len(value[1:-1].split()))
        for alias in sorted(found.aliases):
            for name, (assign, count_of) in lists.items():
                if count_of and any(f"${{{name}[{form}]}}" in script.text for form in (f"${alias}", alias, f"${{{alias}}}")):
                    if script.text.count(f"{name}=") == 1 and f"{name}+=" not in script.text:
                        yield script.field, " ".join(assign.split())[:60], count_of
            cases = _cases(script, alias)
            if cases:
                yield script.field, f"case ${alias} in 0) … {cases - 1})", cases
            modulus = _modulus(script.text, alias)
            if modulus:
                yield script.field, f"% {modulus}", modulus
            pieces = _pieces(script) if "split" in script.text and f"${alias}" in script.text.replace("{", "") else 0
            if pieces:
                yield script.field, f"split -n {pieces}", pieces
            operands = _operands(script, alias)
            if operands:
                yield script.field, f"set -- … ({operands} words)", operands
        total = _of_awk(script)
        if total:
            yield script.field, f"NR % {total}", total
    run = s.runs[index]
    if run.name.startswith("python") and "-c" in run.rest[:4] and run.script < 0:
        at = run.rest.index("-c") + 1
        text = run.rest[at] if at < len(run.rest) else ""
        if INDEX_NAMES[0] in text:
            from joblint.shell.python_parts import parts_of

            for told, total in parts_of(text, INDEX_NAMES[0]):
                yield run.fields[run.program + 1 + at], told, total


def _pieces(script: Script) -> int:
    """The number of files that `split -n 8` or `split --number=l/8` writes; 0 if there is none."""
    from joblint.rules.workload.script_values import script_values
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    for command in commands(script.statements, functions=True):
        name, rest = program(command)
        if name != "split":
            continue
        texts = command.texts[len(command.texts) - len(rest) :]
        pairs = zip(texts, (*texts[1:], ""), strict=True)
        values = [t.partition("=")[2] if "=" in t else after for t, after in pairs if t.startswith(("-n", "--number"))]
        if len(values) == 1:
            value = values[0].strip("\"'").rpartition("/")[2]
            number = script_values(script).of(value) if value.startswith("$") else value
            return int(number) if number.isdecimal() and len(number) < 7 else 0
    return 0


def _operands(script: Script, alias: str) -> int:
    """The number of words in `set -- a b c` before `shift $INDEX`; 0 if the script does not choose so."""
    from joblint.shell.syntax import commands

    words = 0
    for command in commands(script.statements):
        if command.words[:2] == ("set", "--") and all(command.words) and not words:
            words = len(command.words) - 2
        elif command.words[:1] == ("shift",) and len(command.texts) > 1:
            return words if command.texts[1].strip("\"'${}") == alias else 0
    return 0


def _of_awk(script: Script) -> int:
    """The number in `awk -v i=$INDEX 'NR % 10 == i'`; 0 if there is none."""
    from joblint.shell.syntax import commands
    from joblint.shell.weight import program

    for command in commands(script.statements, functions=True):
        if program(command)[0] in ("awk", "gawk", "mawk") and INDEX_NAMES[0] in command.text:
            text = "".join(command.text.split())
            digits = text.partition("NR%")[2]
            number = digits[: len(digits) - len(digits.lstrip("0123456789"))]
            if number and digits[len(number) :].startswith("=="):
                return int(number[:7])
    return 0


def _cases(script: Script, alias: str) -> int:
    """The number of branches of a `case $INDEX` that are numbered from 0, without one for all others; 0 for any other case."""
    from joblint.shell.syntax import Case, children

    left: list[Node] = [script.statements]
    while left:
        node = left.pop()
        if isinstance(node, Case) and node.word.strip("\"'${}") == alias:
            patterns = [script.text[b.start : b.end].partition(")")[0].strip(" (\"'") for b in node.bodies]
            numbers = sorted(p for p in patterns if p.isdecimal())
            whole = len(numbers) == len(patterns) > 1 and set(numbers) == {str(n) for n in range(len(patterns))}
            return len(patterns) if whole else 0
        left.extend(children(node))
    return 0


def _modulus(text: str, alias: str) -> int:
    """The number in `% 8 = $INDEX` or `% 8)) -eq $INDEX`; 0 if there is none."""
    at = text.find("$" + alias)
    at = text.find("${" + alias) if at < 0 else at
    if at < 0:
        return 0
    before = text[max(0, at - 60) : at].rstrip("\"' ")
    sign = next((end for end in ("-eq", "==", "=") if before.endswith(end)), "")
    before = before[: len(before) - len(sign)].rstrip(") \"'") if sign else ""
    rest = before.rstrip("0123456789")
    digits = before[len(rest) :]
    return int(digits) if rest.rstrip().endswith("%") and 0 < len(digits) < 7 else 0
