"""ConfigMaps and Secrets that are mounted at the path of a file: without subPath, the path becomes a directory."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_ENDINGS = (
    *(".yaml", ".yml", ".json", ".conf", ".cfg", ".cnf", ".ini", ".toml", ".properties", ".xml", ".sh", ".py", ".sql", ".env"),
    *(".pem", ".crt", ".key", ".txt", ".js", ".rb", ".php", ".hcl", ".tf"),
)


def file_mounted_as_directory(s: Subject) -> Iterator[Hit]:
    """A mount without subPath at a path that looks like a file; one finding for each container."""
    for i, container in enumerate(s.containers):
        for mount in mounts(s, container):
            if mount.kind not in ("configMap", "secret") or mount.sub_path or not mount.path.endswith(_ENDINGS):
                continue
            base = mount.path.rpartition("/")[2]
            keys = [as_dict(item).get("path") for item in as_list(mount.source.get("items"))]
            words = " ".join(s.runs[i].words)
            if any(f"{mount.path}/{key}" in words for key in keys if key):
                continue
            yield s.hit(mount.at + ".mountPath", path=mount.path, noun=mount.noun, key=keys[0] if len(keys) == 1 else base)
            break


def path_below_a_file(s: Subject) -> Iterator[Hit]:
    """subPath with the name of a file at the path of a directory, in which the container looks for files; one finding for each
    container."""
    from joblint.rules.checks.pods.filled_elsewhere import paths_in, texts_of

    for i, container in enumerate(s.containers):
        found = mounts(s, container)
        for mount in found:
            name = mount.sub_path.rpartition("/")[2]
            if mount.kind not in ("configMap", "secret") or not name.endswith(_ENDINGS) or mount.path.endswith(_ENDINGS):
                continue
            texts = texts_of(container, s.runs[i])
            below = next((p for text, _ in texts for p in paths_in(text, mount.path) if p.startswith(mount.path + "/")), "")
            if below and not any(m.path.startswith(mount.path + "/") for m in found):
                better = f"{mount.path}/{name}"
                yield s.hit(mount.at + ".mountPath", path=below, file=mount.sub_path, mount=mount.path, better=better)
                break


_SPLIT = ("OPTIONS", "OPTS", "ARGS", "FLAGS", "COMMAND", "CMD", "SCRIPT", "CONFIG", "QUERY", "SQL")
"""Ends of names whose value is split at white space, or is a text that may end with a line break."""
_TEXTS = ("-c", "-e", "--eval", "-r", "--command", "-f")


def argument_ends_with_line_break(s: Subject) -> Iterator[Hit]:
    """An argument of one line that ends with a line break (`- |`), or a quoted value of env; one finding for each container.
    Block scalars of other fields are found by trailing-line-break."""
    for container, run in zip(s.containers, s.runs, strict=True):
        found = ""
        for n, entry in enumerate(as_list(container.data.get("env"))):
            value = as_dict(entry).get("value")
            at = f"{container.at}.env[{n}].value"
            if str(as_dict(entry).get("name")).upper().endswith(_SPLIT):
                continue
            if isinstance(value, str) and _one_line(value) and s.document.style(s.prefix + at) not in ("literal", "folded"):
                found, what = at, f"The variable {as_dict(entry).get('name')}"
                break
        for n, word in enumerate(run.words if not found and run.script < 0 else ()):
            if (
                _one_line(word)
                and not (n and run.words[n - 1] in ("-c", "-e", "--eval", "-r", "--command", "-f"))
                and " " not in word
            ):
                found, what = run.fields[n], f"The argument {word.strip()[:40]}"
                break
        if found:
            yield s.hit(found, what=what)


def _one_line(value: str) -> bool:
    return value.endswith("\n") and value.count("\n") == 1 and bool(value.strip()) and not value.startswith(("-----", "#!", "{"))
