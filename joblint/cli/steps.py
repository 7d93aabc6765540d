"""What a command was doing when an error of joblint itself ended it: read from the traceback, so that it costs nothing before."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

_STEPS = {
    "joblint.base.files.find": ("listing the files of", "paths"),
    "joblint.cli.baseline.held_against": ("comparing with the baseline", "file"),
    "joblint.cli.baseline.load": ("reading the baseline", "file"),
    "joblint.cli.baseline.write_baseline": ("writing the baseline", "file"),
    "joblint.cli.cache.clear": ("clearing the cache", ""),
    "joblint.cli.cache.show": ("measuring the cache", ""),
    "joblint.cli.check.check": ("checking manifests", ""),
    "joblint.cli.config.config": ("showing the settings for", "path"),
    "joblint.cli.diff.diff": ("comparing manifests", ""),
    "joblint.cli.explain.explain": ("explaining manifests", ""),
    "joblint.cli.explain._scenario": ("reading the scenario", "name"),
    "joblint.cli.fix.fix_files": ("fixing the files", ""),
    "joblint.cli.ignore.add_ignores": ("adding ignore comments", ""),
    "joblint.cli.merge.merge": ("combining the shards", ""),
    "joblint.cli.memo._again": ("reading the cache", ""),
    "joblint.cli.memo._key": ("looking for an earlier result in the cache", ""),
    "joblint.cli.outputs._to_file": ("writing", "file"),
    "joblint.cli.outputs.write_outputs": ("writing the report", ""),
    "joblint.cli.rendering.rendered": ("rendering charts and overlays", ""),
    "joblint.cli.own_rules.export_rule": ("exporting the rule", "which"),
    "joblint.cli.own_rules.test_rules": ("testing your own rules", ""),
    "joblint.cli.rules.list_rules": ("listing the rules", ""),
    "joblint.cli.rules.show_rule": ("showing the rule", "which"),
    "joblint.cli.since.since": ("comparing the files with the Git revision", "revision"),
    "joblint.cli.variables.variables_of": ("reading the variables of", "path"),
    "joblint.configuration.settings._loaded": ("reading the configuration", "path"),
    "joblint.rules.catalogue.own._read": ("reading the rule file", "file"),
    "joblint.rules.catalogue.own.read_own": ("reading your own rules in", "paths"),
    "joblint.rules.catalogue.rule.builtin": ("loading the built-in rules", ""),
    "joblint.run.check.check_files": ("combining the results of all files", ""),
    "joblint.run.dasked.OnDask.parts": ("receiving results from Dask", ""),
    "joblint.run.gathered.Gathered.report": ("combining the results of all files", ""),
    "joblint.run.projects.Projects.engines": ("preparing the rules for the settings of", "settings"),
    "joblint.run.projects.Projects.find": ("listing the files of", "paths"),
    "joblint.run.shard.Merged.__init__": ("combining the shards", ""),
    "joblint.run.shard.Recorder.text": ("writing the shard", ""),
    "joblint.run.shard._read": ("reading the shard", "name"),
}
"""Functions by module and name: what they do, and the variable that contains the file (or "")."""


def step_of(error: BaseException) -> str:
    """Return what joblint was doing, innermost step: `reading the baseline x.json`; "" if it is unknown."""
    found = ""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        step = _STEPS.get(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}")
        if step is not None:
            found = f"{step[0]} {_value(frame, step[1])}".strip()
        trace = trace.tb_next
    return found


def _value(frame: FrameType, variable: str) -> str:
    value = frame.f_locals.get(variable)
    if isinstance(value, tuple):
        return ", ".join([str(v) for v in value[:3]]) + (", …" if len(value) > 3 else "")
    if isinstance(value, str):
        return value
    return str(getattr(value, "file", "")) or ("the command line" if value is not None else "")
