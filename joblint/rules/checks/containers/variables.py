"""Variables in command, args and env: Kubernetes expands `$(VAR)`, the shell `$VAR`, and neither expands the other's form.

Source: Kubernetes 1.36.3, third_party/forked/golang/expansion/expand.go and pkg/kubelet/kubelet_pods.go
(makeEnvironmentVariables): an unknown name stays as written, `$$` becomes `$`.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.base.record import replace
from joblint.rules.checks.containers.place import short, span_in
from joblint.rules.checks.containers.references import entry_of, is_name, is_port_number, is_service, name_end, near, references
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.finding import Fix, Hit
    from joblint.rules.subject import ContainerRef, Subject

_INLINE = names(
    "perl ruby php awk gawk mawk jq yq sed envsubst psql mysql mongosh mongo node sqlite3 clickhouse-client python "
    "python3 grep egrep kubectl oc promtool vault confd gomplate"
)
_TEXT_OPTIONS = (
    "-c",
    "-e",
    "-E",
    "--eval",
    "-r",
    "-ne",
    "-le",
    "-pe",
    "-lne",
    "--execute",
    "-command",
    "--command",
    "--query",
    "-q",
)
# In every container, but not known to Kubernetes when it expands $(NAME).
_USUAL = names("HOME PATH HOSTNAME USER PWD SHELL TMPDIR LANG")


def _known(s: Subject, data: dict[str, Any]) -> tuple[set[str], bool]:
    """The names that Kubernetes expands for a container, and whether envFrom may add others."""
    names = {str(e.get("name")) for e in as_list(data.get("env")) if isinstance(e, dict)}
    if s.spec.get("completionMode") == "Indexed":
        names.add("JOB_COMPLETION_INDEX")
    return names, bool(data.get("envFrom"))


def variable_not_expanded(s: Subject) -> Iterator[Hit]:
    """`$VAR` or `${VAR}` in an argument that no shell reads."""
    for container, run in zip(s.containers, s.runs, strict=True):
        names: set[str] | None = None
        more = False
        for n, word in enumerate(run.words):
            if "$" not in word or run.script >= 0 and n >= run.script or n and run.words[n - 1] in _TEXT_OPTIONS:
                continue
            if run.name in _INLINE and (
                "'" in word or "{ " in word or " " in word or run.name in ("awk", "gawk", "jq", "sed", "envsubst")
            ):
                continue
            if names is None:
                names, more = _known(s, container.data)
            for written, name in _shell_variables(word):
                defined = name in names
                usual = name in _USUAL or name == "JOB_COMPLETION_INDEX"
                if not defined and not name.isupper():
                    continue
                grave = defined or usual
                yield s.hit(
                    run.fields[n],
                    fix=_fix(s, run.fields[n], written, name) if defined else None,
                    severity="" if grave else "info",
                    confidence="" if defined else "likely" if usual else "hint",
                    written=written,
                    name=name,
                    instead=_instead(name, written, defined, more),
                )
                break
        yield from _in_values(s, container)


def _in_values(s: Subject, container: ContainerRef) -> Iterator[Hit]:
    """`$NAME` of another entry in an env value; the entry's own name is a template that is filled in before."""
    names: set[str] | None = None
    for i, entry in enumerate(as_list(container.data.get("env"))):
        value = as_dict(entry).get("value")
        if isinstance(value, str) and _is_script(str(as_dict(entry).get("name")), value):
            continue
        if not isinstance(value, str) or "$" not in value or container.data.get("envFrom") and "(" in value:
            continue
        if names is None:
            names, _ = _known(s, container.data)
        for written, name in _shell_variables(value):
            if name in names and name != as_dict(entry).get("name"):
                at = f"{container.at}.env[{i}].value"
                fix = _fix(s, at, written, name)
                yield s.hit(at, fix=fix, confidence="likely", written=written, name=name, instead=f"$({name})")
                break


_SCRIPT_NAMES = (
    "SCRIPT",
    "COMMAND",
    "CMD",
    "PS1",
    "PROMPT",
    "TEMPLATE",
    "FORMAT",
    "EXEC",
    "HOOK",
    "QUERY",
    "ARGS",
    "OPTS",
    "FLAGS",
)
_SCRIPT_SIGNS = ("&&", "||", "; ", " | ", "#!", "\n", "$(", "`", "echo ", "export ", "if [", "sh -c")


def _is_script(name: str, value: str) -> bool:
    """Whether a shell or a program reads the value later: a script, a command line, a prompt, a template."""
    return name.upper().endswith(_SCRIPT_NAMES) or any(sign in value for sign in _SCRIPT_SIGNS)


def _instead(name: str, written: str, defined: bool, more: bool) -> str:
    if defined or more:
        return f"$({name})"
    if name in _USUAL:
        return f"Run the program in a shell, which expands {written}: [sh, -c, 'exec <program> \"{written}\"']"
    return f"$({name})    and define {name} in env; ignore this finding if a pipeline replaces {written} first"


_AFTER_NAME = ("}", ":-", ":=", ":?", ":+", "-", "%", "#", "/")
"""What may follow the name in `${NAME…}`."""


