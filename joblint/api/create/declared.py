"""Errors that the server's declarative validation reports instead of the handwritten one: once, last, and in its own words.

Knows the errors and the version, no rule of validation. Source: Kubernetes 1.37.2 and 1.38.0-beta.0, k8s.io/apiserver
pkg/registry/rest/validate.go ValidateDeclarativelyWithMigrationChecks, pkg/apis/{batch,core}/v1/zz_generated.validations.go and
k8s.io/apimachinery pkg/apis/meta/v1/validation/zz_generated.validations.go: what is marked beta or not marked there.
"""

from __future__ import annotations

from joblint.api.verdict import told_once
from joblint.base.record import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.errors import Errors
    from joblint.api.verdict import ApiError
    from joblint.api.version.versions import Gates

_REQUIRED, _INVALID = "FieldValueRequired", "FieldValueInvalid"
# (the change since which, type, begin and end of the path, the detail if it is another), in the order in which an object
# and its parts are walked through.
_DECLARED = (
    *(
        ("FixedMetadataDeclared", _INVALID, f"metadata.{field}", field, "field is immutable")
        for field in ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
    ),
    ("OwnersDeclared", _REQUIRED, "metadata.ownerReferences[", "", ""),
    ("ScheduleDeclared", _REQUIRED, "spec.schedule", "spec.schedule", None),
    ("MaxFailedIndexesDeclared", _REQUIRED, "spec.", ".backoffLimitPerIndex", "must be set when maxFailedIndexes is set"),
    ("SecurityProfileOCIDeclared", _INVALID, "spec.", ".seccompProfile.oci", None),
    ("SecurityProfileOCIDeclared", _REQUIRED, "spec.", ".seccompProfile.oci.ref", None),
    ("TolerationKeysDeclared", _INVALID, "spec.", "].key", None),
)


def merge_declared(errors: Errors, gates: Gates) -> None:
    """Bring the errors of a whole object into the form in which the server merges its two validations, in place.

    Only for versions that tell errors once (ErrorsToldOnce): those before do not merge.
    """
    kept: list[ApiError] = []
    last: list[tuple[int, ApiError]] = []
    for error in told_once(errors.found):
        place = _place(error, gates)
        if place is None:
            kept.append(error)
        else:
            last.append((place, _worded(error, _DECLARED[place][4])))
    if last:
        last.sort(key=lambda found: found[0])
    errors.found = [*kept, *(error for _, error in last)]


def _place(error: ApiError, gates: Gates) -> int | None:
    for place, (change, kind, start, end, _) in enumerate(_DECLARED):
        if error.type == kind and error.field.startswith(start) and error.field.endswith(end) and gates.has(change):
            if end != "].key" or ".tolerations[" in error.field:
                return place
    return None


def _worded(error: ApiError, detail: str | None) -> ApiError:
    """The error in the words of the declarative validation, which contains no value."""
    if detail is None:
        return error
    word = "Required value" if error.type == _REQUIRED else "Invalid value: null"
    return replace(error, message=f"{word}: {detail}" if detail else word, detail=detail, value=None)
