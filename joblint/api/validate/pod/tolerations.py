"""Tolerations of node taints; knows labels and names.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go ValidateTolerations.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.validate.meta.labels import validate_label_name
from joblint.api.validate.meta.names import is_valid_label_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_OPERATORS = ("Equal", "Exists")
_ALL_OPERATORS = ("Equal", "Exists", "Lt", "Gt")


def validate_tolerations(tolerations: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> None:
    """A Pod's tolerations; an empty operator means Equal, an empty effect every effect."""
    for i, toleration in enumerate(tolerations):
        here = f"{path}[{i}]"
        get = toleration.get
        key, operator, value, effect = get("key") or "", get("operator") or "", get("value") or "", get("effect") or ""
        if key:
            validate_label_name(key, f"{here}.key", errors)
        elif operator != "Exists":
            detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
            errors.invalid(f"{here}.operator", Typed(operator), detail)
        if get("tolerationSeconds") is not None and effect != "NoExecute":
            errors.invalid(f"{here}.effect", Typed(effect), "effect must be 'NoExecute' when `tolerationSeconds` is set")
        if operator in ("", "Equal"):
            # The server reports a bad value at the operator.
            if messages := is_valid_label_value(value):
                errors.invalid(f"{here}.operator", value, ";".join(messages))
        elif operator == "Exists":
            if value:
                errors.invalid(f"{here}.operator", value, "value must be empty when `operator` is 'Exists'")
        elif operator not in ("Lt", "Gt") or not opts.has("NumericTolerationsKnown"):
            errors.not_supported(f"{here}.operator", Typed(operator), _OPERATORS)
        elif opts.on("TaintTolerationComparisonOperators"):
            _validate_number(value, f"{here}.value", errors)
        else:
            errors.not_supported(f"{here}.operator", Typed(operator), _ALL_OPERATORS)
        if effect and effect not in EFFECTS:
            errors.not_supported(f"{here}.effect", Typed(effect), EFFECTS)


def _validate_number(value: str, path: str, errors: Errors) -> None:
    """A whole number as a person would write it, within 64 bits."""
    from joblint.api.errors import go_quote

    digits = value.removeprefix("-")
    written = digits.isascii() and digits.isdigit()
    if value == "":
        errors.invalid(path, value, "must be non-empty")
    elif value != "0" and (not written or digits[0] == "0"):
        errors.invalid(path, value, "must be a valid decimal integer in canonical form")
    bare = value[1:] if value[:1] in ("+", "-") else value
    if not (bare.isascii() and bare.isdigit()):
        errors.invalid(path, value, f"strconv.ParseInt: parsing {go_quote(value)}: invalid syntax")
    elif len(bare.lstrip("0")) > 19 or not -(1 << 63) <= int(value) < 1 << 63:
        errors.invalid(path, value, f"strconv.ParseInt: parsing {go_quote(value)}: value out of range")
