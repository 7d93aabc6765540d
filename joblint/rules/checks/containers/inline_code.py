"""The Python of `python -c` and the JavaScript of `node -e`: errors of syntax, and failures that it does not pass on."""

from __future__ import annotations

import re

from joblint.base.record import Record
from joblint.rules.checks.containers.clients import call_hit, calls_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_MOST = 20_000  # characters: a longer text is not a script on a command line
_HEREDOC = re.compile(r"""^<<-?\s{0,3}(["']?)(\w{1,40})\1$""")


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
    found = next((m for r in called.command.redirects if (m := _HEREDOC.match(r.strip()))), None)
    if found is None:
        return ""
    lines = called.script.text[called.command.start :].split("\n")[1:]
    end = next((i for i, line in enumerate(lines) if line.strip("\t") == found[2]), 0)
    text = "\n".join(lines[:end])
    return text + "\n" if end and (found[1] or "$" not in text and "`" not in text and "\\" not in text) else ""


def parsed(text: str) -> ast.Module | None:
    """Return the tree of Python; None if this Python cannot parse it."""
    try:
        return _parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parse(text: str) -> ast.Module:
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escape sequences, which are not joblint's own
        return ast.parse(text)


def inline_code_unreadable(s: Subject) -> Iterator[Hit]:
    """A syntax error that any version of the language reports; one finding for each container."""
    for i, _ in enumerate(s.containers):
        for code in codes_of(s, i):
            found = _python_error(code) if code.language == "python" else None
            found = _node_error(code.text) if code.language == "node" else found
            if found:
                line, error, better = found
                yield call_hit(s, code.called, program=code.called.name, line=line, error=error, better=better)
                break


_CERTAIN = (
    *("expected an indented block", "unexpected indent", "unindent does not match", "was never closed", "unmatched '"),
    *("unterminated string literal", "expected ':'", "does not match opening parenthesis"),
)
_COMPOUND = re.compile(r"(?:for|while|if|with|def|class|try)\b")


def _python_error(code: Code) -> tuple[int, str, str] | None:
    """The line, Python's message, and what to write instead; None for what may be valid in another version."""
    text = code.text
    if code.called.name == "python2" or "f'" in text or 'f"' in text:
        return None
    try:
        _parse(text)
    except SyntaxError as error:
        line, message = error.lineno or 1, error.msg.partition(" on line ")[0].partition(" after ")[0]
        kind = type(error).__name__
        if any(mark in error.msg for mark in _CERTAIN):
            return line, f"{kind}: {message}", "a literal block (|), in which each line keeps its indentation"
        row, at = (error.text or "").rstrip("\n"), (error.offset or 1) - 1
        if error.msg == "invalid syntax" and _COMPOUND.match(row, at) and row[:at].rstrip().endswith(";"):
            return line, f"{kind}: invalid syntax", f"`{row[at:].split()[0]}` on a line of its own: it cannot follow a semicolon"
        if error.msg == "invalid syntax" and code.folded and "\n" not in text.strip():
            return line, f"{kind}: invalid syntax", "| instead of >, which joins the lines"
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


_PAIRS = {")": "(", "]": "[", "}": "{"}


def _node_error(text: str) -> tuple[int, str, str] | None:
    """A bracket that is not closed, or closed twice; None where a regular expression or a template makes that uncertain."""
    opened: list[tuple[str, int]] = []
    quote, at = "", 0
    while at < len(text):
        char = text[at]
        if quote:
            if char == "\\":
                at += 1
            elif char == quote or char == "\n":
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in "`/":
            return None
        elif char in "([{":
            opened.append((char, text.count("\n", 0, at) + 1))
        elif char in _PAIRS:
            if not opened or opened.pop()[0] != _PAIRS[char]:
                return text.count("\n", 0, at) + 1, f"SyntaxError: Unexpected token '{char}'", f"the `{_PAIRS[char]}` for it"
        at += 1
    if quote or not opened:
        return None
    closing = {v: k for k, v in _PAIRS.items()}[opened[-1][0]]
    return opened[-1][1], "SyntaxError: Unexpected end of input", f"the missing `{closing}`"


def inline_result_ignored(s: Subject) -> Iterator[Hit]:
    """A command or a request in the code whose failure is lost; one finding for each container."""
    for i, container in enumerate(s.containers):
        if container.role == "sidecar":
            continue
        for code in codes_of(s, i):
            if code.language == "python":
                found = _lost_in_python(code.text)
            elif code.language == "node":
                found = _lost_in_node(code.text)
            else:
                found = _lost_in_system(code.language, code.text)
            if found:
                yield call_hit(s, code.called, what=found[0], why=found[1], better=found[2])
                break


_RUNS = {"ruby": ("system(", "system "), "perl": ("system(", "system "), "php": ("exec(", "system(", "passthru(")}
_NOTICED = ("exit", "die", "abort", "raise", "throw", "exception:", "== 0", "$?", "if ", "unless ", "&&", "||", "return")


def _calls(text: str, name: str) -> bool:
    """Whether a name in a program is one by itself, not the end of another one."""
    before = [text[at - 1 : at] for at in range(len(text)) if text.startswith(name, at)]
    return any(not char or char.isspace() or char in ";{(" for char in before)


