"""The commands as click sees them: arguments and help; each calls one function."""

from __future__ import annotations

import sys
from typing import Any

import click

from joblint import __version__ as VERSION
from joblint.cli.options import CHECK, Option
from joblint.cli.output import say


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; click reports usage errors with code 2."""
    try:
        result = cli.main(args=arguments, prog_name="joblint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 0
    except click.ClickException as error:
        error.show()
        return 2
    except SystemExit:  # click exits like this only if nobody reads its output: help and the version
        return 0
    except click.exceptions.Abort:
        say("joblint: stopped")
        return 130
    except click.exceptions.Exit as error:
        return error.exit_code
    return result if isinstance(result, int) else 0


def help_of(command: tuple[str, ...], width: int) -> str:
    """Return the help page of a command (no name for joblint itself) for a text width, without the final line break."""
    context = click.Context(cli, info_name="joblint", **cli.context_settings)
    found: click.Command = cli
    for name in command:
        found = found.commands[name]  # type: ignore[attr-defined]  # what is asked for is there
        context = click.Context(found, parent=context, info_name=name)
    context.terminal_width = width
    return found.get_help(context)


HELP = ["-h", "--help"]


class _Commands(click.Group):
    """The group of all commands; suggests `check` if there is a path instead of a command."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command; its help is the same whether it is requested through the group or alone."""
        cmd.context_settings.setdefault("help_option_names", HELP)
        super().add_command(cmd, name)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments begin with. Raises UsageError if there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import os

            from joblint.base.files import SUFFIXES
            from joblint.base.nearest import nearest

            word = args[0]
            if os.path.exists(word) or word.lower().endswith(SUFFIXES) or word == "-":
                ctx.fail(f"No such command '{word}'. Did you mean 'joblint check {' '.join(args)}'?")
            near = nearest(word, tuple([n for n, c in self.commands.items() if not c.hidden]))
            if near:
                ctx.fail(f"No such command '{word}'. Did you mean '{near}'?")
            raise


@click.group(cls=_Commands, context_settings={"help_option_names": HELP, "max_content_width": 110})
@click.version_option(VERSION, message="joblint %(version)s")
def cli() -> None:
    """Lint Kubernetes Jobs and CronJobs: will the API server accept them, and what will they do?"""


def _words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """The completions of an option's value: rules, versions, formats, or files."""
    from click.shell_completion import CompletionItem

    metavar = parameter.metavar or ""
    if metavar == "RULES":
        from joblint.rules.catalogue.rule import builtin

        head, comma, last = incomplete.rpartition(",")
        rules = [(word, r.summary) for r in builtin() for word in (r.id, r.name) if word.startswith(last)]
        return [CompletionItem(head + comma + word, help=summary) for word, summary in rules]
    if metavar == "VERSION":
        from joblint.api.version.versions import VERSIONS

        return [CompletionItem(v) for v in VERSIONS if v.startswith(incomplete)]
    if metavar == "FORMAT[=FILE]":
        from joblint.cli.options import FORMATS

        return [CompletionItem(f"{f}=") for f in FORMATS if f.startswith(incomplete)]
    if metavar == "NAME|FILE":
        from joblint.controller.scenario.scenario import BUILT_IN

        named = [CompletionItem(s) for s in BUILT_IN if s.startswith(incomplete)]
        return named or [CompletionItem(incomplete, type="file")]
    return [CompletionItem(incomplete, type="file")] if metavar in ("FILE", "[PATH]...") else []


