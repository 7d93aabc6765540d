"""How many iterations a loop has, by its list, its counter or its clock; uses the records of `syntax`."""

from __future__ import annotations

from joblint.shell.syntax import commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.shell.syntax import Loop, Node

_BELOW = {"-lt": 0, "-le": 1, "-ne": 0, "<": 0, "<=": 1, "!=": 0}
_ABOVE = {"-ge": 0, "-gt": 1, "-eq": 0, "=": 0, "==": 0, ">=": 0, ">": 1}
_DOWN = {"-gt": 0, "-ge": 1, "-ne": 0, ">": 0, ">=": 1, "!=": 0}
_DOWN_TO = {"-le": 0, "-lt": 1, "-eq": 0, "<=": 0, "<": 1, "=": 0, "==": 0}
_MOST = 10_000_000


def value_of(text: str, env: dict[str, str]) -> str | None:
    """Return the value of a word as written: a literal, `$VAR`, `${VAR}`, `${VAR:-60}`, quoted or not; None if it is known only
    at run time."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        if text[0] == "'":
            return text[1:-1]
        text = text[1:-1]
    if "$" not in text and "`" not in text:
        return text
    unit = ""
    if text.endswith(("s", "m")) and text[:-1].endswith("}"):
        text, unit = text[:-1], text[-1]
    name, default = "", None
    if text.startswith("${") and text.endswith("}"):
        name = text[2:-1]
        for sign in (":-", ":=", "-", "="):
            if sign in name:
                name, _, default = name.partition(sign)
                break
    elif text.startswith("$"):
        name = text[1:]
    if not name.replace("_", "").isalnum():
        head, _, tail = text.partition("$")
        if head and tail.strip("{}").replace("_", "").isalnum():  # --timeout=$LIMIT
            found = env.get(tail.strip("{}"))
            return head + found if found is not None and "$" not in found else None
        return None
    found = env.get(name)
    if found is None or "$" in found or "`" in found:
        found = default
    if found is None:
        return None
    if "$" in found:
        return None
    return found + unit


def _number(text: str, env: dict[str, str]) -> int | None:
    found = value_of(text.strip("\"' "), env)
    if found is None or not found.lstrip("-").isdecimal() or len(found) > 9:
        return None
    return int(found)


def rounds_of(node: Loop, env: dict[str, str]) -> int | None:
    """Return the maximum number of iterations; None if the text does not limit it."""
    if node.kind == "select":
        return None
    if node.kind == "for":
        return _of_list(node.head, env)
    found = _of_condition(node, env)
    return found if found is not None else _of_body(node, env)


def counts_in_condition(node: Loop, env: dict[str, str]) -> bool:
    """Whether the condition is only the counter: then the loop has that many iterations if nothing in it leaves it."""
    parts = node.condition.parts if node.condition is not None else ()
    alone = len(parts) == 1 and getattr(parts[0], "words", ())[:1] in (("[",), ("test",))
    return alone and _of_condition(node, env) is not None


def _of_list(head: str, env: dict[str, str]) -> int | None:
    if "((" in head:
        return _of_c(head, env)
    _, sign, words = head.partition(" in ")
    if not sign:
        return None
    words = words.split("#", 1)[0].strip().rstrip(";").strip()
    if words.startswith(("$(seq ", "`seq ", '"$(seq ')):
        inner = words.lstrip('"$(`').rstrip('")`').split()[1:]
        numbers = [_number(w, env) for w in inner]
        if None in numbers or not 1 <= len(numbers) <= 3:
            return None
        n = [x for x in numbers if x is not None]
        first, step, last = (1, 1, n[0]) if len(n) == 1 else (n[0], 1, n[1]) if len(n) == 2 else (n[0], n[1], n[2])
        return max(0, (last - first) // step + 1) if step else None
    total = 0
    for word in words.split():
        if word.startswith("{") and ".." in word and word.endswith("}"):
            ends = [_number(w, {}) for w in word[1:-1].split("..")]
            if len(ends) != 2 or ends[0] is None or ends[1] is None:
                return None
            total += abs(ends[1] - ends[0]) + 1
        elif any(sign in word for sign in "$`*?{["):
            return None
        else:
            total += 1
    return total


def _of_c(head: str, env: dict[str, str]) -> int | None:
    parts = head[head.find("((") + 2 :].rstrip().rstrip(";").rstrip().rstrip(")").split(";")
    if len(parts) != 3:
        return None
    start = parts[0].partition("=")[2].strip()
    first = _number(start, env)
    for sign in ("<=", "<", ">=", ">"):
        if sign in parts[1]:
            last = _number(parts[1].partition(sign)[2].strip(), env)
            if first is None or last is None:
                return None
            step = 1
            if "+=" in parts[2] or "-=" in parts[2]:
                step = _number(parts[2].partition("=")[2], env) or 1
            size = abs(last - first) + (1 if "=" in sign else 0)
            return max(0, -(-size // abs(step)))
    return None


def _tests(node: Node) -> list[tuple[str, str, str]]:
    """Comparisons such as `[ $i -lt 60 ]` and `(( i < 60 ))` below a node, as written: left, operator, right."""
    found = []
    for command in commands(node):
        if not command.words or command.words[0] not in ("[", "test"):
            continue
        text = command.text.strip().replace("$(date +%s)", "$SECONDS").replace("`date +%s`", "$SECONDS")
        if text.startswith("(("):
            inside = text[2:].rstrip(")")
            for sign in ("<=", ">=", "==", "!=", "<", ">"):
                if sign in inside:
                    left, _, right = inside.partition(sign)
                    found.append(("$" + left.strip().lstrip("$").removesuffix("++"), sign, right.strip()))
                    break
            continue
        words = text.replace("[[", " ").replace("]]", " ").replace("[", " ").replace("]", " ").split()
        if words[:1] == ["test"]:
            words = words[1:]
        found.extend([(words[i - 1], w, words[i + 1]) for i, w in enumerate(words) if w[:1] == "-" and 0 < i < len(words) - 1])
        if len(words) == 3 and words[1] in ("=", "==", "!="):
            found.append((words[0], words[1], words[2]))
    return found


def _name(text: str) -> str:
    text = text.strip("\"'")
    inner = text[2:-1] if text.startswith("${") and text.endswith("}") else text[1:] if text.startswith("$") else ""
    return inner if inner.replace("_", "").isalnum() else ""


def _amount(text: str, env: dict[str, str]) -> int | None:
    """The number that is added in an arithmetic expression: `5`, `INTERVAL`, `$INTERVAL`, `${INTERVAL}`."""
    text = text.strip("${}\"'")
    found = text if text.isdecimal() else env.get(text, "").strip("\"'")
    return int(found) if found.isdecimal() and len(found) < 10 else None


def _step(node: Loop, name: str, env: dict[str, str]) -> int | None:
    """By how much a variable grows in each iteration; negative if it shrinks; None if that is not known."""
    for command in [*commands(node.body), *(commands(node.condition) if node.condition is not None else ())]:
        text = "".join(command.text.split())
        for assign in command.assigns:
            left, _, right = assign.partition("=")
            if left.rstrip("+") != name:
                continue
            plain = "".join(right.split()).replace("${" + name + "}", name).replace("$" + name, name)
            for opening in (f"$(({name}", f"`expr{name}", f"$(expr{name}", f"$[{name}"):
                if plain.startswith(opening):
                    sign, number = plain[len(opening) : len(opening) + 1], plain[len(opening) + 1 :].rstrip(")`]")
                    amount = _amount(number, env) if sign in ("+", "-") else None
                    return amount if amount is None or sign == "+" else -amount
        if command.words[:1] in (("let",), ("[",), (":",)) or text.startswith("(("):
            if f"{name}++" in text or f"++{name}" in text or f"{name}+=1" in text:
                return 1
            if f"{name}--" in text or f"--{name}" in text or f"{name}-=1" in text:
                return -1
            if f"{name}+=" in text:
                return _amount(text.partition(f"{name}+=")[2].rstrip(")\"'"), env)
            if command.words[:1] == (":",) and f"$(({name}={name}+1))" in text.replace("$" + name, name):
                return 1
    return None


def _count(left: str, operator: str, right: str, node: Loop, env: dict[str, str], going_on: bool) -> int | None:
    name = _name(left)
    limit = _number(right, env)
    if not name or limit is None:
        return None
    step = _step(node, name, env)
    start = _number(env.get(name, ""), {})
    if not step or start is None:
        return None
    if step < 0:
        down = _DOWN if going_on else _DOWN_TO
        return min(max(0, -(-(start - limit + down[operator]) // -step)), _MOST) if operator in down else None
    table = _BELOW if going_on else _ABOVE
    if operator not in table:
        return None
    return min(max(0, -(-(limit + table[operator] - start) // step)), _MOST)


def _of_condition(node: Loop, env: dict[str, str]) -> int | None:
    if node.condition is None:
        return None
    for left, operator, right in _tests(node.condition):
        found = _count(left, operator, right, node, env, node.kind == "while")
        if found is not None:
            return found
    return None


def _of_body(node: Loop, env: dict[str, str]) -> int | None:
    """A counter that the body itself checks before it leaves: `[ $n -ge 60 ] && exit 1`; also the end of a condition such as
    `until work || [ $n -eq 0 ]`."""
    from joblint.shell.syntax import AndOr, If

    left: list[Node] = list(node.body.parts)
    while left:
        part = left.pop()
        asked = None
        if isinstance(part, AndOr) and part.operator == "&&" and _leaves(part.right):
            asked, going_on = part.left, False
        elif isinstance(part, AndOr) and part.operator == "||" and _leaves(part.right):
            asked, going_on = part.left, True
        elif isinstance(part, If) and _leaves(part.clauses[0][1]):
            asked, going_on = part.clauses[0][0], False
        if asked is not None:
            for one in _tests(asked):
                found = _count(*one, node, env, going_on)
                if found is not None:
                    return found
        if isinstance(part, If):
            left.extend([p for _, body in part.clauses for p in body.parts])
            left.extend(part.otherwise.parts if part.otherwise is not None else ())
    return None


def _leaves(node: Node) -> bool:
    return any(c.words[:1] in (("exit",), ("break",), ("return",), ("die",), ("fail",)) for c in commands(node))


def seconds_left(node: Loop, env: dict[str, str]) -> int | None:
    """Return the seconds until a loop's time limit: `while [ $SECONDS -lt 300 ]`, `end=$(($(date +%s) + 300))`; None for
    others."""
    places = [node.condition] if node.condition is not None else []
    for place in (*places, node.body):
        for left, operator, right in _tests(place):
            if "SECONDS" in left:
                limit = _number(right, env)
                if limit is None:
                    limit = _clock(env.get(_name(right), ""))
            elif "date" in left or _has_clock(env.get(_name(left), "")):
                limit = _clock(env.get(_name(right), "")) or (_number(right, env) if _has_clock(left) else None)
            else:
                continue
            if limit is not None and operator in (*_BELOW, *_ABOVE):
                return limit
    return None


def _has_clock(text: str) -> bool:
    return "SECONDS" in text or "date +%s" in text


def _clock(text: str) -> int | None:
    if not _has_clock(text):
        return None
    tail = "".join(text.split()).replace("date+%s", "").rpartition("+")[2].rstrip(")`\"'")
    return int(tail) if tail.isdecimal() and len(tail) < 10 else None
