"""Building an overlay with kustomize, and which file each of its objects comes from; knows texts, no findings."""

from __future__ import annotations

import os

from joblint.base.programs import ProgramError, is_there, output
from joblint.base.record import Record, replace
from joblint.source.unrendered.kustomize_patches import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from joblint.source.documents import Document

    Read = Callable[[str], bytes]

_NOWHERE = "http://127.0.0.1:9"
"""A proxy that does not exist: whatever kustomize and helm do, they reach nobody."""

_ORIGIN = "    config.kubernetes.io/origin: |"
_MOST = 200
"""The most kustomizations of one overlay that are read."""


class Patch(Record):
    """A patch: its file, and its text with the number of lines before it; `target` is its target."""

    file: str
    text: str
    before: int
    target: dict[str, Any]


class Kustomization(Record):
    """One kustomization: its file, its content, and its patches."""

    file: str
    value: dict[str, Any]
    patches: tuple[Patch, ...]


class Built(Record):
    """The output for an overlay: the text, the file of each of its documents ("" if it is not known), and the kustomizations
    that contributed to it, the outermost first."""

    text: str
    origins: tuple[str, ...]
    kustomizations: tuple[Kustomization, ...]
    said: str

    def files(self) -> frozenset[str]:
        """Return the real paths of the files that it is built from."""
        names = [*self.origins, *[k.file for k in self.kustomizations], *[p.file for k in self.kustomizations for p in k.patches]]
        return frozenset([os.path.realpath(name) for name in names if name])


def program() -> list[str]:
    """Return the command that builds; empty if neither program is on the PATH."""
    if is_there("kustomize"):
        return ["kustomize", "build"]
    return ["kubectl", "kustomize"] if is_there("kubectl") else []


def build(folder: str, work: str, helm: str = "") -> Built:
    """Build the overlay in a directory; `work` is an empty directory for temporary files, `helm` the program that renders the
    charts of the overlay, if it has some and all of them are on this disk. Raises ProgramError."""
    command = program()
    if not command:
        raise ProgramError("neither kustomize nor kubectl is on the PATH")
    folder = os.path.realpath(folder)
    found = kustomizations_of(folder)
    home, top = os.path.join(work, "home"), os.path.join(work, "top")
    os.makedirs(home)
    os.makedirs(top)
    with open(os.path.join(top, "kustomization.yaml"), "w", encoding="utf-8") as file:
        path = os.path.relpath(folder, top).replace("\\", "/").replace("'", "''")
        file.write(f"resources: ['{path}']\nbuildMetadata: [originAnnotations]\n")
    more = {"KUSTOMIZE_PLUGIN_HOME": home, "XDG_CONFIG_HOME": home, "GIT_ALLOW_PROTOCOL": ""}
    if helm:
        command += ["--enable-helm", "--helm-command", helm]
        more |= {"HELM_NO_PLUGINS": "1", **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)}
    data, said = output([*command, top], home, more)
    text, origins = _parted(data.decode("utf-8", "replace"), top)
    return Built(text, origins, found, said)


def _parted(text: str, top: str) -> tuple[str, tuple[str, ...]]:
    """The text without the annotations that say where objects come from, and their values, document by document."""
    kept: list[str] = []
    origins = [""]
    inside = False
    for line in text.split("\n"):
        if line.startswith("---"):
            origins.append("")
        if line == _ORIGIN:
            inside = True
            continue
        if inside and line.startswith("      "):
            if line.strip().startswith("path: "):
                origins[-1] = os.path.normpath(os.path.join(top, line.strip().removeprefix("path: ").strip("'\"")))
            continue
        if inside and kept and kept[-1] == "  annotations:" and not line.startswith("    "):
            kept.pop()
        inside = False
        kept.append(line)
    return "\n".join(kept), tuple(origins)


def kustomizations_of(folder: str) -> tuple[Kustomization, ...]:
    """The kustomization of a directory and those that it includes. Raises ProgramError if one is remote: building it would open
    a connection."""
    from joblint.base.content import small
    from joblint.source.documents import read

    found: list[Kustomization] = []
    left, seen = [folder], {folder}
    while left and len(found) < _MOST:
        here = left.pop(0)
        file = next((os.path.join(here, name) for name in NAMES if os.path.isfile(os.path.join(here, name))), "")
        if not file:
            continue
        try:
            documents = read(small(file), file, templates=False)
        except OSError as error:
            raise ProgramError(f"{file}: {error.strerror or error}") from None
        value = next((d.value for d in documents if isinstance(d.value, dict)), {})
        found.append(Kustomization(file, value, tuple(patches_of(value, here, file, documents[0]))))
        for field in ("resources", "bases", "components", "crds", "configurations", "generators", "transformers"):
            entries = value.get(field)
            for entry in entries if isinstance(entries, list) else ():
                if not isinstance(entry, str):
                    continue
                if is_remote(entry, here):
                    raise ProgramError(f"{entry} is remote, and joblint opens no connections")
                path = os.path.realpath(os.path.join(here, entry))
                if os.path.isdir(path) and path not in seen:
                    seen.add(path)
                    left.append(path)
    return tuple(found)


def is_remote(entry: str, here: str) -> bool:
    """Return whether an entry of the kustomization in a directory (`here`) is somewhere else than on this disk."""
    if os.path.lexists(os.path.join(here, entry)):
        return False
    host = entry.partition("/")[0]
    return (
        "://" in entry or "?ref=" in entry or "?version=" in entry or "git@" in entry or ("." in host.strip(".") and "/" in entry)
    )


def patches_of(value: dict[str, Any], here: str, file: str, document: Any, read: Read | None = None) -> list[Patch]:
    """Return the patches of a kustomization whose text has places: `here` is its directory, `document` the one of its file.
    `read` returns the bytes of a file, by default that on this disk."""
    from joblint.base.content import small

    found: list[Patch] = []
    for field in ("patches", "patchesStrategicMerge", "patchesJson6902"):
        entries = value.get(field)
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            path = entry.get("path") if isinstance(entry, dict) else entry
            target = entry.get("target") if isinstance(entry, dict) else None
            target = target if isinstance(target, dict) else {}
            inline = (
                entry.get("patch") if isinstance(entry, dict) else entry if isinstance(entry, str) and "\n" in entry else None
            )
            if isinstance(inline, str):
                at = f"{field}[{i}].patch" if isinstance(entry, dict) else f"{field}[{i}]"
                node = document.source.places.node(at)
                if node is None or document.style(at) != "literal":
                    continue
                text = document.text
                begin = text.find("\n", node.start) + 1
                found.append(Patch(file, text[begin : node.end] + "\n", text.count("\n", 0, begin), target))
            elif isinstance(path, str):
                where = os.path.normpath(os.path.join(here, path))
                try:
                    found.append(Patch(where, (read or small)(where).decode("utf-8", "replace"), 0, target))
                except OSError:
                    continue
    return found


def patch_documents(file: str, text: str, before: int) -> list[Document]:
    """Return the documents of a patch, by its file, its text and the number of lines before it."""
    from joblint.source.documents import document_of
    from joblint.source.reading.stream import split

    return [
        document_of(replace(part, line=part.line + before), shown_from_here(file), index)
        for index, part in enumerate(split(text.encode()))
    ]


def shown_from_here(file: str) -> str:
    """Return a path as a user would write it from here."""
    here = os.path.relpath(file)
    return file if here.startswith(os.pardir + os.sep + os.pardir) else here