class _Count(click.types.IntParamType):
    """An integer that is not negative; unlike click's range, it adds nothing to the help."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return number if number >= 0 else self.fail(f"{number} is less than 0.", param, ctx)


def _click_option(option: Option) -> click.Option:
    common: dict[str, Any] = {"help": option.help, "default": option.default}
    if option.kind == "flag":
        return click.Option([*option.short, option.name], is_flag=True, help=option.help)
    if option.kind in ("list", "repeat"):
        return click.Option([option.name], multiple=True, metavar=option.metavar, help=option.help, shell_complete=_words)
    if option.kind == "choice":
        return click.Option([option.name], type=click.Choice(option.choices), **common)
    if option.kind == "count":
        return click.Option([option.name], type=_Count(), metavar=option.metavar, **common)
    return click.Option([option.name], metavar=option.metavar, shell_complete=_words, **common)


def _check(**values: Any) -> int:
    from joblint.cli.check import Call, check

    lists = {k: list(v) for k, v in values.items() if isinstance(v, tuple) and k != "paths"}
    return check(Call(**(values | lists)))


cli.add_command(
    click.Command(
        "check",
        short_help="Find what the API server rejects, and other mistakes.",
        callback=_check,
        params=[
            click.Argument(["paths"], nargs=-1, metavar="[PATH]...", shell_complete=_words),
            *[_click_option(o) for o in CHECK],
        ],
        help="Report what the API server rejects, and mistakes that it accepts.\n\n"
        "PATH is a file, a directory (*.yaml *.yml *.json, *.yaml.j2), or - for standard input; default: the current directory.",
        epilog="Exit code: 0 no finding at or above --fail-on, 1 findings, 2 usage error or unreadable path, 3 joblint bug.",
    )
)


_NOT_MERGING = frozenset(
    ["--fix", "--unsafe", "--diff", "--stdin-filename", "--jobs", "--shard", "--shard-file", "--dask", "--no-cache", "--verbose"]
    + ["--add-ignores", "--reason", "--until", "--update-baseline", "--since", "--force-exclude"]
)


def _merge(**values: Any) -> int:
    from joblint.cli.check import Call
    from joblint.cli.merge import merge

    every: dict[str, Any] = {o.key: [] if o.kind in ("list", "repeat") else o.default for o in CHECK}
    every |= {o.key: False for o in CHECK if o.kind == "flag"}
    lists = {k: list(v) for k, v in values.items() if isinstance(v, tuple) and k != "paths"}
    return merge(Call(**(every | values | lists)))


cli.add_command(
    click.Command(
        "merge",
        short_help="Combine the shards of one check.",
        callback=_merge,
        params=[
            click.Argument(["paths"], nargs=-1, required=True, metavar="SHARD..."),
            *[_click_option(o) for o in CHECK if o.name not in _NOT_MERGING],
        ],
        help="Combine the shards of one check (joblint check --shard-file) into one report with one exit code.\n\n"
        "Use the same options as for the shards, and run it where the checked files are.",
        epilog="Exit code: same as joblint check.",
    )
)


def _plain(**asked: Any) -> int:
    """Run a check with these options and defaults for all others."""
    values: dict[str, Any] = {o.key: () if o.kind in ("list", "repeat") else o.default for o in CHECK}
    values |= {o.key: False for o in CHECK if o.kind == "flag"}
    return _check(**(values | asked))


@cli.command(short_help="Show the settings for a path, and where each is set.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--config", "file", metavar="FILE", help="Configuration file for all files.")
def config(path: str, file: str | None) -> int:
    """Show the settings for a file or directory, and where each is set."""
    from joblint.cli.config import config as show

    return show(path, file)


@cli.command(short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the completion script for a shell; add eval "$(joblint completion bash)" to ~/.bashrc."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    source = found(cli, {}, "joblint", "_JOBLINT_COMPLETE")
    click.echo(source.source_template % source.source_vars())  # its own source() would run the shell to ask its version
    return 0


@cli.group()
def baseline() -> None:
    """Record known findings, so that only new ones are reported."""


@baseline.command("write")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--baseline", metavar="FILE", help="Baseline file (- for stdout); default: from the configuration, or .joblint-baseline.json."
)
@click.option("--config", metavar="FILE", help="Configuration file for all files.")
def baseline_write(paths: tuple[str, ...], **options: Any) -> int:
    """Write all current findings to a baseline file.

    PATH is a file or a directory; default: the current directory.
    """
    return _plain(paths=paths, write_baseline=True, **options)


@baseline.command("show")
@click.argument("file", default=".joblint-baseline.json", metavar="[FILE]")
def baseline_show(file: str) -> int:
    """Show the objects, rules and fields in a baseline."""
    from joblint.cli.baseline import BaselineError, load, shown
    from joblint.cli.console import usage
    from joblint.cli.output import write

    try:
        write(shown(load(file)))
    except BaselineError as error:
        return usage(str(error))
    return 0


@cli.group()
def cache() -> None:
    """Manage cached results of earlier checks."""


@cache.command("show")
def cache_show() -> int:
    """Show the location and size of the cache."""
    from joblint.cli.cache import show

    return show()


@cache.command("clear")
def cache_clear() -> int:
    """Delete all cached results."""
    from joblint.cli.cache import clear

    return clear()


@cli.group()
def ignore() -> None:
    """Add ignore comments for current findings."""


@ignore.command("add")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--select", multiple=True, metavar="RULES", help="Only these rules: IDs, ID prefixes (JL3) or names.")
@click.option("--severity", type=click.Choice(["info", "warning", "error"]), help="Lowest severity to ignore.")
@click.option("--reason", default="", metavar="TEXT", help="Reason, written after -- in the comment.")
@click.option("--until", default="", metavar="DATE", help="Expiry date, such as 2027-03-01.")
@click.option("--config", metavar="FILE", help="Configuration file for all files.")
def ignore_add(paths: tuple[str, ...], **options: Any) -> int:
    """Add an ignore comment for each current finding.

    The comment is on the line of the finding or above its block, as with check --add-ignores.

    PATH is a file or a directory; default: the current directory. Findings on what the API server rejects cannot be ignored.
    """
    return _plain(paths=paths, add_ignores=True, **options)


KUBECTL = ("context", "cluster", "user", "kubeconfig", "server", "token", "as", "request-timeout")
"""Options that kubectl passes to plugins: passed on where kubectl is called, otherwise reported on standard error."""

_explain_options = [
    click.Argument(["paths"], nargs=-1, metavar="[PATH]...", shell_complete=_words),
    click.Option(
        ["--scenario"],
        shell_complete=_words,
        metavar="NAME|FILE",
        help="succeed, fail, hang, evict, node (the Pod's node fails), pending, or a scenario file.",
    ),
    click.Option(["--run"], metavar="DURATION", help="Run time of each attempt; default: what the commands show, or 1s."),
    click.Option(["--until"], metavar="DURATION", help="Stop the simulation after this time, such as 1h."),
    click.Option(["--format"], type=click.Choice(["text", "json", "markdown", "svg", "html"]), help="Output format."),
    click.Option(
        ["--output"],
        multiple=True,
        metavar="[FORMAT=]FILE",
        help="Write to FILE, in the format of its extension; repeatable.",
    ),
    click.Option(["--open", "page"], is_flag=True, help="Open the HTML page in a browser."),
    click.Option(["--brief"], is_flag=True, help="Show five lines only."),
    click.Option(
        ["--full"],
        is_flag=True,
        help="Also show the Job pattern, what is kept, and the effects of a second apply and of delete.",
    ),
    click.Option(
        ["--kubernetes-version"], metavar="VERSION", help="Kubernetes version; default: from the configuration, or 1.37."
    ),
    click.Option(["--env-file"], metavar="FILE", help="Variables (NAME=value lines) for placeholders such as ${NAME}."),
    click.Option(["--now"], metavar="TIME", help="Current time, for next starts and live objects (ISO 8601); default: now."),
    click.Option(["-f", "--filename", "files"], multiple=True, metavar="PATH", help="Same as PATH, as in kubectl."),
    click.Option(["-n", "--namespace"], default="", metavar="NAME", help="Namespace for objects that do not set one."),
    click.Option(["--stdin-filename"], default="", metavar="NAME", help="File name for standard input."),
    *[_click_option(o) for o in CHECK if o.name in ("--values", "--set", "--release", "--each-values")],
    click.Option(
        ["--no-render"],
        is_flag=True,
        help="Do not run helm or kustomize: joblint renders charts itself and explains the resources of overlays separately.",
    ),
    *[click.Option([f"--{name}"], default="", hidden=True) for name in KUBECTL],
    click.Option(["--plugin"], is_flag=True, hidden=True),  # called by kubectl: job/NAME is read from the cluster
]


def _explain(paths: tuple[str, ...], files: tuple[str, ...], **options: Any) -> int:
    from joblint.cli.explain import Call, explain

    kubectl = {name: options.pop(name.replace("-", "_")) for name in KUBECTL}
    return explain(Call(paths + files, kubectl=kubectl, **options))


for _name, _hidden in (("jobs-explain", False), ("explain", True)):
    cli.add_command(
        click.Command(
            _name,
            callback=_explain,
            params=list(_explain_options),
            hidden=_hidden,
            short_help="Explain what a Job or CronJob will do, and how it ends (also: explain).",
            help="Explain what a Job or CronJob will do: Pods, retries, which limit applies and when, what is kept.\n\n"
            "PATH is a file, a directory, or - for standard input; default: the current directory. With kubectl jobs-explain, "
            "also job/NAME or cronjob/NAME.\n\n"
            "Also available as joblint explain and kubectl jobs-explain.",
            epilog="Exit code: 0 all explained, 1 the API server rejects a manifest or it cannot be read, 2 usage error or "
            "unreadable path, 3 joblint bug.",
        )
    )


@cli.command(short_help="Show what kubectl apply of a new version does.")
@click.argument("paths", nargs=-1, metavar="[OLD] NEW")
@click.option("--git", metavar="REV", help="Use NEW at this Git revision as OLD.")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if changes are rejected.")
@click.option(
    "--kubernetes-version",
    metavar="VERSION",
    help="Kubernetes version or range, such as 1.36 or 1.31..1.37; default: from the configuration, or 1.37.",
)
@click.option("-n", "--namespace", default="", metavar="NAME", help="Namespace for objects that do not set one.")
@click.option("--at", metavar="TIME", help="Time of the apply (ISO 8601); default: now.")
@click.option("--server-side", is_flag=True, help="Compare as kubectl apply --server-side.")
@click.option("--field-manager", metavar="NAME", help="With --server-side: name of the field manager; default: kubectl.")
@click.option("--force-conflicts", is_flag=True, help="With --server-side: take over fields of other managers.")
@click.option(
    "--created-with",
    type=click.Choice(["apply", "create"]),
    help="How OLD was created: apply or create; default: apply, or server-side apply with --server-side.",
)
@click.option("--made", type=click.Choice(["apply", "create"]), hidden=True)  # the former name of --created-with
@click.option("--config", metavar="FILE", help="Configuration file; default: .joblint.yaml in this or a parent directory.")
def diff(paths: tuple[str, ...], git: str | None, **options: Any) -> int:
    """Show what `kubectl apply` of NEW does to each object of OLD: whether it is updated, rejected or unchanged.

    Exit code: 0 if nothing is rejected or in conflict, 1 if something is, 2 for a usage error or an unreadable path.

    OLD and NEW are files, directories, or - for standard input. For a live object:
    kubectl get job NAME -o yaml | joblint diff - NEW
    """
    from joblint.cli.diff import diff as run_diff

    if len(paths) != (1 if git else 2):
        raise click.UsageError("specify OLD and NEW, or NEW with --git REV")
    made = options.pop("made")
    made = options.pop("created_with") or made
    return run_diff(None if git else paths[0], paths[-1], git, made=made, **options)


class _Rules(click.Group):
    """A group whose first argument may be a rule: `joblint rules JL301` is `joblint rules show JL301`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