def _lost_in_system(language: str, text: str) -> tuple[str, str, str] | None:
    """`system("work")` in Ruby, Perl or PHP, where nothing looks at its result."""
    call = next((c for c in _RUNS[language] if _calls(text, c)), "")
    if not call or any(mark in text for mark in _NOTICED):
        return None
    better = {"ruby": "system(…, exception: true)", "perl": "system(…) == 0 or die", "php": "passthru(…, $code); exit($code);"}
    return (
        f"`{call.rstrip(' (')}(…)` ignores the exit code of its command",
        _EXIT_CODE.replace("sys.exit()", "exit"),
        better[language],
    )


_TIDY = ("rm ", "mkdir", "echo", "sleep", "kill", "pkill", "true", "ls", "cat", "clear", "chmod", "touch")
_VERBS = ("get", "post", "put", "patch", "request")
_EXIT_CODE = "A program ends with 0 unless an error or sys.exit() ends it."
_HTTP = "An HTTP error such as 500 is a response like any other: the library raises no error, and the exit code is 0."


def _lost_in_python(text: str) -> tuple[str, str, str] | None:
    if not any(mark in text for mark in ("subprocess", "os.system", "requests.", "httpx.")):
        return None
    import ast

    tree = parsed(text)
    if tree is None:
        return None
    guarded = {id(n) for t in ast.walk(tree) if isinstance(t, (ast.Try, ast.While)) for n in ast.walk(t)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in ("sys.exit", "exit", "quit") and node.args:
            inner = node.args[0]
            if isinstance(inner, ast.Call) and _called(inner) == "os.system":
                why = "os.system returns 256 for exit code 1, and an exit code is what remains after division by 256: 0."
                return f"`{_called(node)}(os.system(…))` ends with 0", why, "sys.exit(subprocess.call(…, shell=True))"
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = _called(node.value)
            checked = any(k.arg == "check" or k.arg is None for k in node.value.keywords)
            if name == "os.system" and not _is_tidy(node.value):
                better = "subprocess.run(…, shell=True, check=True)"
                return "`os.system(…)` ignores the exit code of its command", _EXIT_CODE, better
            if name in ("subprocess.run", "subprocess.call") and not checked and not _is_tidy(node.value):
                return f"`{name}(…)` ignores the exit code of its command", _EXIT_CODE, "subprocess.run(…, check=True)"
        call = node.value if isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Call) else None
        library, _, verb = _called(call).partition(".") if call is not None else ("", "", "")
        if library in ("requests", "httpx") and verb in _VERBS and "raise_for_status" not in text:
            target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
            if isinstance(node, ast.Expr) or isinstance(target, ast.Name) and not _is_read(tree, target.id):
                name = target.id if isinstance(target, ast.Name) else "response"
                return f"`{library}.{verb}(…)` accepts HTTP errors", _HTTP, f"{name}.raise_for_status()"
    return None


def _called(call: ast.Call) -> str:
    """The dotted name of what a call calls; "" for anything else."""
    import ast

    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return ""


def _is_tidy(call: ast.Call) -> bool:
    """Whether a command tidies up or prints, so that its failure changes nothing."""
    import ast

    first = call.args[0] if call.args else None
    if isinstance(first, (ast.List, ast.Tuple)) and first.elts:
        first = first.elts[0]
    value = first.value if isinstance(first, ast.Constant) else ""
    return isinstance(value, str) and (value + " ").startswith(_TIDY)


def _is_read(tree: ast.Module, name: str) -> bool:
    """Whether anything but print uses a variable."""
    import ast

    printed = {id(n) for c in ast.walk(tree) if isinstance(c, ast.Call) and _called(c) == "print" for n in ast.walk(c)}
    return any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) and id(n) not in printed for n in ast.walk(tree)
    )


_CALLBACK = re.compile(r"\bexec(?:File)?\([^()]{1,300},\s{0,9}(?:function\s{0,3})?\((\w{1,40})\b")
_CHANGES = re.compile(r"""method\s{0,3}:\s{0,3}["'](?:POST|PUT|PATCH|DELETE)""")
_CHECKED = ("throw", "exit", "reject", "assert", ".ok", "statusCode")


def _lost_in_node(text: str) -> tuple[str, str, str] | None:
    callback = _CALLBACK.search(text)
    if callback and re.split(r"\W+", text).count(callback[1]) == 1:
        return "The callback of `exec(…)` ignores its error", _EXIT_CODE.replace("sys.exit()", "exit()"), "execSync(…)"
    if "fetch(" not in text or any(mark in text for mark in _CHECKED):
        return None
    shown = re.sub(r"console\.\w{1,9}\([^()]{0,200}(?:\([^()]{0,100}\))?[^()]{0,100}\)", "", text)
    if ".status" in shown or not _CHANGES.search(text) and any(mark in shown for mark in (".json(", ".text(", ".blob(", ".body")):
        return None
    return "`fetch(…)` accepts HTTP errors", _HTTP.replace("the library", "fetch"), "if (!response.ok) process.exit(1)"
