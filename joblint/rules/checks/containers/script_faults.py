"""Scripts that no shell can read: unclosed constructs, unexpected words, here-documents without an end."""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit, short
from joblint.shell.faults import fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script
    from joblint.shell.lexer import Fault

_SHELLS = ("sh", "bash", "dash", "ash")
_CLOSE = {"'": "the quote '", '"': 'the quote "', "`": "the backquote `", "${": "`${`"}
_OPENED_BY = {"fi": "if", "then": "if", "else": "if", "elif": "if", "done": "do", "do": "while or for", "esac": "case", "}": "{"}


def script_cannot_be_read(s: Subject) -> Iterator[Hit]:
    """The first syntax error of a script at which every shell stops; one finding for each script."""
    for script in s.scripts:
        if script.shell not in _SHELLS:
            continue
        found = fault(script.text)
        if found is None:
            continue
        end = script.text.find("\n", found.start)
        end = len(script.text) if end < 0 else end
        joined = found.what != "here" and s.document.style(s.prefix + script.field) == "folded"
        yield script_hit(
            s,
            script,
            found.start if found.start < end else max(0, script.text.rstrip().rfind("\n") + 1),
            end,
            problem=_problem(script, found),
            effect=_effect(script, found),
            advice="Use `|` instead of `>`: it keeps the line breaks." if joined else _advice(found),
            because=_HERE if found.what == "here" else _JOINED if joined else _READING,
            mark="no end found" if found.what == "here" else "the shell stops here",
        )


_READING = "A shell reads a script line by line and stops at the first syntax error."
_JOINED = "In a scalar that begins with `>`, YAML joins the lines with spaces: the shell gets a single line."
_HERE = "A here-document ends only at a line that contains its delimiter and nothing else, not even a space."


def _problem(script: Script, found: Fault) -> str:
    if found.what == "unclosed":
        return f"{_CLOSE[found.text].replace('the', 'The', 1)} is never closed"
    if found.what == "open":
        return f"`{found.text}` has no {_quoted(found.missing)}"
    if found.what == "here":
        why = f"The line {found.text} has extra spaces" if found.indented else "No line ends the here-document"
        return f"{why}, so the here-document does not end there" + (
            f" and contains {_quoted(found.missing)}" if found.missing else ""
        )
    if not found.text:
        return "The script ends where a command must follow"
    opener = _OPENED_BY.get(found.text)
    line = script.text[script.text.rfind("\n", 0, found.start) + 1 :].partition("\n")[0]
    if found.missing and found.text != found.missing:
        return f"Unexpected `{found.text}`, expected `{found.missing}`: `{short(line)}`"
    if opener:
        return f"Unexpected `{found.text}` without `{opener}`: `{short(line)}`"
    if found.text == "the end of the line":
        return f"Unexpected end of the line, expected a word: `{short(line)}`"
    return f"Unexpected `{found.text}`: `{short(line)}`"


def _quoted(text: str) -> str:
    return text if " " in text else f"`{text}`"


def _effect(script: Script, found: Fault) -> str:
    if found.what == "here" and not found.missing:
        lines = "the line" if found.swallowed == 1 else f"the {found.swallowed} lines"
        return (
            f"{lines} after it are input of the command and are not run"
            if found.swallowed > 1
            else ("the line after it is input of the command and is not run")
        )
    if found.what == "here":
        return "every attempt fails with exit code 2"
    return f"{script.shell} stops here, and every attempt fails with exit code 2"


def _advice(found: Fault) -> str:
    if found.what == "unclosed":
        return (
            f"Add the closing {found.text if found.text != '${' else '}'} where the text ends."
            if found.text != "'"
            else "Add the closing ' where the text ends; write '\\'' for a ' inside '…'."
        )
    if found.what == "here":
        return f"Indent the line {found.text} like the first line of the script, with nothing after it."
    if found.what == "open":
        return f"Add {_quoted(found.missing)}."
    if found.text in _OPENED_BY:
        return "Keep the line breaks of the script (`|`, not `>`), or write `;` before it."
    return "Remove it, quote it, or add what is missing before it."
