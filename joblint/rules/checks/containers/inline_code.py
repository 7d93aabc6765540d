"""The programs that a container contains as text: Python of `python -c`, JavaScript of `node -e`, Ruby, Perl and PHP likewise."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.rules.checks.containers.clients import calls_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.subject import Subject

_MOST = 20_000  # characters: a longer text is not a script on a command line
_LANGUAGES = {"node": "node", "bun": "node", "ruby": "ruby", "perl": "perl", "php": "php"}
_OPTIONS = {"python": ("-c",), "node": ("-e", "--eval", "-p", "-pe"), "php": ("-r",)}


class Code(Record):
    """The code that an interpreter gets, in which language, and the call; in `folded`, YAML has joined the lines."""

    language: str
    text: str
    called: Called
    folded: bool = False


def codes_of(s: Subject, index: int) -> Iterator[Code]:
    """Yield the code that a container passes to Python or Node.js, in options or here-documents, if all of it is known."""
    for called in calls_of(s, index):
        language = "python" if called.name.startswith("python") else _LANGUAGES.get(called.name, "")
        if not language:
            continue
        options = _OPTIONS.get(language, ("-e",))
        at = next((i for i, word in enumerate(called.rest[:6]) if word in options), -1)
        text = called.rest[at + 1] if 0 <= at < len(called.rest) - 1 else _of_heredoc(called) if at < 0 else ""
        if 0 < len(text) <= _MOST and "{{" not in text and "$(" not in text:
            yield Code(language, text, called, called.script is None and _is_folded(s, called, text))


def _is_folded(s: Subject, called: Called, text: str) -> bool:
    field = next((f for w, f in _words(s) if w == text), called.field)
    return s.document.style(s.prefix + field) == "folded"


def _words(s: Subject) -> Iterator[tuple[str, str]]:
    for run in s.runs:
        yield from zip(run.words, run.fields, strict=False)


def _of_heredoc(called: Called) -> str:
    """The text of `python3 - <<'EOF'`; "" if the shell expands something in it."""
    if called.script is None or called.command is None or any(w not in ("-", "") for w in called.rest):
        return ""
    import re  # here, because many images are called python, and few commands pass code

    heredoc = re.compile(r"""^<<-?\s{0,3}(["']?)(\w{1,40})\1$""")
    found = next((m for r in called.command.redirects if (m := heredoc.match(r.strip()))), None)
    if found is None:
        return ""
    script, mark = called.script.text, found[2]
    begin = script.find("\n", called.command.start) + 1
    at = script.find(mark, begin) if begin else -1
    while at >= 0 and _line_at(script, at).strip("\t") != mark:
        at = script.find(mark, at + 1)
    text = script[begin : script.rfind("\n", 0, at) + 1].rstrip("\n") if at >= 0 else ""
    return text + "\n" if text and (found[1] or "$" not in text and "`" not in text and "\\" not in text) else ""


def _line_at(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : end if end >= 0 else len(text)]


def parsed(text: str) -> ast.Module | None:
    """Return the tree of Python; None if this Python cannot parse it."""
    try:
        return parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def parse(text: str) -> ast.Module:
    """Return the syntax tree of a program in Python. Raises SyntaxError."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escape sequences, which are not joblint's own
        return ast.parse(text)
