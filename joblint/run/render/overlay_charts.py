"""Overlays that contain charts (`helmCharts`): built with helm if all charts are on this disk, otherwise rendered by joblint,
with the patches of the overlay; reported at the lines of templates, or of patches and the kustomization."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.projects import Projects
    from joblint.run.render.inflated import Entry, Inflated
    from joblint.run.result import Report

    Looked = tuple[Report | None, frozenset[str], tuple[str, ...]]


def charts_of(folder: str) -> tuple[Entry, ...]:
    """Return the charts of the overlay in a directory; none if a part of it is remote."""
    from joblint.run.render.inflated import entries
    from joblint.run.render.kustomize import kustomizations_of

    try:
        return entries(kustomizations_of(os.path.realpath(folder)))
    except ProgramError:
        return ()


def helm_of(folder: str) -> str:
    """Return helm if all charts of the overlay in a directory are on this disk, so that kustomize fetches none; "" if they are
    not, or there is no helm."""
    from shutil import which

    from joblint.run.render.inflated import entries, may_fetch
    from joblint.run.render.kustomize import kustomizations_of

    there = kustomizations_of(os.path.realpath(folder))
    charts = entries(there)
    return (which("helm") or "") if charts and all(one.is_local() for one in charts) and not may_fetch(there) else ""


def inflated(charts: tuple[Entry, ...], version: str, work: str) -> tuple[Inflated, ...]:
    """Return what the charts that are on this disk print; `work` is an empty directory that places need."""
    from joblint.base.programs import is_there
    from joblint.run.render.inflated import Inflated

    with_helm = is_there("helm")
    found = []
    for n, one in enumerate(charts):
        if one.is_local():
            folder = os.path.join(work, f"chart-{n}")
            os.makedirs(folder)
            found.append(Inflated(one, version, with_helm, folder))
    return tuple(found)


def said_of_charts(folder: str, charts: tuple[Entry, ...]) -> tuple[str, ...]:
    """Return what there is to say of the charts of an overlay: which are not on this disk, and that there is no helm."""
    from joblint.base.programs import is_there
    from joblint.run.render.kustomize import shown_from_here

    found = [f"joblint: {shown_from_here(one.file)}: {one.missing()}" for one in charts if not one.is_local()]
    there = [shown_from_here(one.folder) for one in charts if one.is_local()]
    if there and not is_there("helm"):
        names = ", ".join(list(dict.fromkeys(there))[:5])
        found.append(f"joblint: {folder}: helm is not on the PATH: joblint renders the templates of {names} itself")
    return tuple(found)


def check_with_charts(here: Projects, folder: str, charts: tuple[Entry, ...], least: str, builds: bool) -> Looked:
    """Return the report on an overlay with charts, the files that were checked with it (real paths), and messages. Raises
    ConfigError, UnknownRule and WrongInput as `Projects` does."""
    from tempfile import TemporaryDirectory

    from joblint.run.render.kustomize import build
    from joblint.run.render.not_built import reason
    from joblint.run.render.overlays import Placer, not_built, report_on, said_of

    engine = here.shared_out(("-",), os.path.join(folder, "kustomization.yaml"))[0].engines[-1]
    told = list(said_of_charts(folder, charts))
    with TemporaryDirectory(prefix="joblint-") as made:
        work = os.path.realpath(made)
        printed = inflated(charts, engine.version, work)
        wrong = tuple([f for one in printed for f in one.findings(engine)])
        failed = ""
        helm = helm_of(folder) if builds and not any(one.reasons for one in printed) else ""
        if helm:
            try:
                os.makedirs(os.path.join(work, "build"))
                built = build(folder, os.path.join(work, "build"), helm)
                report = report_on(here, folder, built, Placer(built, None, printed), least)
                return report, built.files() | _files(printed), (*told, *said_of(folder, built))
            except (ProgramError, OSError) as error:
                failed = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        why = not_built(here, folder, failed)
        if failed and why is None:
            told.append(f"joblint: {folder}: the build failed, so its resources are checked separately: {reason(failed).said}")
        wrong += tuple(why.findings) if why is not None else ()
        own, files = _by_itself(here, folder, printed, least)
    if own is None:
        base = why or _empty(engine.version)
        return replace(base, findings=wrong) if wrong else None, files, tuple(told)
    return replace(own, findings=(*wrong, *own.findings)), files, tuple(told)


def _empty(version: str) -> Report:
    from joblint.run.result import Report

    return Report(version, 0, (), (), (), (), ())


def _files(printed: tuple[Inflated, ...]) -> frozenset[str]:
    return frozenset([file for one in printed for file in one.files()])


def _by_itself(here: Projects, folder: str, printed: tuple[Inflated, ...], least: str) -> tuple[Report | None, frozenset[str]]:
    """The report on the Jobs of the charts, with the patches of the overlay as joblint applies them, and what its patches and
    kustomizations set wrongly in any Job; its resources are checked on their own. None if the objects are not known."""
    from joblint.base.content import small
    from joblint.run.render.kustomize_own import Own
    from joblint.run.render.overlays import Placer, report_on

    engine = here.shared_out(("-",), os.path.join(folder, "kustomization.yaml"))[0].engines[-1]
    built = Own(small, engine.version, printed).build(folder) if any(one.documents for one in printed) else None
    if built is None or not built.text:
        return None, frozenset()
    report = report_on(here, folder, built, Placer(built, None, printed), least, charts_only=True)
    return report, _files(printed) | frozenset([os.path.realpath(k.file) for k in built.kustomizations])
