"""Which charts are among the paths of a run, and which files belong to them; reads directories, runs nothing."""

from __future__ import annotations

import os

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

CHART = "Chart.yaml"
_PARTS = ("templates", "charts", "crds", "ci")
ARCHIVES = (".tgz", ".tar.gz")
_PRINTERS = (b".Files.", b"tpl", b"toYaml")
"""What prints whole objects that are in other files of the chart, or in its values."""

_DEEPEST = 4
"""Charts within charts that are unpacked."""

_MOST = 256 << 20
"""The most bytes of a chart, unpacked, that are copied."""

_MEMBERS, _LONGEST = 10_000, 1_000
"""The most entries of an archive, and characters of a path in it: more is not a chart."""


class Chart(Record):
    """A chart: its directory or archive as the user wrote it, and the files of the run that belong to it."""

    path: str
    files: tuple[str, ...]


def charts(files: tuple[str, ...]) -> tuple[tuple[Chart, ...], tuple[str, ...]]:
    """Return the charts whose directory was walked, or whose archive was specified, and the files that belong to none of them.
    A chart within another one's `charts` is part of that; one without Jobs, or a library chart, is read without rendering."""
    roots = sorted([os.path.dirname(file) for file in files if os.path.basename(file) == CHART], key=len)
    chosen: list[str] = []
    for root in roots:
        if not any(_is_part(root, other) for other in chosen) and is_of_use(root):
            chosen.append(root)
    owned: dict[str, list[str]] = {root: [] for root in chosen}
    rest: list[str] = []
    for file in files:
        if file.endswith(ARCHIVES):
            owned[file] = [file]
            continue
        own = next((r for r in chosen if _is_part(file, r)), None)
        (rest if own is None else owned[own]).append(file)
    return tuple([Chart(root or ".", tuple(held)) for root, held in owned.items()]), tuple(rest)


def _is_part(path: str, root: str) -> bool:
    """Whether a path belongs to the chart in a directory."""
    if root and not path.startswith(root.rstrip("/") + "/"):
        return False
    inside = path[len(root) :].lstrip("/")
    head, slash, _ = inside.partition("/")
    return head in _PARTS if slash else head == CHART or head.startswith("values") or head.endswith(".lock")


def is_of_use(root: str) -> bool:
    """Return whether a chart renders a Job or CronJob, or an object that contains Jobs."""
    from joblint.api.ours import may_hold
    from joblint.base.content import small
    from joblint.rules.manifests import HOLDING
    from joblint.source.reading.load import load

    try:
        value = load(small(os.path.join(root, CHART))).value
    except (OSError, ValueError):
        return False
    if not isinstance(value, dict) or not value.get("name") or value.get("type") == "library":
        return False
    others: list[str] = []
    prints = False
    for path, _ in walk(root):
        if path.endswith(ARCHIVES):
            return True
        if "templates" not in path.split(os.sep):
            others.append(path)
            continue
        try:
            data = small(path)
        except (OSError, ValueError):
            continue
        # A Job in a library chart is mentioned by the template that includes it.
        held = may_hold(data) or b"job" in data.lower() and b"include" in data or any(word in data for word in HOLDING)
        if held:
            return True
        prints = prints or any(word in data for word in _PRINTERS)
    return prints and any(map(_mentions_job, others))


def _mentions_job(path: str) -> bool:
    """Whether a file that templates may print contains a Job, as YAML or in its text."""
    import re

    from joblint.base.content import small

    try:
        return re.search(rb"\bkind[\"']?:[ \t]*[\"']?(?:Cron)?Job\b", small(path)) is not None
    except (OSError, ValueError):
        return False


def walk(root: str) -> Iterator[tuple[str, int]]:
    """Return the regular files of a chart with their sizes; links are not followed."""
    for folder, folders, names in os.walk(root or "."):
        folders[:] = sorted([f for f in folders if f != ".git"])
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path, os.path.getsize(path)


def copy(root: str, to: str) -> None:
    """Copy a chart's files. Raises OSError, also if it is larger than joblint copies."""
    from shutil import copyfile

    total = 0
    for path, size in walk(root):
        total += size
        if total > _MOST:
            raise OSError(27, f"larger than {_MOST >> 20} MiB")
        target = os.path.join(to, os.path.relpath(path, root or "."))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        copyfile(path, target)


def is_packed(root: str) -> bool:
    """Whether a chart has others in it as archives."""
    folder = os.path.join(root, "charts")
    return os.path.isdir(folder) and any(name.endswith(ARCHIVES) for name in os.listdir(folder))


def expand(root: str, to: str, inside: str = "charts") -> list[tuple[str, str]]:
    """Unpacks the archives in the `charts` of a chart, which is a copy of one's own; gives the folder and the archive of each, as
    paths in the chart. What is not a chart's archive is left as it is."""
    found: list[tuple[str, str]] = []
    folder = os.path.join(root, *inside.split("/"))
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) and inside.count("/charts") < _DEEPEST else ():
        chart = name
        if name.endswith(ARCHIVES):
            work = os.path.join(to, str(len(os.listdir(to))))
            os.makedirs(work)
            try:
                unpacked = unpack(os.path.join(folder, name), work)
            except OSError:
                continue
            chart = os.path.basename(unpacked)
            if os.path.exists(os.path.join(folder, chart)):
                continue
            os.rename(unpacked, os.path.join(folder, chart))
            os.remove(os.path.join(folder, name))
            found.append((f"{inside}/{chart}", f"{inside}/{name}"))
        found += expand(root, to, f"{inside}/{chart}/charts")
    return found


def unpack(archive: str, to: str) -> str:
    """Unpack a chart's archive and return its directory. Raises OSError if it is not one, or too large."""
    import tarfile

    total = members = 0
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                total += member.size
                members += 1
                if total > _MOST:
                    raise OSError(27, f"larger than {_MOST >> 20} MiB")
                if members > _MEMBERS:
                    raise OSError(27, f"more than {_MEMBERS:,} files")
                if not member.isreg():
                    continue
                if len(member.name) > _LONGEST:
                    raise OSError(36, f"a path of {len(member.name):,} characters")
                target = os.path.normpath(os.path.join(to, member.name))
                held = tar.extractfile(member)
                if not target.startswith(to + os.sep) or held is None:
                    continue
                os.makedirs(os.path.dirname(target), exist_ok=True)
                with open(target, "wb") as file:
                    file.write(held.read())
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise OSError(22, f"not a chart's archive: {error}") from None
    except OSError as error:
        if error.errno is None:
            raise OSError(22, f"not a chart's archive: {error}") from None
        raise
    for name in sorted(os.listdir(to)):
        if os.path.isfile(os.path.join(to, name, CHART)):
            return os.path.join(to, name)
    raise OSError(2, f"it contains no {CHART}")
