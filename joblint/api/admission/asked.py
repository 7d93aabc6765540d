"""Which Pod Security policy applies to an object: the requested one, or that of its namespace's labels; knows nothing about
files.
"""

from __future__ import annotations

from joblint.api.admission.levels import LABEL, NamespacePolicies, Policy, policies_of
from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Admission(Record):
    """`policy` is the one of the command line (`forced`) or of the configuration; `namespaces` are those of the run, by name.

    A Namespace of the run wins over the configuration, the command line over both."""

    policy: Policy | None = None
    forced: bool = False
    namespaces: tuple[tuple[str, NamespacePolicies], ...] = ()

    def of(self, namespace: str) -> Policy | None:
        """Return the policy for an object of that namespace ("" is `default`), None if none is known."""
        if not self.forced:
            for name, policies in self.namespaces:
                if name == (namespace or "default"):
                    return policies.enforce
        return self.policy


def labelled(value: Any) -> tuple[str, NamespacePolicies] | None:
    """Name and policies of a Namespace that has a label of Pod Security; None for any other object."""
    if not isinstance(value, dict) or value.get("kind") != "Namespace":
        return None
    metadata = value.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    if not isinstance(labels, dict) or not any(isinstance(key, str) and key.startswith(LABEL) for key in labels):
        return None
    return str(value["metadata"].get("name") or ""), policies_of(labels)
