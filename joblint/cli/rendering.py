"""Charts and overlays among the paths of a check: rendered if the program is available, otherwise read as written."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.base.files import Found
    from joblint.cli.check import Call
    from joblint.run.explain import Explained
    from joblint.run.projects import Projects
    from joblint.run.render.check import Render
    from joblint.run.render.explained import Explain
    from joblint.run.render.helm import Asked
    from joblint.run.render.overlay_checks import Told
    from joblint.run.result import Report

SIGNS = ("Chart.yaml", ".tgz", ".tar.gz", "kustomization.yaml", "kustomization.yml")
"""Endings of file names that may require rendering."""

_RELEASE = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*"
_LONGEST_RELEASE = 53
"""What helm accepts as the name of a release. Source: helm 3.22 pkg/chartutil (validate_name.go)."""


def rendered(call: Call, here: Projects, found: Found, render: Render | None = None) -> tuple[Found, tuple[Report, ...]]:
    """What is left of the files, and a report for each chart and overlay; charts are rendered here, or as `render` does."""
    from joblint.base.record import replace
    from joblint.cli.output import say
    from joblint.run.render.charts import charts
    from joblint.run.render.check import check_charts
    from joblint.run.render.single import charts_around, check_templates, covered

    reports: tuple[Report, ...] = ()
    overlays = built_overlays(call, here)
    found = replace(found, files=outside_of(overlays, found.files))
    there, rest = charts(found.files)
    if there:
        told = check_charts(here, there, asked_of(call), call.each_values, render)
        for line in told.said:
            say(line)
        wanted = {*rest, *told.unrendered}
        found = replace(found, files=tuple([f for f in found.files if f in wanted]))
        reports = told.reports
    around = charts_around(rest)
    if around:
        own = check_templates(here, around, asked_of(call), call.each_values)
        done = covered(own)
        found = replace(found, files=tuple([f for f in found.files if f not in done]))
        reports += own
    for line in overlays.said:
        say(line)
    return found, (*reports, *overlays.reports, *patch_reports(here, found.files))


def built_overlays(call: Call, here: Projects) -> Told:
    """Return what comes of the overlays among the paths that were named."""
    from joblint.run.render.overlay_checks import Told, check_overlays

    overlays = overlays_of(call)
    return check_overlays(here, overlays, "info") if overlays else Told((), frozenset(), ())


def outside_of(overlays: Told, files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the files that were not checked with overlays."""
    return tuple([f for f in files if os.path.realpath(f) not in overlays.judged]) if overlays.judged else files


def patch_reports(here: Projects, files: tuple[str, ...]) -> tuple[Report, ...]:
    """Return the reports on the patches of kustomizations that were not built."""
    from joblint.run.render.patched import check_patches, has_kustomizations

    return check_patches(here, files) if has_kustomizations(files) else ()


def asks_for_rendering(files: tuple[str, ...]) -> bool:
    """Whether there may be anything to render among the files."""
    from joblint.run.render.template_name import may_be_template

    return any(file.endswith(SIGNS) or may_be_template(file) for file in files)


def wrong_options(values: tuple[str, ...], sets: tuple[str, ...], release: str) -> str:
    """What is wrong with the options for charts, with which helm would render none; "" if nothing is."""
    for file in values:
        if not os.path.isfile(file):
            return f"--values {file}: {'not a file' if os.path.exists(file) else 'No such file or directory'}"
    if values or sets:
        from joblint.run.render.own import given
        from joblint.source.helm.charts import ChartError
        from joblint.source.helm.sets import SetError

        try:
            given(values, sets)
        except SetError as error:
            return str(error)
        except ChartError as error:
            return f"--values {error}"
    if release != "release-name":
        import re

        if len(release) > _LONGEST_RELEASE or re.fullmatch(_RELEASE, release) is None:
            return f"--release {release}: helm accepts only lowercase letters, digits and dashes, and at most 53 characters"
    return ""


def asked_of(call: Call) -> Asked:
    """What the command line says of rendering."""
    from joblint.run.render.helm import Asked

    return Asked(tuple(call.values), tuple(call.set), call.release, call.no_render)


def overlays_of(call: Call) -> tuple[str, ...]:
    """The overlays among the paths that were named."""
    return tuple([path for path in call.paths or (".",) if not call.no_render and _is_overlay(path)])


def explained_rendered(
    here: Projects,
    paths: tuple[str, ...],
    found: Found,
    asked: Asked,
    each_values: bool,
    explain: Explain,
) -> tuple[Found, tuple[Explained, ...]]:
    """Return the remaining files, and the explanations of each chart and overlay. `each_values` is whether to
    render with each values file."""
    from joblint.base.record import replace
    from joblint.cli.output import say
    from joblint.run.render.charts import charts
    from joblint.run.render.explained import explain_charts
    from joblint.run.render.explained_overlays import explain_overlays
    from joblint.run.render.single import charts_around, explain_templates

    overlays = tuple([path for path in paths or (".",) if not asked.without_helm and _is_overlay(path)])
    built = explain_overlays(here, overlays, explain) if overlays else None
    there, _ = charts(tuple([f for f in found.files if built is None or os.path.realpath(f) not in built.covered]))
    parts: tuple[Explained, ...] = ()
    for told in (
        *([explain_charts(here, there, asked, each_values, explain)] if there else []),
        *([built] if built is not None else []),
    ):
        for line in told.said:
            say(line)
        parts += told.parts
        left = [f for f in found.files if os.path.realpath(f) not in told.covered and not f.endswith((".tgz", ".tar.gz"))]
        found = replace(found, files=tuple(left))
    around = charts_around(found.files)
    if around:
        own, done = explain_templates(here, around, asked, each_values, explain)
        found = replace(found, files=tuple([f for f in found.files if f not in done]))
        parts += own
    return found, parts


def _is_overlay(path: str) -> bool:
    """Whether a specified path is a directory with a kustomization."""
    from joblint.source.unrendered.kustomize_patches import NAMES

    return os.path.isdir(path) and any(os.path.isfile(os.path.join(path, name)) for name in NAMES)