def _shell_variables(word: str) -> Iterator[tuple[str, str]]:
    """`$NAME` and `${NAME…}` in a word: as written, and the name."""
    at, close = word.find("$"), -1
    while at >= 0:
        if word.startswith("$", at + 1):  # `$$`: escaped
            at = word.find("$", at + 2)
            continue
        escaped = at > 0 and word[at - 1] == "\\"
        if word.startswith("{", at + 1) and not escaped:
            if close < at:
                close = word.find("}", at)
                close = len(word) if close < 0 else close
            end = name_end(word, at + 2)
            if close < len(word) and word.startswith(_AFTER_NAME, end) and is_name(word[at + 2 : end]):
                yield word[at : close + 1], word[at + 2 : end]
        else:
            end = name_end(word, at + 1)
            if is_name(word[at + 1 : end]) and not escaped:
                yield word[at:end], word[at + 1 : end]
        at = word.find("$", at + 1)


def _fix(s: Subject, at: str, written: str, name: str) -> Fix | None:
    from joblint.rules.finding import Edit, Fix

    field = s.prefix + at
    raw, span = s.document.raw(field), s.document.span(field)
    if (
        raw is None
        or span.line != span.end_line
        or "\n" in raw
        or raw.count(written) != 1
        or written not in (f"${name}", f"${{{name}}}")
    ):
        return None
    column = span.column + raw.index(written)
    return Fix(f"Write $({name})", (Edit(span.line, column, span.line, column + len(written), f"$({name})"),), True)


def _filled_in_before(s: Subject) -> bool:
    """Whether something fills in `$(NAME)` before Kubernetes reads the manifest, such as kustomize's vars: there is one in a
    field where Kubernetes itself expands none."""
    return s.document.asked(_names_hold_references)


def _names_hold_references(text: str) -> bool:
    import re

    fields = r"name|namespace|image|serviceAccountName|schedule|claimName|secretName"
    return "$(" in text and re.search(rf"(?m)^[ -]*(?:{fields}): *[\"']?[\w./:-]*\$\([A-Za-z_]\w*\)", text) is not None


def variable_not_defined(s: Subject) -> Iterator[Hit]:
    """`$(NAME)` with a name that Kubernetes does not know there."""
    from joblint.rules.checks.containers.env import undefined

    if _filled_in_before(s):
        return
    for container, run in zip(s.containers, s.runs, strict=True):
        names, more = _known(s, container.data)
        for n, word in enumerate(run.words):
            if "$(" not in word or run.script >= 0 and n >= run.script or more:
                continue
            missing = next((x for x in references(word) if x not in names and _never_there(x, word)), None)
            if missing is not None and (missing.isupper() or "." not in missing and "_" in missing):
                close = near(missing, names)
                yield s.hit(run.fields[n], name=missing, reason="is not in env", instead=close or entry_of(missing))
        yield from undefined(container.at, container.data, names, more)


def _never_there(name: str, word: str) -> bool:
    """Whether Kubernetes does not create a variable for a Service, or one that is not what the word needs."""
    return not is_service(name) or is_port_number(name, word)


def variable_run_as_command(s: Subject) -> Iterator[Hit]:
    """`$(NAME)` in a script, and NAME is not in env: the shell runs a command of that name."""
    from joblint.rules.checks.containers.place import script_hit

    for script in s.scripts:
        if "$(" not in script.text:
            continue
        names, more = _known(s, script.container.data)
        if more or _filled_in_before(s):
            continue
        text = _without_comments(script.text)
        name = next((x for x in references(text) if x.isupper() and x not in names and not is_service(x)), None)
        if name is not None and f"{name}()" not in text.replace(" ", ""):
            start = text.find(f"$({name})")
            yield script_hit(s, script, start, start + len(name) + 3, name=name)


def _without_comments(text: str) -> str:
    """A script with spaces for the lines that are comments."""
    if "#" not in text:
        return text
    return "\n".join([" " * len(line) if line.lstrip().startswith("#") else line for line in text.split("\n")])


def _in_a_path(text: str, at: int) -> bool:
    """Whether `$$` is to make a path unique: `/scratch/work.$$`."""
    word = text[:at].split()[-1:] or [""]
    return "/" in word[0] and text[at - 1 : at] in (".", "-", "_", "/")


def _quotes_sql(text: str, at: int) -> bool:
    """Whether `$$` begins a text of PostgreSQL: `AS $$ …`, `DO $$ …`; with a single $ it is a syntax error."""
    before = text[:at].rstrip("\\").split()[-1:]
    return before in (["AS"], ["as"], ["DO"], ["do"]) and text.count("$$") > 1


_AS_SQL = "PostgreSQL then reports a syntax error, if the text reaches it"
_AS_ID = "The shell then sees a single $, so file names that should\nbe unique are the same"


def double_dollar_reduced(s: Subject) -> Iterator[Hit]:
    """`$$` becomes one `$` in Kubernetes: the shell never sees its process ID."""
    for run in s.runs:
        if run.script < 0:
            continue
        text = run.text
        at = text.find("$$")
        while at >= 0:
            after = text[at + 2 : at + 3]
            if after == "$" and text[at + 3 : at + 4] == "$":  # `$$$$`: two of them reach the shell
                at = text.find("$$", at + 4)
                continue
            if not after or not (after.isalnum() or after in "_({$@*#?!"):
                sql = _quotes_sql(text, at)
                begin = max(0, at - 20)
                shown = text[begin : at + 2].split("\n")[-1].split()[-1]
                hit = s.hit(
                    run.fields[run.script],
                    text=short(shown),
                    effect="does not begin a dollar-quoted string" if sql else "does not contain the process ID",
                    result=_AS_SQL if sql else _AS_ID,
                    advice="write $body$ … $body$" if sql else "use mktemp for a unique file name",
                    severity="warning" if sql or _in_a_path(text, at) else "",
                )
                yield replace(hit, span=span_in(s, run.fields[run.script], text, at + 2 - len(shown), at + 2))
                break
            at = text.find("$$", at + 2)
