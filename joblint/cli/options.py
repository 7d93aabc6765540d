"""The options of `joblint check` as data: parsed directly for ordinary calls, passed to click for all others.

Importing click takes longer than a whole check may take; both parsers use this table.
"""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Option(Record):
    """One option: `kind` is "flag", "text", "list" (repeatable, or comma-separated), "repeat" (repeatable), "count" or
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
"""The formats of `check`; each has a module in joblint/report/check/."""

CHECK = (
    Option("--format", "choice", "Output format; default: text.", None, FORMATS),
    Option(
        "--output",
        "repeat",
        "Write the report in this format to FILE, or to standard output without =FILE; repeatable.",
        metavar="FORMAT[=FILE]",
    ),
    Option("--severity", "choice", "Lowest severity to show; default: warning.", None, ("info", "warning", "error")),
    Option("--fail-on", "choice", "Lowest severity that gives exit code 1; default: error.", None, ("info", "warning", "error")),
    Option("--fail-on-nothing", "flag", "Exit 1 if there is no Job or CronJob to check."),
    Option("--exit-zero", "flag", "Exit 0 even if there are findings."),
    Option("--select", "list", "Run only these rules, such as JL301,JL7: IDs, ID prefixes or names.", metavar="RULES"),
    Option("--ignore", "list", "Do not run these rules.", metavar="RULES"),
    Option("--profile", "choice", "Rules to run; `strict` adds opinionated ones; default: default.", None, ("default", "strict")),
    Option(
        "--kubernetes-version",
        "text",
        "Kubernetes version or range, such as 1.36 or 1.31..1.37; default: from the configuration, or 1.37.",
        metavar="VERSION",
    ),
    Option(
        "--pod-security", "text", "Pod Security level for Pods, such as restricted or baseline:v1.36.", metavar="LEVEL[:VERSION]"
    ),
    Option("--env-file", "text", "Variables (NAME=value lines) for placeholders such as ${NAME}.", metavar="FILE"),
    Option("--values", "repeat", "Values file for charts, as in helm template; repeatable.", metavar="FILE"),
    Option("--set", "repeat", "Value for charts, as in helm template; repeatable.", metavar="NAME=VALUE"),
    Option("--release", "text", "Release name for rendering charts.", "release-name", metavar="NAME"),
    Option("--each-values", "flag", "Also render charts with each values*.yaml and ci/*-values.yaml."),
    Option(
        "--no-render",
        "flag",
        "Do not run helm or kustomize: joblint renders charts itself and checks the resources of overlays separately.",
    ),
    Option("--config", "text", "Configuration file; default: .joblint.yaml in this or a parent directory.", metavar="FILE"),
    Option("--fix", "flag", "Apply safe fixes to the files."),
    Option("--unsafe", "flag", "With --fix or --diff: also apply unsafe fixes, which may change what the Job does."),
    Option("--diff", "flag", "Show what --fix would change, without writing."),
    Option("--stdin-filename", "text", "File name to show in findings for standard input.", "", metavar="NAME"),
    Option("--jobs", "count", "Number of worker processes; default: 0 (joblint chooses).", 0, metavar="N"),
    Option("--shard", "text", "Check shard I of N, counted from 0: 0/20 to 19/20 for 20 shards.", metavar="I/N"),
    Option("--shard-file", "text", "Write the data that joblint merge needs to combine shards.", metavar="FILE"),
    Option("--dask", "text", "Run on a Dask cluster: the scheduler's address, or local. Paths may be URLs.", metavar="ADDRESS"),
    Option("--statistics", "flag", "Show the number of findings per rule."),
    Option("--quiet", "flag", "Show findings only, without the summary line.", short=("-q",)),
    Option(
        "--color",
        "choice",
        "Use colors; auto depends on the terminal, NO_COLOR and FORCE_COLOR.",
        "auto",
        ("auto", "always", "never"),
    ),
    Option("--no-cache", "flag", "Do not read or write cached results."),
    Option("--verbose", "flag", "Report cache use on standard error.", short=("-v",)),
    Option("--no-ignores", "flag", "Also report findings that are ignored by comments, annotations or overrides."),
    Option("--add-ignores", "flag", "Add an ignore comment to the files for each finding shown."),
    Option("--reason", "text", "With --add-ignores: the reason.", "", metavar="TEXT"),
    Option("--until", "text", "With --add-ignores: expiry date, such as 2027-03-01.", "", metavar="DATE"),
    Option("--baseline", "text", "Report only what is not in this file; see joblint baseline write.", metavar="FILE"),
    Option("--update-baseline", "flag", "Remove fixed findings from the baseline."),
    Option("--since", "text", "Check only objects that differ from this Git revision.", metavar="REV"),
    Option("--no-verdict", "flag", "Do not report what the API server rejects (rules JL1xx)."),
    Option("--force-exclude", "flag", "Also apply the configuration's exclude to paths given as arguments."),
)


class NotPlain(Exception):
    """Arguments that only click can handle: help, abbreviations, mistakes."""


def read(options: tuple[Option, ...], arguments: list[str]) -> dict[str, Any]:
    """Return the values of plain arguments by parameter name, with `paths`. Raises NotPlain for anything else."""
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
