"""Documents of files that were read before: rules over a whole directory keep facts alone."""

from __future__ import annotations

from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.run.contents import Once
    from joblint.source.documents import Document


def again(file: str, wanted: set[int], once: Once) -> Iterator[Document]:
    """Yield the documents with those numbers in a file; empty ones if the file has changed since."""
    from joblint.rules.manifests import read_manifests

    if once.documents is not None:
        yield from [document for document in once.documents if document.index in wanted]
        return
    try:
        data = once.again(file)
    except OSError:
        data = b""
    left = set(wanted)
    for document in read_manifests(data, file):
        if document.index in left:
            left.discard(document.index)
            yield document
        if not left:
            return
    for index in sorted(left):
        yield replace(next(read_manifests(b"", file)), index=index)
