"""`check --since REV`: the report on what differs from a Git revision; runs git and nothing else."""

from __future__ import annotations

import os

from joblint.base.checkout import root_of
from joblint.base.record import replace
from joblint.cli.revision import RevisionError, commit_of, git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.run.result import Report


def since(report: Report, revision: str, files: tuple[str, ...]) -> Report:
    """Return the report without the findings of documents whose text was in a file of the revision, under any name.

    All files were checked, so that rules over several of them see everything; standard input always counts as changed. Each file
    is compared with its own repository. Raises RevisionError if there is no git, no repository, or no such revision.
    """
    of_root: dict[str, tuple[frozenset[str], frozenset[bytes]]] = {}
    of_file: dict[str, frozenset[int] | None] = {}  # the numbers of a file's documents that changed; None for all of them
    for file in files:
        if file != "-":
            real = os.path.realpath(file)
            root = root_of(os.path.dirname(real))
            if root is None:
                raise RevisionError(f"--since: {file} is not in a Git repository")
            if root not in of_root:
                of_root[root] = _changed(root, revision)
            changed, old = of_root[root]
            of_file[file] = _documents(file, old) if real in changed else frozenset()
    if not of_root:  # only standard input: a mistake in the revision is still a mistake
        _changed(".", revision)

    def is_new(file: str, document: int) -> bool:
        numbers = of_file.get(file)
        return numbers is None or document in numbers

    documents = tuple([d for d in report.documents if is_new(d.file, d.judged.document)])
    return replace(
        report,
        documents=documents,
        findings=tuple([f for f in report.findings if is_new(f.file, f.document)]),
        skipped=tuple([s for s in report.skipped if is_new(s.file, s.document)]),
        unchanged=len(report.documents) - len(documents),
    )


def _changed(folder: str, revision: str) -> tuple[frozenset[str], frozenset[bytes]]:
    """The real paths of the files that differ from the revision, and the texts of their documents at that time."""
    if revision.startswith("-"):
        raise RevisionError(f"--since: {revision} is not a revision")
    root = os.fsdecode(git(folder, "rev-parse", "--show-toplevel", told="--since: not a Git repository").rstrip(b"\n"))
    commit = commit_of(root, revision, f"--since: unknown Git revision {revision!r} in {root}")
    names = git(root, "diff", "--name-only", "--no-renames", "-z", commit, "--").split(b"\0")
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0")
    changed = frozenset([os.path.realpath(os.path.join(root, os.fsdecode(n))) for n in [*names, *new] if n])
    before = frozenset(git(root, "ls-tree", "-r", "-z", "--name-only", commit).split(b"\0"))
    old: set[bytes] = set()
    for name in names:
        if name and name in before and name.lower().endswith((b".yaml", b".yml", b".json")):
            old |= {_text(d) for d in _parts(git(root, "show", f"{commit}:{os.fsdecode(name)}"))}
    return changed, frozenset(old)


def _documents(file: str, old: frozenset[bytes]) -> frozenset[int] | None:
    try:
        with open(file, "rb") as source:
            parts = _parts(source.read())
    except OSError:
        return None
    return frozenset([i for i, part in enumerate(parts) if _text(part) not in old])


def _parts(data: bytes) -> list[bytes]:
    from joblint.source.reading.stream import split

    return [part.data for part in split(data)]


def _text(part: bytes) -> bytes:
    """A document's text for comparison: without the line --- before it and trailing white space."""
    lines = [line.rstrip() for line in part.split(b"\n") if not line.startswith(b"---")]
    return b"\n".join(lines).strip(b"\n")
