"""What stays the same in a finding if lines move, files are renamed and numbers change: rule, object, field; knows findings
only."""

from __future__ import annotations

from joblint.api.shared_names import ALL_CONTAINER_LISTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from joblint.rules.finding import Finding

_LISTS = tuple([f"{name}[" for name in ALL_CONTAINER_LISTS])


def identity(finding: Finding) -> str:
    """Return a key of the finding, equal for the same mistake in the same place of the same object.

    The index of a container is replaced by its name. Findings without an object are distinguished by their file.
    """
    of = finding.object
    return f"{finding.rule} {owner(of.kind, of.namespace, of.name, finding.file)} {_field(finding)}"


def owner(kind: str | None, namespace: str | None, name: str | None, file: str) -> str:
    """Return the part of a key for the object of a finding: `Job/shop/pi`, or the file relative to the checkout's root."""
    if name:
        return "/".join([kind or "", namespace or "", name]).replace(" ", "%20")
    from joblint.base.checkout import in_checkout

    return in_checkout(file).replace(" ", "%20")


def numbered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str, int]]:
    """Return each finding with its key, and the number of earlier findings with the same key."""
    seen: dict[str, int] = {}
    for finding in findings:
        key = identity(finding)
        n = seen[key] = seen.get(key, -1) + 1
        yield finding, key, n


def fingerprint(key: str, n: int) -> str:
    """Return 32 hexadecimal digits for a key and its number."""
    from hashlib import sha256

    return sha256(f"{key}\0{n}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _field(finding: Finding) -> str:
    field, name = finding.field, finding.object.container
    if name:
        for start in _LISTS:
            at = field.find("." + start)
            if at >= 0:
                begin = at + 1 + len(start)
                return f"{field[:begin]}{name}{field[field.find(']', begin) :]}"
    return field
