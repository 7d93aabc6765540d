"""Overlays explained: built by kustomize, reported at the resources and templates that they come from."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError
from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.explain import Explained
    from joblint.run.projects import Projects
    from joblint.run.render.explained import Explain, Told
    from joblint.run.render.kustomize import Built
    from joblint.run.render.overlays import Placer

    Part = tuple[list[Explained], frozenset[str], tuple[str, ...]]


def explain_overlays(here: Projects, folders: tuple[str, ...], explain: Explain) -> Told:
    """Build and explain overlays; the files of one that cannot be built are explained one by one."""
    from joblint.run.render.explained import Told
    from joblint.run.render.overlay_charts import charts_of

    parts: list[Explained] = []
    covered: set[str] = set()
    told: list[str] = []
    for folder in folders:
        part, files, said = _with_charts(here, folder, explain) if charts_of(folder) else _built(here, folder, explain)
        told += said
        parts += part
        covered |= files
    return Told(tuple(parts), frozenset(covered), tuple(told))


def _built(here: Projects, folder: str, explain: Explain) -> Part:
    """The explanations of an overlay, the files that were explained with it (real paths), and messages."""
    from tempfile import TemporaryDirectory

    from joblint.run.render.kustomize import build
    from joblint.run.render.overlays import Placer, said_of

    try:
        with TemporaryDirectory(prefix="joblint-") as work:
            built = build(folder, os.path.realpath(work))
    except (ProgramError, OSError) as error:
        return [], frozenset(), _not_built(here, folder, error)
    return [_part(here, folder, built, Placer(built), explain)], built.files(), said_of(folder, built)


def _with_charts(here: Projects, folder: str, explain: Explain) -> Part:
    """The same for an overlay with charts, which joblint renders itself if kustomize cannot."""
    from tempfile import TemporaryDirectory

    from joblint.base.content import small
    from joblint.run.render.explained import as_skipped
    from joblint.run.render.kustomize import build, program
    from joblint.run.render.kustomize_own import Own
    from joblint.run.render.overlay_charts import charts_of, helm_of, inflated, said_of_charts
    from joblint.run.render.overlays import Placer, said_of

    engine = here.shared_out(("-",), os.path.join(folder, "kustomization.yaml"))[0].engines[-1]
    charts = charts_of(folder)
    told = said_of_charts(folder, charts)
    with TemporaryDirectory(prefix="joblint-") as made:
        work = os.path.realpath(made)
        printed = inflated(charts, engine.version, work)
        files = frozenset([file for one in printed for file in one.files()])
        parts = [as_skipped(found) for one in printed if (found := one.findings(engine))]
        helm = helm_of(folder) if program() and not any(one.reasons for one in printed) else ""
        if helm:
            os.makedirs(os.path.join(work, "build"))
            try:
                built = build(folder, os.path.join(work, "build"), helm)
                part = _part(here, folder, built, Placer(built, None, printed), explain)
                return [*parts, part], built.files() | files, (*told, *said_of(folder, built))
            except (ProgramError, OSError) as error:
                told += _not_built(here, folder, error)
        own = Own(small, engine.version, printed).build(folder) if any(one.documents for one in printed) else None
        if own is None:
            return parts, files if parts else frozenset(), told
        placer = Placer(own, None, printed)
        part = _part(here, folder, own, placer, explain)
        ours = tuple([e for e in part.explanations if placer.of_chart(e.document) is not None])
        return [*parts, replace(part, explanations=ours, skipped=())], files, told


def _not_built(here: Projects, folder: str, error: ProgramError | OSError) -> tuple[str, ...]:
    """Why an overlay is not built, in words."""
    from joblint.run.render.not_built import findings, reason

    said = error.strerror or str(error) if isinstance(error, OSError) else str(error)
    engine = here.shared_out(("-",), os.path.join(folder, "kustomization.yaml"))[0].engines[-1]
    wrong = [f for f in findings(engine, folder, said) if f.severity != "info"]
    why = [f"{f.file}:{f.span.line}: {f.message.rstrip('.')}" for f in wrong] or [f"{folder}: {reason(said).said}"]
    return tuple([f"joblint: {line}; the resources are explained one by one, without the overlay" for line in why])


def _part(here: Projects, folder: str, built: Built, placer: Placer, explain: Explain) -> Explained:
    """The explanations of what was built, at the files that it comes from."""
    name = os.path.join(folder, "kustomization.yaml")
    found = explain(here.shared_out(("-",), name), [(folder, built.text.encode())], folder)
    explanations = []
    for e in found.explanations:
        file, line = placer.document(e.document)
        explanations.append(replace(e, file=file or e.file, line=line or e.line))
    return replace(
        found,
        explanations=tuple(explanations),
        findings=tuple(placer.findings(found.findings)),
        sources=tuple([(e.file, built.text) for e in explanations]),
    )
