"""Command and args as lists: a whole line in one argument, arguments that a shell ignores, a shell without a script."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.place import short
from joblint.rules.signs import BUILTINS
from joblint.rules.subject import as_list
from joblint.shell.wrappers import SHELLS, basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Fix, Hit
    from joblint.rules.subject import Subject
    from joblint.shell.invocation import Invocation

_INTERPRETERS = names("python python2 python3 node ruby perl php Rscript java bun deno tsx ts-node")
# Words that begin a command line, and are not arguments.
_PROGRAMS = (
    _INTERPRETERS
    | SHELLS
    | names(
        "echo ls cat sleep cp mv rm mkdir curl wget npm npx yarn pnpm go cargo make psql mysql pg_dump pg_restore "
        "mysqldump mongodump mongosh redis-cli kubectl helm aws gsutil gcloud az terraform ansible ansible-playbook rake "
        "bundle rails dotnet alembic flask django-admin celery pytest tox poetry uv pip env date tar gzip rclone rsync "
        "restic git ssh scp flyway liquibase dbt spark-submit printf true bin/rails ./manage.py manage.py artisan "
        "composer mvn gradle sbt tail nginx"
    )
)
_SCRIPTS = (".py", ".sh", ".js", ".ts", ".mjs", ".rb", ".pl", ".php", ".jar", ".R", ".bash")
_LINES = 6
_SYNTAX = ("&&", "||", "|", ";", ">", "<", "$(", "`", "*", "~/")


def command_in_one_string(s: Subject) -> Iterator[Hit]:
    """An argument that is a whole command line, which no program has as its name; or an option with its value in one
    argument."""
    for run in s.runs:
        if not run.words:
            continue
        word = run.words[0]
        if run.program and " " in run.words[run.program].strip():
            word = run.words[run.program]
        parts = word.split()
        at = run.fields[run.words.index(word)]
        if len(parts) > 1 and not word.startswith("-") and not run.shell:
            if run.sure:
                yield _whole(s, run, at, word, parts, "Kubernetes looks for a program named")
                continue
            if basename(parts[0]) in _PROGRAMS or parts[0].startswith(("/", "./")):
                likely = "the image's entrypoint gets it as one argument, and most entrypoints look for a program named"
                yield _whole(s, run, at, word, parts, likely)
                continue
        yield from _arguments(s, run)


def _whole(s: Subject, run: Invocation, at: str, word: str, parts: list[str], says: str) -> Hit:
    shell = any(sign in word for sign in _SYNTAX) or parts[0] in BUILTINS
    multiple = len(run.words) > 1
    instead = _listed(["sh", "-ec", " ".join(parts) if "\n" not in word else "…"]) if shell else _listed(_split(word))
    return s.hit(
        at,
        fix=None if shell else _fix(s, at, word),
        text=short(word),
        says=f'{says} "{short(word)}"' + (" and does not find it" if run.sure else ""),
        instead=instead + ("" if not multiple or shell else "    followed by the other arguments"),
        confidence="" if run.sure else "likely",
    )


def _arguments(s: Subject, run: Invocation) -> Iterator[Hit]:
    """One string that contains several arguments, after a program that would get it as one."""
    start = run.program + 1 if run.sure else 0
    inline = run.name in SHELLS
    for n in range(start, len(run.words)):
        word, at = run.words[n], run.fields[n]
        if inline or " " not in word.strip() or "\n" in word or n and _takes_text(run.words[n - 1], word):
            continue
        parts = word.split()
        first = parts[0]
        next_to_program = n == run.program + 1 and run.sure and run.name in _INTERPRETERS
        if next_to_program and first.endswith(_SCRIPTS):
            says = f'{run.name} looks for a file named "{short(word)}"'
            yield s.hit(at, fix=_fix(s, at, word), text=short(word), says=says, instead=_listed(_split(word)))
        elif _are_options(parts) or next_to_program and first in ("-m", "-u", "-jar", "-W"):
            says = "the program gets the option and what follows it as one word"
            yield s.hit(
                at, fix=_fix(s, at, word), text=short(word), says=says, instead=_listed(_split(word)), confidence="likely"
            )
        elif len(parts) == 2 and len(first) == 2 and first[0] == "-" and first[1].isalpha() and first[1] not in "HdFIeE":
            says = "the program gets the space as part of the value"
            yield s.hit(at, text=short(word), says=says, instead=_listed(parts), severity="info", confidence="hint")


def _are_options(parts: list[str]) -> bool:
    """`--host db` or `-Xmx1g -jar`: an option with its value, or several options."""
    first = parts[0]
    if first.startswith("--"):
        name = first[2:].replace("-", "").replace("_", "")
        return "=" not in first and name.isalnum() and name.isascii()
    return first.startswith("-") and first[1:2].isalpha() and any(p.startswith("-") and len(p) > 1 for p in parts[1:])


def _takes_text(before: str, word: str) -> bool:
    """Whether the option before may have a text as its value, so that its spaces are intended."""
    return before.startswith("-") and "=" not in before and not word.startswith("--")


def _split(word: str) -> list[str]:
    from shlex import split

    try:
        return split(word)
    except ValueError:  # a quote without its end
        return word.split()


def _listed(words: list[str]) -> str:
    from json import dumps

    return dumps(words, ensure_ascii=False)


def _fix(s: Subject, at: str, word: str) -> Fix | None:
    """The argument as several items of its list, if it is a plain scalar on one line."""
    from json import dumps

    from joblint.rules.finding import Edit, Fix

    field = s.prefix + at
    style = s.document.style(field)
    span = s.document.span(field)
    words = _split(word)
    if style not in ("plain", "single", "double") or span.line != span.end_line or any(c in word for c in "\\\"'$`*"):
        return None
    line = s.document.source_line(span.line)
    if line is None or len(words) < 2:
        return None
    before = line[: span.column - 1]
    if before.strip() == "-":
        texts = words if style == "plain" and all(_is_plain(w) for w in words) else [dumps(w, ensure_ascii=False) for w in words]
        text = ("\n" + before).join(texts)
    elif "[" in before or before.rstrip().endswith(",") or not before.strip():
        text = ", ".join([dumps(w, ensure_ascii=False) for w in words])
    else:
        return None
    edit = Edit(span.line, span.column, span.end_line, span.end_column, text)
    return Fix("Write each argument as a separate item", (edit,), True)


def _is_plain(word: str) -> bool:
    """Whether a word can be written in YAML without quotes and remains a string."""
    return (
        word[:1].isalpha()
        and word.replace("-", "").replace("_", "").replace(".", "").replace("/", "").isalnum()
        and word.lower() not in (*("y", "n", "yes", "no", "on", "off", "true", "false", "null"),)
    )


def shell_takes_one_script(s: Subject) -> Iterator[Hit]:
    """Arguments after the script of `sh -c` become $0, $1 …; a script that uses them needs them."""
    for run in s.runs:
        extra = run.words[run.script + 1 :] if run.script >= 0 else ()
        if run.shell and run.script < 0 and (at := _command_after_file(run.words, run.program)):
            file, words = run.words[at - 1], (run.words[at],)
            instead = f'command: [{run.shell}, -c, "{file} && {short(words[0])}"]'
            yield s.hit(run.fields[at], shell=run.shell, script=short(file), extra=short(words[0]), instead=instead)
            continue
        if not extra or _uses_arguments(run.text):
            continue
        if len(extra) == 1 and (extra[0] in ("--", "-", "_", "") or basename(extra[0]) in SHELLS):
            continue
        yield s.hit(
            run.fields[run.script + 1],
            shell=run.shell,
            script=short(run.text),
            extra=short(" ".join(extra)),
            instead=_as_script(run.text, extra),
        )


def _command_after_file(words: tuple[str, ...], program: int) -> int:
    """The index of a whole command that follows the file of a script as one more word: `bash /setup.sh 'curl -X POST …'`; 0 for
    none."""
    for at in range(program + 2, len(words)):
        first = words[at].split()[:1]
        if words[at - 1].endswith(".sh") and len(words[at].split()) > 1 and first and first[0] in _RUN_AFTER:
            return at
    return 0


_RUN_AFTER = ("curl", "wget", "echo", "kubectl", "sleep", "touch", "rm", "exit", "kill", "pkill", "aws", "python", "bash", "sh")


def _as_script(script: str, extra: tuple[str, ...]) -> str:
    """All arguments as one script: lines if the arguments are lines, otherwise one command. If the script is too long to be
    shown, only what is missing in it."""
    from json import dumps

    if any(" " in w or "\n" in w for w in extra):
        lines = [line for word in (script, *extra) for line in word.splitlines()]
        if len(lines) <= _LINES and all(short(line) == line.strip() for line in lines):
            return "- |\n  set -e\n" + "\n".join(["  " + line for line in lines])
        return f"Move `{short(' '.join(extra))}` into the script."
    if short(script) != script.strip():
        return f"Move `{short(' '.join(extra))}` into the script."
    return dumps(" ".join([short(script), *extra]), ensure_ascii=False) + "    as the only argument after -c"


def _uses_arguments(script: str) -> bool:
    for sign in ("$0", "$1", "$2", "$@", "$*", "$#", "${0", "${1", "${2", "${@", "${*", "${#", "getopts", "shift"):
        if sign in script:
            return True
    return False


def shell_without_script(s: Subject) -> Iterator[Hit]:
    """`-c` without a script, a script without `-c`, or a shell with nothing to do."""
    for container, run in zip(s.containers, s.runs, strict=True):
        if not run.shell or run.script >= 0:
            continue
        at = run.fields[run.program]
        words = [w for w in run.rest if not w.startswith(("-", "+"))]
        if "c" in run.flags:
            yield s.hit(
                run.fields[-1],
                shell=run.shell,
                effect="fails: -c requires a script as the next argument",
                instead=f'[{run.shell}, -c, "…"]',
            )
            continue
        if not run.rest and run.sure:
            if container.data.get("stdin"):
                effect = "waits for input indefinitely"
            else:
                effect = "has no input and exits immediately with 0: the Job is Complete, and nothing ran"
            yield s.hit(
                at,
                shell=run.shell,
                effect=effect,
                instead=f'[{run.shell}, -ec, "…"]    or remove command to run the image\'s own program',
            )
            continue
        if not words or "s" in run.flags:
            continue
        first = words[0]
        field = run.fields[run.program + 1 + run.rest.index(first)]
        if len(first.split()) > 1 and not first.startswith(("/", "./")) or any(x in first for x in ("&&", "||", ";", "\n")):
            effect = f'looks for a script file named "{short(first)}", which does not exist'
            yield s.hit(field, shell=run.shell, effect=effect, instead=f"-c before the script: [{run.shell}, -c, …]")
        elif first in _PROGRAMS and "." not in first and "/" not in first:
            effect = f"reads {first} as a script file, but {first} is a program"
            line = " ".join(run.rest)
            yield s.hit(
                field,
                shell=run.shell,
                effect=effect,
                instead=f"[{run.shell}, -c, {short(line)!r}]    or without the shell: {_listed(words)}",
            )


__all__ = ["command_in_one_string", "shell_takes_one_script", "shell_without_script"]


def option_as_command(s: Subject) -> Iterator[Hit]:
    """`command: [-fsS, …]`, or `command: [backup, …]` for restic: command replaces the image's entrypoint, so the word is
    looked for as a program."""
    from joblint.shell.entrypoints import is_subcommand

    for container in s.containers:
        words = as_list(container.data.get("command"))
        if not words or not isinstance(words[0], str):
            continue
        program = is_subcommand(str(container.data.get("image")), words[0])
        if program or words[0].startswith("-") and len(words[0]) > 1:
            instead = "Rename command to args."
            if program:
                instead = f"Rename command to args, or begin command with {program}."
            yield s.hit(f"{container.at}.command[0]", option=short(words[0]), container=container.name, instead=instead)


def args_with_program(s: Subject) -> Iterator[Hit]:
    """`args: [aws, s3, …]` or `args: [sh, -c, …]` for an image that always starts its own program: it gets the word as its
    first argument."""
    from joblint.shell.entrypoints import strict_entrypoint

    for container in s.containers:
        words = as_list(container.data.get("args"))
        image = container.data.get("image")
        if container.data.get("command") or not words or not isinstance(words[0], str) or not isinstance(image, str):
            continue
        started, first = strict_entrypoint(image), basename(words[0])
        if started and (first == started or first in SHELLS):
            yield s.hit(
                f"{container.at}.args[0]",
                runs=short(" ".join([started, *[str(w) for w in words[:3]]])),
                word=words[0],
                program=started,
                instead=f"Remove {words[0]} from args." if first == started else "Rename args to command.",
            )
