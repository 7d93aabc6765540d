"""Manifests behind URLs: directories in object storage, archives, whatever fsspec reads. For `--dask` alone: a plain check
opens no connection. Knows URLs, no manifests."""

from __future__ import annotations

import os

from joblint.base.content import MOST, manifests
from joblint.base.files import HIDDEN, LEAVES, NO_FILE, NOWHERE, SUFFIXES, Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_url(path: str) -> bool:
    """Whether a path is a URL, such as s3://bucket/folder or zip://*.yaml::file.zip."""
    return "://" in path and not os.path.exists(path)


def find_url(url: str) -> Found:
    """Return the manifests behind a URL: a file itself, or all `*.yaml *.yml *.json` in a directory at any depth in
    alphabetical order, without hidden ones."""
    try:
        system, path = _opened(url)
        if system.isfile(path):
            return Found((url,), ())
        if not system.isdir(path):
            return Found((), ((url, "No such file or directory"),))
        paths = sorted(system.find(path))
    except Exception as error:  # each kind of storage has its own exceptions
        return Found((), ((url, _told(error)),))
    files, passed = [], []
    for found in paths:
        if found.lower().endswith(SUFFIXES):
            name = _named(url, found)
            below = found[len(path) :] if found.startswith(path) else found
            hidden = any(part.startswith(".") for part in below.split("/"))
            reason = HIDDEN if hidden else _why_not(found, path) if _is_local(url) else ""
            passed.append((name, reason)) if reason else files.append(name)
    return Found(tuple(files), (), tuple(passed))


def read_anywhere(path: str) -> bytes:
    """Return the content of a file or URL. Raises OSError."""
    if not is_url(path):
        return manifests(path)
    try:
        system, inside = _opened(path)
        if _is_local(path):
            return manifests(inside)  # which waits for no pipe
        size = system.info(inside).get("size") or 0
        if size > MOST:
            raise OSError(27, f"larger than {MOST >> 20} MiB, so it is not read")
        return bytes(system.cat_file(inside))
    except OSError:
        raise
    except Exception as error:  # each kind of storage has its own exceptions
        raise OSError(5, _told(error)) from None


def _opened(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # the extra `dask`

    return url_to_fs(url)  # type: ignore[no-any-return]


def _is_local(url: str) -> bool:
    return "::" not in url and url.partition("://")[0] in ("file", "local")


def _why_not(file: str, folder: str) -> str:
    """Why a file in a directory of this machine is not read, as in a check without URLs; "" if it is."""
    if os.path.islink(file):
        if not os.path.exists(file):
            return NOWHERE
        if not os.path.realpath(file).startswith(os.path.realpath(folder).rstrip(os.sep) + os.sep):
            return LEAVES
    return "" if os.path.isfile(file) else NO_FILE


def _named(url: str, path: str) -> str:
    """The URL of a file that was found behind a URL."""
    first, chained, rest = url.partition("::")
    scheme = first.partition("://")[0]
    return f"{scheme}://{path if scheme in ('file', 'local') else path.lstrip('/')}{chained}{rest}"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n")[0][:300]
