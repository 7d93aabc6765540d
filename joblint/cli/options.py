"""The options of `joblint check` as data: read directly for ordinary calls, built into click's for all others.

click takes longer to import than a whole check may take; both readers take their options from the one table here.
"""

from __future__ import annotations

from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@record
class Option:
    """One option: `kind` is "flag", "text", "list" (repeatable, or separated by commas), "repeat" (repeatable), "count" or
    "choice"."""

    name: str
    kind: str
    help: str
    default: Any = None
    choices: tuple[str, ...] = ()
    metavar: str = ""
    short: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The option's name as a parameter."""
        return self.name.lstrip("-").replace("-", "_")


FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "rdjson", "checkstyle")
"""The formats of `check`; a module of joblint/report/check/ each."""

CHECK = (
    Option("--format", "choice", "How findings are written; default: text.", None, FORMATS),
    Option("--output", "repeat", "Write a format into a file, or - for standard output; repeatable.", metavar="FORMAT=FILE"),
    Option("--severity", "choice", "The least severity that is shown.", None, ("info", "warning", "error")),
    Option("--fail-on", "choice", "The least severity that makes the exit status 1.", None, ("info", "warning", "error")),
    Option("--fail-on-nothing", "flag", "Exit 1 where no Job or CronJob was found to check."),
    Option("--exit-zero", "flag", "Exit 0 whatever is found."),
    Option("--select", "list", "Only these rules: IDs, beginnings of IDs (JL3), names.", metavar="RULES"),
    Option("--ignore", "list", "Not these rules.", metavar="RULES"),
    Option("--profile", "choice", "`strict` adds rules that are matters of opinion.", None, ("default", "strict")),
    Option("--kubernetes-version", "text", "A version (1.37) or a range (1.31..1.37).", metavar="VERSION"),
    Option("--pod-security", "text", "Judge Pods by this level: restricted, baseline:v1.36.", metavar="LEVEL[:VERSION]"),
    Option("--env-file", "text", "Variables (NAME=value lines) for placeholders such as ${NAME}.", metavar="FILE"),
    Option("--values", "repeat", "Values for charts, as of helm template; repeatable.", metavar="FILE"),
    Option("--set", "repeat", "A value for charts, as of helm template; repeatable.", metavar="NAME=VALUE"),
    Option("--release", "text", "The release's name that charts are rendered with.", "release-name", metavar="NAME"),
    Option("--each-values", "flag", "Render charts with each values*.yaml and ci/*-values.yaml in turn, too."),
    Option("--no-render", "flag", "Run neither helm nor kustomize: read templates and overlays as they are."),
    Option("--config", "text", "The configuration file; without it, .joblint.yaml here or in a folder above.", metavar="FILE"),
    Option("--fix", "flag", "Write the safe fixes into the files."),
    Option("--unsafe", "flag", "With --fix or --diff: the fixes that are a choice, too."),
    Option("--diff", "flag", "Show what --fix would change and write nothing."),
    Option("--stdin-filename", "text", "What standard input is called in the findings.", "", metavar="NAME"),
    Option("--jobs", "count", "Processes; 0 chooses by the number of files.", 0, metavar="N"),
    Option("--shard", "text", "Only every Nth file, from the Ith: 0/20 to 19/20 together are all files.", metavar="I/N"),
    Option("--shard-file", "text", "Write what joblint merge needs to put the shards together.", metavar="FILE"),
    Option("--dask", "text", "Work on a Dask cluster: the scheduler's address, or local. Paths may be URLs.", metavar="ADDRESS"),
    Option("--statistics", "flag", "Say how often each rule found something."),
    Option("--quiet", "flag", "Findings only, without the last line.", short=("-q",)),
    Option(
        "--color", "choice", "Colour; auto looks at the terminal, NO_COLOR and FORCE_COLOR.", "auto", ("auto", "always", "never")
    ),
    Option("--no-cache", "flag", "Neither take results of earlier runs nor keep any."),
    Option("--verbose", "flag", "Say on standard error what the cache was good for.", short=("-v",)),
    Option("--no-ignores", "flag", "Report what comments, annotations and overrides ignore, too."),
    Option("--add-ignores", "flag", "Write an ignore comment into the files for each finding that is shown."),
    Option("--reason", "text", "With --add-ignores: why.", "", metavar="TEXT"),
    Option("--until", "text", "With --add-ignores: the last day, such as 2027-03-01.", "", metavar="DATE"),
    Option("--baseline", "text", "Only what is not in this file; joblint baseline write makes it.", metavar="FILE"),
    Option("--update-baseline", "flag", "Take what is fixed out of the baseline."),
    Option("--since", "text", "Only objects whose text differs from this revision of git.", metavar="REV"),
    Option("--no-verdict", "flag", "Leave out what the API server rejects: only the traps it accepts."),
    Option("--force-exclude", "flag", "Leave out what the configuration excludes even where it is named."),
)


class NotPlain(Exception):
    """Arguments that only click should judge: help, abbreviations, mistakes."""


def read(options: tuple[Option, ...], arguments: list[str]) -> dict[str, Any]:
    """The values of plain arguments by parameter name, with `paths`. Raises NotPlain for whatever is not plainly right."""
    known = {o.name: o for o in options}
    values: dict[str, Any] = {
        o.key: [] if o.kind in ("list", "repeat") else False if o.kind == "flag" else o.default for o in options
    }
    paths: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            paths.extend(rest)
            break
        if not argument.startswith("-") or argument == "-":
            paths.append(argument)
            continue
        name, equals, value = argument.partition("=")
        option = known.get(name)
        if option is None or (option.kind == "flag" and equals):
            raise NotPlain(argument)
        if option.kind == "flag":
            values[option.key] = True
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                raise NotPlain(argument)
            value = following
        if option.kind in ("list", "repeat"):
            values[option.key].append(value)
        elif option.kind == "count":
            if not (value.isascii() and value.isdigit()):
                raise NotPlain(argument)
            values[option.key] = int(value)
        elif option.kind == "choice" and value not in option.choices:
            raise NotPlain(argument)
        else:
            values[option.key] = value
    values["paths"] = tuple(paths)
    return values
