"""Where joblint keeps what it can rebuild, by the conventions of the system (as platformdirs does); imports nothing slow."""

from __future__ import annotations

import os
import sys


def cache_folder() -> str:
    """Return the cache directory, which need not exist yet; "" if the system does not define one."""
    if sys.platform == "win32":
        top = os.environ.get("LOCALAPPDATA", "")
        return os.path.join(top, "joblint", "Cache") if top else ""
    home = os.environ.get("HOME", "")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Caches", "joblint") if os.path.isabs(home) else ""
    top = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(top):
        top = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    return os.path.join(top, "joblint") if top else ""
