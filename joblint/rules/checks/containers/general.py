"""Containers and shell: what a container's command does, and to the end of its Pod.

Only the gates are here: what a rule looks for is imported where its field is set at all.
"""

from __future__ import annotations

from joblint.rules.checks import check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

# What only a shell gives a meaning, and words that are no programs.
_SIGNS = frozenset("&|;<>$`*?~=")
BUILTINS = frozenset(("cd", "source", ".", "export", "set", "ulimit", "umask", "alias", "eval", "exit", "wait", "trap"))
BUILTINS |= frozenset(("if", "for", "while", "until", "unset", "declare", "local", "pushd"))


@check
def pipe_hides_failure(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "pipe_hides_failure", s) if s.scripts else ()


@check
def failure_thrown_away(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "failure_thrown_away", s) if s.scripts else ()


@check
def background_work_killed(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "background_work_killed", s) if s.scripts else ()


@check
def last_command_hides_failure(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "last_command_hides_failure", s) if s.scripts else ()


@check
def commands_without_set_e(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "commands_without_set_e", s) if s.scripts else ()


@check
def commands_after_exec(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "commands_after_exec", s) if s.scripts else ()


@check
def exit_code_out_of_range(s: Subject) -> Iterable[Hit]:
    return _found("exit_status", "exit_code_out_of_range", s) if s.scripts else ()


@check
def bash_syntax_in_sh(s: Subject) -> Iterable[Hit]:
    return _found("dialect", "bash_syntax_in_sh", s) if s.scripts else ()


@check
def command_in_one_string(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        before = ""
        for word in run.words:
            if " " in word and (word.startswith("-") or not before.startswith("-")):
                return _found("command", "command_in_one_string", s)
            before = word
    return ()


@check
def shell_takes_one_script(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        if -1 < run.script < len(run.words) - 1:
            return _found("command", "shell_takes_one_script", s)
    return ()


@check
def shell_without_script(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        if run.shell and run.script < 0:
            return _found("command", "shell_without_script", s)
    return ()


@check
def shell_syntax_without_shell(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        if run.words and not run.shell:
            if run.name in BUILTINS:
                return _found("syntax", "shell_syntax_without_shell", s)
            for word in run.words:
                if not _SIGNS.isdisjoint(word):
                    return _found("syntax", "shell_syntax_without_shell", s)
    return ()


@check
def variable_not_expanded(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        for word in run.words:
            if "$" in word:
                return _found("variables", "variable_not_expanded", s)
    for container in s.containers:
        for entry in container.data.get("env") or ():
            if "$" in (entry.get("value") or ""):
                return _found("variables", "variable_not_expanded", s)
    return ()


@check
def variable_not_defined(s: Subject) -> Iterable[Hit]:
    for container, run in zip(s.containers, s.runs, strict=True):
        for word in run.words:
            if "$(" in word:
                return _found("variables", "variable_not_defined", s)
        for entry in container.data.get("env") or ():
            if "$(" in (entry.get("value") or ""):
                return _found("variables", "variable_not_defined", s)
    return ()


@check
def variable_run_as_command(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        if run.script >= 0 and "$(" in run.text:
            return _found("variables", "variable_run_as_command", s)
    return ()


@check
def process_number_lost(s: Subject) -> Iterable[Hit]:
    for run in s.runs:
        if run.script >= 0 and "$$" in run.text:
            return _found("variables", "process_number_lost", s)
    return ()


@check
def never_ends(s: Subject) -> Iterable[Hit]:
    return _found("ends", "never_ends", s) if s.endings else ()


@check
def server_never_ends(s: Subject) -> Iterable[Hit]:
    return _found("ends", "server_never_ends", s) if s.endings else ()


@check
def sidecar_never_ends(s: Subject) -> Iterable[Hit]:
    return _found("ends", "sidecar_never_ends", s) if s.endings else ()


@check
def init_container_never_ends(s: Subject) -> Iterable[Hit]:
    return _found("ends", "init_container_never_ends", s) if s.endings else ()


@check
def injected_sidecar_never_ends(s: Subject) -> Iterable[Hit]:
    template = s.sent_spec.get("template")
    meta = template.get("metadata") if isinstance(template, dict) else None
    if not isinstance(meta, dict) or not (meta.get("annotations") or meta.get("labels")):
        return ()
    return _found("injected", "injected_sidecar_never_ends", s)


@check
def wait_loop_without_end(s: Subject) -> Iterable[Hit]:
    return _found("ends", "wait_loop_without_end", s) if s.scripts else ()


@check
def liveness_probe_kills_work(s: Subject) -> Iterable[Hit]:
    for container in s.containers:
        if "livenessProbe" in container.data or "startupProbe" in container.data:
            return _found("probes", "liveness_probe_kills_work", s)
    return ()


@check
def readiness_probe_useless(s: Subject) -> Iterable[Hit]:
    for container in s.containers:
        if "readinessProbe" in container.data:
            return _found("probes", "readiness_probe_useless", s)
    return ()


def _found(module: str, function: str, s: Subject) -> Iterable[Hit]:
    """What the function of a neighbouring module yields; imported only now."""
    found: Iterable[Hit] = getattr(__import__("joblint.rules.checks.containers." + module, fromlist=["_"]), function)(s)
    return found
