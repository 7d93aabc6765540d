"""Programs as text that ignore the failure of a command or of a request, so that the container succeeds."""

from __future__ import annotations

from joblint.rules.checks.containers.clients import call_hit
from joblint.rules.checks.containers.inline_code import codes_of, parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


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


_CHECKED = ("throw", "exit", "reject", "assert", ".ok", "statusCode")


def _lost_in_node(text: str) -> tuple[str, str, str] | None:
    import re

    callback = re.search(r"\bexec(?:File)?\([^()]{1,300},\s{0,9}(?:function\s{0,3})?\((\w{1,40})\b", text)
    if callback and re.split(r"\W+", text).count(callback[1]) == 1:
        return "The callback of `exec(…)` ignores its error", _EXIT_CODE.replace("sys.exit()", "exit()"), "execSync(…)"
    if "fetch(" not in text or any(mark in text for mark in _CHECKED):
        return None
    shown = re.sub(r"console\.\w{1,9}\([^()]{0,200}(?:\([^()]{0,100}\))?[^()]{0,100}\)", "", text)
    changes = re.search(r"""method\s{0,3}:\s{0,3}["'](?:POST|PUT|PATCH|DELETE)""", text)
    if ".status" in shown or not changes and any(mark in shown for mark in (".json(", ".text(", ".blob(", ".body")):
        return None
    return "`fetch(…)` accepts HTTP errors", _HTTP.replace("the library", "fetch"), "if (!response.ok) process.exit(1)"
