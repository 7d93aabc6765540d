"""Overlays in a check: each built and checked; one that cannot be built does not affect the others."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import Record
from joblint.run.render.overlays import Placer, not_built, report_on, said_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.projects import Projects
    from joblint.run.render.kustomize import Built
    from joblint.run.result import Report


class Told(Record):
    """The results for the overlays: a report each, the files that were checked with them (real paths), and messages."""

    reports: tuple[Report, ...]
    judged: frozenset[str]
    said: tuple[str, ...]


def check_overlays(here: Projects, folders: tuple[str, ...], least: str) -> Told:
    """Build and check the overlays in directories. Raises ConfigError, UnknownRule and WrongInput as `Projects` does."""
    from joblint.run.render.kustomize import program
    from joblint.run.render.kustomize_faults import is_component

    reports: list[Report] = []
    said: list[str] = []
    judged: set[str] = set()
    folders = tuple([folder for folder in folders if not is_component(folder)])
    builds = bool(program())
    if folders and not builds:
        names = ", ".join(folders[:5])
        said.append(f"joblint: neither kustomize nor kubectl is on the PATH: the resources of {names} are checked separately")
    for folder in folders:
        try:
            report, files, words = _looked_at(here, folder, least, builds)
        except MemoryError:
            raise
        except Exception as error:  # one bad overlay must not take the others with it
            from joblint.run.render.check import bug

            reports.append(bug(here.versions(here.settings(os.path.join(folder, "x")))[-1], folder, 0, error))
            continue
        said += words
        reports += [report] if report is not None else []
        judged |= files
    return Told(tuple(reports), frozenset(judged), tuple(said))


def _looked_at(here: Projects, folder: str, least: str, builds: bool) -> tuple[Report | None, frozenset[str], tuple[str, ...]]:
    """The report on an overlay, the files that were checked with it (real paths), and messages; if it cannot be built, the report
    says why if a file of it is the reason, otherwise a message does."""
    from joblint.run.render.not_built import reason
    from joblint.run.render.overlay_charts import charts_of, check_with_charts

    charts = charts_of(folder)
    if charts:
        return check_with_charts(here, folder, charts, least, builds)
    if not builds:
        return not_built(here, folder, ""), frozenset(), ()
    try:
        report, built = _checked(here, folder, least)
    except (ProgramError, OSError) as error:
        failed = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        why = not_built(here, folder, failed)
        told = f"joblint: {folder}: the build failed, so its resources are checked separately: {reason(failed).said}"
        return why, frozenset(), () if why is not None else (told,)
    return report, built.files(), said_of(folder, built)


def _checked(here: Projects, folder: str, least: str) -> tuple[Report, Built]:
    from tempfile import TemporaryDirectory

    from joblint.run.render.kustomize import build

    with TemporaryDirectory(prefix="joblint-") as work:
        built = build(folder, os.path.realpath(work))
    return report_on(here, folder, built, Placer(built), least), built
