"""What tells that a text is not the output for a cluster; knows nothing else."""

from __future__ import annotations


class NoDump(Exception):
    """The text is not the output for a cluster, or cannot be read object by object; `data` is what was read of it so far."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
