"""Where a name in a manifest is defined: volumes of mounts, completionMode of JOB_COMPLETION_INDEX; knows documents."""

from __future__ import annotations

from lsprotocol import types as lsp

from joblint.lsp.analysis import Analysis


def definition(found: Analysis, uri: str, position: lsp.Position) -> lsp.Location | None:
    """Return the place of a volumeMount's volume, or of completionMode for JOB_COMPLETION_INDEX; None for anything else."""
    line, column = found.text.place(position)
    place = found.place_at(line, column)
    if place is None:
        return None
    from joblint.source.places.paths import steps, value_at

    document, at, prefix, kind = place
    field = at.field[len(prefix) :]
    job = "spec.jobTemplate.spec" if kind == "CronJob" else "spec"
    target = ""
    if ".volumeMounts[" in field:
        mount = field[: field.index("]", field.index(".volumeMounts[")) + 1]
        name = value_at(document.value, steps(f"{prefix}{mount}.name"))
        volumes = value_at(document.value, steps(f"{prefix}{job}.template.spec.volumes"))
        for i, volume in enumerate(volumes if isinstance(volumes, list) else ()):
            if isinstance(volume, dict) and volume.get("name") == name:
                target = f"{job}.template.spec.volumes[{i}]"
    elif "JOB_COMPLETION_INDEX" in found.text.line(line):
        target = job + ".completionMode"
    if not target:
        return None
    return lsp.Location(uri, found.text.range(document.span(prefix + target, "key")))
