"""Conditions whose result never changes: `[ "$A"="b" ]`, `[ "$A" != x ] || [ "$A" != y ]`, `[ -n $A ]`, `[ grep … ]`."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.syntax import AndOr, Command, children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.shell.syntax import Node

_PROGRAMS = names("grep kubectl curl test which command pgrep psql mysql redis-cli ping nc aws jq cat ls find docker helm")
_NUMBERS = names("-eq -ne -gt -ge -lt -le")
_COMPARES = names("= == !=")
_JOINS = names("-a -o && ||")


_COMPARE = '"$NAME" = value'


def condition_never_changes(s: Subject) -> Iterator[Hit]:
    """A test that is always true or always false; one finding for each script."""
    for script in s.scripts:
        if "[" not in script.text and "test " not in script.text:
            continue
        left: list[Node] = [script.statements]
        while left:
            node = left.pop()
            found = None
            if isinstance(node, Command):
                found = _constant(node.text)
            elif isinstance(node, AndOr):
                found = _both(node)
            if found is not None:
                result, why, better = found
                yield script_hit(
                    s,
                    script,
                    node.start,
                    node.end,
                    test=short(script.text[node.start : node.end]),
                    result=result,
                    why=why,
                    better=better,
                )
                break
            if not isinstance(node, Command):
                left.extend(reversed(children(node)))


def _constant(text: str) -> tuple[str, str, str] | None:
    """What a test always is, why, and a better spelling; None if its result may change or it is not a test."""
    double = text.startswith("[[ ") and text.endswith(" ]]")
    if double:
        inside = text[3:-3]
    elif text.startswith("[ ") and text.endswith(" ]"):
        inside = text[2:-2]
    elif text.startswith("test "):
        inside = text[5:]
    else:
        return None
    tokens = tokens_of(inside)
    if not tokens:
        return None
    opening, closing = ("[[ ", " ]]") if double else ("test ", "") if text.startswith("test ") else ("[ ", " ]")
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token in _JOINS:
            parts.append([])
        else:
            parts[-1].append(token)
    for part in parts:
        if part[:1] == ["!"] and len(part) > 1:
            part = part[1:]
        found = _of_part(part, double, len(parts) > 1)
        if found is not None:
            result, why, better = found
            if len(parts) > 1 and not ("||" in tokens or "-o" in tokens) and result == "true":
                continue
            whole = better.startswith(("if ", "case ", "Write "))  # not what is between the brackets
            if better == _COMPARE and len(parts) > 1:
                better = _with_comparison(tokens, part[0])
            return result, why, f"{opening}{better}{closing}" if better and not whole else better
    return _opposite(parts) if "||" in tokens or "-o" in tokens else None


def _with_comparison(tokens: list[str], bare: str) -> str:
    """The test in which a value that is alone is compared like the one before it: `"$A" == x || "$A" == y`."""
    at = tokens.index(bare)
    one, sign = tokens[at - 4 : at - 2] if at >= 4 else ("", "")
    if sign not in ("=", "=="):
        return _COMPARE
    return " ".join([*tokens[:at], one, sign, *tokens[at:]])


def _of_part(part: list[str], double: bool, one_of: bool) -> tuple[str, str, str] | None:
    first = part[0] if part else ""
    if len(part) == 1:
        for sign in ("!=", "==", "="):
            before, found, after = _split(first, sign)
            if found and before and after and "$" in before:
                return (
                    "true",
                    f"without spaces around {sign}, it is a single string that is not empty",
                    f"{before} {sign} {after}",
                )
        bare = first.strip("\"'")
        if one_of and "$" not in first and bare and not first.startswith("-"):
            return "true", f"`{first}` alone is a string that is not empty", _COMPARE
        if bare in ("false", "0", "no"):
            return "true", f"`{first}` is a string that is not empty", _COMPARE
        return None
    if len(part) == 2 and first == "-n" and part[1].startswith("$") and not double and not part[1].startswith("$(("):
        if part[1].startswith("$(") or part[1].strip("${}").replace("_", "").isalnum():
            return "true", f"without quotes around {_name(part[1])}, an empty value leaves `-n` alone", f'-n "{part[1]}"'
    if first in _PROGRAMS and len(part) > 1 and part[1] not in _NUMBERS and part[1] not in _COMPARES and not double:
        return (
            "false",
            f"[ does not run {first}: it reads the words as operands of the test",
            f"if {first} …; then    without brackets",
        )
    if len(part) == 3:
        one, sign, two = part
        bare = two.strip("\"'")
        if sign in _NUMBERS and bare and not bare.lstrip("-+").isdigit() and "$" not in two and "`" not in two and bare.isalnum():
            if double and bare.isidentifier() and two == bare:
                return None  # the name of a variable
            better = f"{one} {'=' if sign == '-eq' else '!=' if sign == '-ne' else sign} {two}"
            return (
                "false",
                f"{sign} compares numbers, and {bare} is not one",
                better if sign in ("-eq", "-ne") else f"Write a number after {sign}.",
            )
        if sign in _COMPARES and "$" in one and bare.endswith("*") and "$" not in two and len(bare) > 1:
            if not double:
                return (
                    ("true" if sign == "!=" else "false"),
                    f"[ compares with the string {bare}, not with a pattern",
                    f"case {one} in {bare}) … ;; esac",
                )
            if two[0] in "\"'" and two[-1] == two[0] and two.count(two[0]) == 2:  # not `"parse error"*`
                return (
                    ("true" if sign == "!=" else "false"),
                    f"in quotes, {bare} is a string, not a pattern",
                    f"{one} {sign} {bare}",
                )
    return None


def _name(text: str) -> str:
    return "the substitution" if text.startswith("$(") else text


def _split(token: str, sign: str) -> tuple[str, str, str]:
    """A token before and after a sign that is outside of quotes and of `${…}`, `$(…)`."""
    quote, depth = "", 0
    for at, char in enumerate(token):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "({":
            depth += 1
        elif char in ")}":
            depth -= 1
        elif not depth and token.startswith(sign, at):
            return token[:at], sign, token[at + len(sign) :]
    return token, "", ""


def _both(node: AndOr) -> tuple[str, str, str] | None:
    """`[ "$A" != x ] || [ "$A" != y ]`: one of them is always true."""
    if node.operator != "||" or not isinstance(node.left, Command) or not isinstance(node.right, Command):
        return None
    parts = []
    for command in (node.left, node.right):
        text = command.text
        if not text.startswith("["):
            return None
        parts.append(tokens_of(text.strip("[] ")))
    return _opposite(parts)


def _opposite(parts: list[list[str]]) -> tuple[str, str, str] | None:
    seen: dict[str, str] = {}
    for part in parts:
        if len(part) != 3 or part[1] != "!=" or "$" not in part[0] or "$" in part[2]:
            return None
        name, value = part[0].strip('"'), part[2].strip("\"'")
        if name in seen and seen[name] != value:
            return "true", f"{name} always differs from {seen[name]} or from {value}", "&& instead of ||"
        if seen and name not in seen:
            return None
        seen[name] = value
    return None


def tokens_of(text: str) -> list[str]:
    """Return the words of a test as written: spaces in quotes and in substitutions do not separate them."""
    found: list[str] = []
    word = ""
    within: list[str] = []  # the quotes and brackets that are open
    for at, char in enumerate(text):
        top = within[-1] if within else ""
        if char in " \t\n" and not within:
            if word:
                found.append(word)
            word = ""
            continue
        word += char
        before = text[at - 1 : at]
        if top in ("'", "`"):
            if char == top:
                within.pop()
        elif char == '"' and before != "\\":
            if top == '"':
                within.pop()
            else:
                within.append(char)
        elif char in "({" and before == "$" or char == "(" and top == "(":
            within.append(char)
        elif char == ")" and top == "(" or char == "}" and top == "{":
            within.pop()
        elif char in "'`" and top != '"':
            within.append(char)
    if word:
        found.append(word)
    return found
