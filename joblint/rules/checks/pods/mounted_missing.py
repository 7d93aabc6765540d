"""Files that a container names in a ConfigMap or Secret volume and that are not in it.

Source: Kubernetes 1.36.3 pkg/volume/configmap/configmap.go MakePayload (one file for each key, or for each of the items).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_name, by_what_they_make

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ConfigFacts, SourceFacts
    from joblint.rules.finding import Hit
    from joblint.rules.workload.mounted_files import MountedFile

_FILLED = ("kubernetes.io/service-account-token", "helm.sh/release.v1")


def mounted_file_missing(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """The first such file of each object and volume."""
    from joblint.base.nearest import nearest
    from joblint.base.words import listed
    from joblint.rules.finding import Hit

    configs = by_name(folder.configs)
    made = by_what_they_make(folder)
    for workload in folder.workloads:
        told: set[str] = set()
        for file in workload.needs.files:
            files = _files(configs.get(file.name, []), made.get(file.name, []), workload, file)
            if files is None or file.name in told or _is_there(file, files):
                continue
            told.add(file.name)
            near = nearest(file.key, files) if files else ""
            noun = f'{file.kind} "{file.name}"'
            has = f"contains {listed(list(files[:4]))}" + (" and more" if len(files) > 4 else "") if files else "is empty"
            wanted = file.program.partition(" or ")[0]
            folder_of = file.path[: -len(file.key)].rstrip("/")
            if file.program:
                effect = f"Programs look for {file.program} in this directory."
                advice = f"items:\n- {{key: {files[0] if files else '<key>'}, path: {wanted}}}    in the volume"
            elif file.index >= 0:
                effect = f"The Pod with completion index {file.index} fails on every attempt: indexes begin with 0."
                advice = "$((JOB_COMPLETION_INDEX + 1)), or keys that begin with 0"
            else:
                effect = "The program that opens the file fails on every attempt."
                advice = f"{folder_of}/{near}" if near else f"Add {file.key} to {noun}, or use one of its keys."
            if file.kind == "SecretProviderClass":
                rule = "The driver names each file by its objectAlias, or by its objectName if it has no alias."
                advice = f"{folder_of}/{near or files[0]}"
            else:
                rule = "A ConfigMap or Secret volume contains one file for each key, or for each of its items."
            values = {"path": file.path, "noun": noun, "has": has, "rule": rule, "effect": effect, "advice": advice}
            yield workload.origin, Hit(file.field, values)


def _files(
    configs: list[ConfigFacts], made: list[SourceFacts], workload: JobFacts | CronJobFacts, file: MountedFile
) -> tuple[str, ...] | None:
    """The files of a volume, by the objects with its name and those that operators make it from; None if that is not known."""
    if file.items:
        return file.items
    sources = [m for m in made if file.kind == ("SecretProviderClass" if m.origin.kind == "SecretProviderClass" else "Secret")]
    if sources:
        known = len(sources) == 1 and not configs and beside(workload.origin, sources[0].origin)
        return sources[0].keys or None if known else None
    found = [c for c in configs if c.origin.kind == file.kind and beside(workload.origin, c.origin)]
    if not found or any(c.pattern or c.type in _FILLED for c in found):
        return None
    return tuple(dict.fromkeys([key for c in found for key in c.keys]))


def _is_there(file: MountedFile, files: tuple[str, ...]) -> bool:
    """Whether a volume has the file, or a directory of that name."""
    wanted = file.program.split(" or ") if file.program else [file.key]
    return any(f in wanted or f.startswith(file.key + "/") for f in files)
