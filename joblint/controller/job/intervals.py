"""Sets of completion indexes kept as intervals, printed as a Job's status prints them; knows nothing else."""

from __future__ import annotations

from bisect import bisect_right


class Indexes:
    """A growing set of completion indexes; takes memory for each gap, not for each index.

    Source: Kubernetes 1.36.3, pkg/controller/job/indexed_job_utils.go (orderedIntervals).
    """

    __slots__ = ("firsts", "lasts", "total")

    def __init__(self) -> None:
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.total = 0

    def __contains__(self, index: int) -> bool:
        at = bisect_right(self.firsts, index) - 1
        return at >= 0 and self.lasts[at] >= index

    def add(self, index: int) -> bool:
        """Add an index; return False if it was in the set already."""
        firsts, lasts = self.firsts, self.lasts
        at = bisect_right(firsts, index)
        if at and lasts[at - 1] >= index:
            return False
        self.total += 1
        joins_left = at > 0 and lasts[at - 1] == index - 1
        joins_right = at < len(firsts) and firsts[at] == index + 1
        if joins_left and joins_right:
            lasts[at - 1] = lasts.pop(at)
            del firsts[at]
        elif joins_left:
            lasts[at - 1] = index
        elif joins_right:
            firsts[at] = index
        else:
            firsts.insert(at, index)
            lasts.insert(at, index)
        return True

    def reach(self, end: int) -> None:
        """Become the set of all indexes below `end`."""
        self.firsts, self.lasts, self.total = [0], [end - 1], end

    def cut(self, end: int) -> None:
        """Forget all indexes from `end` on, as the controller does when completions shrink."""
        while self.firsts and self.firsts[-1] >= end:
            self.firsts.pop()
            self.lasts.pop()
        if self.lasts and self.lasts[-1] >= end:
            self.lasts[-1] = end - 1
        self.total = sum(self.lasts) - sum(self.firsts) + len(self.firsts)

    def common(self, other: Indexes) -> int:
        """How many indexes are in both sets."""
        count = i = j = 0
        while i < len(self.firsts) and j < len(other.firsts):
            overlap = min(self.lasts[i], other.lasts[j]) - max(self.firsts[i], other.firsts[j]) + 1
            if overlap > 0:
                count += overlap
            if self.lasts[i] < other.lasts[j]:
                i += 1
            else:
                j += 1
        return count

    def __str__(self) -> str:
        parts = []
        for first, last in zip(self.firsts, self.lasts, strict=True):
            parts.append(str(first) if first == last else f"{first},{last}" if last == first + 1 else f"{first}-{last}")
        return ",".join(parts)


def read_indexes(text: str, completions: int) -> Indexes:
    """Read `0,2-4` as a success policy or a Job's status writes it, without what is beyond the completions.

    Anything but a number is skipped, as in the controller; the API server rejects such a text before.
    """
    found = Indexes()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not _number(first) or (last and not _number(last)):
            continue
        low = int(first)
        high = min(int(last) if last else low, completions - 1)
        if low >= completions:
            break
        if high < low:
            continue
        # The text is in increasing order without overlaps if the server has accepted it; anything else is read one by one.
        if found.lasts and found.lasts[-1] >= low - 1:
            for index in range(low, high + 1):
                found.add(index)
        else:
            found.firsts.append(low)
            found.lasts.append(high)
            found.total += high - low + 1
    return found


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12
