"""`joblint cache show` and `joblint cache clear`: cached results and their location."""

from __future__ import annotations

import os

from joblint.cli.console import usage
from joblint.cli.output import say, write


def show() -> int:
    """Report where the caches are, how large they are, and any problem with them."""
    from joblint.base.cachefolder import cache_folder
    from joblint.base.words import count
    from joblint.run.cache import FILES, MOST, RUNS, open_store

    if not cache_folder():
        return usage("no cache directory: neither XDG_CACHE_HOME nor HOME is set")
    lines = []
    for name, what in ((FILES, "file"), (RUNS, "run")):
        store = open_store(name)
        assert store is not None
        size = _size(store.path)
        if size is None:
            lines.append(f"{store.path}: does not exist yet")
        elif store.trouble:
            lines.append(f"{store.path}: not used: {store.trouble}")
        else:
            lines.append(
                f"{store.path}: results of {count(len(store.entries), what)}, {_shown(size)} of at most {_shown(MOST[name])}"
            )
    write(lines)
    return 0


def clear() -> int:
    """Remove the caches."""
    from joblint.base.cachefolder import cache_folder
    from joblint.run.cache import FILES, RUNS

    folder, status = cache_folder(), 0
    for name in (FILES, RUNS):
        path = os.path.join(folder, name)
        try:
            if folder:
                os.unlink(path)
                write([f"removed {path}"])
        except FileNotFoundError:
            continue
        except OSError as error:
            say(f"joblint: {path}: {error.strerror or error}")
            status = 2
    return status


def _size(path: str) -> int | None:
    try:
        return os.lstat(path).st_size
    except OSError:
        return None


def _shown(size: int) -> str:
    return f"{size / (1 << 20):.1f} MiB" if size >= 1 << 20 else f"{size / 1024:.1f} KiB"
