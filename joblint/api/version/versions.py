"""The Kubernetes versions that joblint knows, and what is enabled in each; a version is data, never a branch.

Knows the table of feature gates (gates.py) and the compiled schemas, nothing of validation.
"""

from __future__ import annotations

from joblint.api.version.gates import CHANGES, DEFAULT_ON, NEVER
from joblint.base.memo import memo
from joblint.base.record import Record
from joblint.base.wrong import WrongInput

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
"""The versions, oldest first, each with the release of Kubernetes whose code joblint was compared with."""

VERSIONS = tuple(RELEASES)
PREVIEWS = tuple(version for version, release in RELEASES.items() if "-" in release)
"""Versions that are not released yet: modeled by a pre-release, and never the default."""

DEFAULT = "1.37"


def titled(version: str) -> str:
    """Return the version as shown to a person: "1.37", or "1.38 (preview)" for one that is not released yet."""
    return f"{version} (preview)" if version in PREVIEWS else version


def _supported() -> str:
    """The versions in words, for an error message."""
    released = [version for version in VERSIONS if version not in PREVIEWS]
    preview = f", and {' and '.join(PREVIEWS)} as a preview" if PREVIEWS else ""
    return f"joblint supports {released[0]} to {released[-1]}{preview}"


class Gates(Record):
    """The feature gates of one Kubernetes version, each at its default."""

    version: str
    minor: int

    def on(self, name: str) -> bool:
        """Return whether the gate is enabled by default in this version. Raises KeyError for a gate that is not in the
        table."""
        first, gone = DEFAULT_ON[name]
        return first <= self.minor < gone

    def has(self, change: str) -> bool:
        """Return whether this version's code has a change without a gate. Raises KeyError for one that is not in the table."""
        first, gone = CHANGES[change]
        return first <= self.minor < gone


@memo(16)
def gates(version: str = DEFAULT) -> Gates:
    """The gates of a version such as "1.36". Raises WrongInput for one that joblint does not know."""
    if version not in VERSIONS:
        raise WrongInput(f"unsupported Kubernetes version {version!r}: {_supported()}")
    return Gates(version, int(version[2:]))


def on_since(gate: str) -> str | None:
    """Return the first version in which a gate is enabled by default, such as "1.33"; None if there is none yet.

    A version before 1.31 is returned as well. Raises KeyError for a gate that is not in the table.
    """
    first = DEFAULT_ON[gate][0]
    return None if first == NEVER else f"1.{first}"


def parse_range(text: str) -> tuple[str, ...]:
    """Return the versions in "1.36", "v1.36", "1.36.3" or "1.31..1.37", in rising order.

    Raises WrongInput, with a text for a person, if the text contains none or one that joblint does not know.
    """
    first, dots, last = text.strip().partition("..")
    low = _index(first)
    high = _index(last) if dots else low
    if low > high:
        raise WrongInput(f"{text}: the lower version comes first; write {last.strip()}..{first.strip()}")
    return VERSIONS[low : high + 1]


def _index(text: str) -> int:
    parts = text.strip().removeprefix("v").split(".")
    name = ".".join(parts[:2])
    if len(parts) > 3 or not all(p.isascii() and p.isdigit() for p in parts) or name not in VERSIONS:
        raise WrongInput(f"unsupported Kubernetes version {text.strip()!r}: {_supported()}")
    return VERSIONS.index(name)
