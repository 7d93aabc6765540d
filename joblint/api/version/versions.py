"""The Kubernetes versions that joblint judges by, and what is on in each; a version is data, never a branch.

Knows the table of feature gates (gates.py) and the compiled schemas, nothing of validation.
"""

from __future__ import annotations

from joblint.api.version.gates import CHANGES, DEFAULT_ON, NEVER
from joblint.base.memo import memo
from joblint.base.record import record

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

RELEASES = {
    "1.31": "v1.31.14",
    "1.32": "v1.32.13",
    "1.33": "v1.33.13",
    "1.34": "v1.34.4",
    "1.35": "v1.35.6",
    "1.36": "v1.36.3",
    "1.37": "v1.37.2",
    "1.38": "v1.38.0-beta.0",
}
"""The versions, oldest first, each with the release of Kubernetes whose code joblint was held against."""

VERSIONS = tuple(RELEASES)
PREVIEWS = tuple(version for version, release in RELEASES.items() if "-" in release)
"""Versions that are not out yet: judged by a release before their first, and never the default."""

DEFAULT = "1.37"


def titled(version: str) -> str:
    """The version as a person is told it: "1.37", or "1.38 (preview)" for one that is not out yet."""
    return f"{version} (preview)" if version in PREVIEWS else version


@record
class Gates:
    """The feature gates of one Kubernetes version, each at its default."""

    version: str
    minor: int

    def on(self, name: str) -> bool:
        """Whether the gate is on by default in this version. Raises KeyError for a gate that the table does not hold."""
        first, gone = DEFAULT_ON[name]
        return first <= self.minor < gone

    def has(self, change: str) -> bool:
        """Whether this version's code has a change that no gate guards. Raises KeyError for one that the table does not hold."""
        first, gone = CHANGES[change]
        return first <= self.minor < gone


@memo(16)
def gates(version: str = DEFAULT) -> Gates:
    """The gates of a version such as "1.36". Raises ValueError for one that joblint does not know."""
    if version not in VERSIONS:
        raise ValueError(f"unknown Kubernetes version {version!r}: joblint knows {VERSIONS[0]} to {VERSIONS[-1]}")
    return Gates(version, int(version[2:]))


def on_since(gate: str) -> str | None:
    """The version in which a gate is on by default for the first time, such as "1.33"; None where it is in none yet.

    A version before 1.31 is given anyway. Raises KeyError for a gate that the table does not hold.
    """
    first = DEFAULT_ON[gate][0]
    return None if first == NEVER else f"1.{first}"


def parse_range(text: str) -> tuple[str, ...]:
    """The versions that "1.36", "v1.36", "1.36.3" or "1.31..1.37" names, in rising order.

    Raises ValueError, with words for a person, where the text names none or one that joblint does not know.
    """
    first, dots, last = text.strip().partition("..")
    low = _index(first)
    high = _index(last) if dots else low
    if low > high:
        raise ValueError(f"{text}: the range runs backwards; write {last.strip()}..{first.strip()}")
    return VERSIONS[low : high + 1]


def _index(text: str) -> int:
    parts = text.strip().removeprefix("v").split(".")
    name = ".".join(parts[:2])
    if len(parts) > 3 or not all(p.isascii() and p.isdigit() for p in parts) or name not in VERSIONS:
        raise ValueError(f"unknown Kubernetes version {text.strip()!r}: joblint knows {VERSIONS[0]} to {VERSIONS[-1]}")
    return VERSIONS.index(name)