_RULES_FORMAT = click.option(
    "--format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Output format; json and markdown show each rule in full.",
)


@cli.group(cls=_Rules, invoke_without_command=True, subcommand_metavar="[ID | COMMAND [ARGS]...]")
@_RULES_FORMAT
@click.pass_context
def rules(context: click.Context, format: str) -> int:
    """List the rules, or show one in full (by ID or name)."""
    from joblint.cli.rules import list_rules

    return list_rules(format) if context.invoked_subcommand is None else 0


@rules.command(hidden=True)
@click.argument("which", metavar="ID")
@_RULES_FORMAT
def show(which: str, format: str) -> int:
    """Show one rule in full."""
    from joblint.cli.rules import show_rule

    return show_rule(which, format)


@rules.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def test_rules(paths: tuple[str, ...]) -> int:
    """Run the examples of your own rule files.

    The arguments are files or directories.
    """
    from joblint.cli.own_rules import test_rules as run_test

    return run_test(paths)


@rules.command("export")
@click.argument("which", metavar="ID")
@click.option("--as", "format", required=True, type=click.Choice(["validatingadmissionpolicy"]), help="Target format.")
@click.option("--rules", "paths", multiple=True, metavar="PATH", help="Rule files in addition to those in the configuration.")
@click.option("--config", metavar="FILE", help="Configuration file; default: .joblint.yaml in this or a parent directory.")
def export_rule(which: str, format: str, paths: tuple[str, ...], config: str | None) -> int:
    """Export one of your own rules as an admission policy.

    Not every expression can be exported; the error says why.
    """
    from joblint.cli.own_rules import export_rule as run_export

    return run_export(which, paths, config)


@cli.command("mcp", short_help="Run a Model Context Protocol server for assistants.")
def mcp_command() -> int:
    """Run a Model Context Protocol (MCP) server on standard input and output, for assistants."""
    from joblint.cli.mcp import mcp

    return mcp()


@cli.command("lsp", short_help="Run the language server for editors.")
def lsp_command() -> int:
    """Run the language server on standard input and output, for editors."""
    from joblint.cli.lsp import lsp

    return lsp()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
