"""The API server's internal structs, as its error texts show them; knows the table of their fields, no rule of validation.

Internal types have no JSON names: they print with their Go field names, nil as null, zero values in full. The table is
schemas/internal-types.json, generated from pkg/apis/{batch,core}/types.go of each version (conformance/internal.go): a type's
fields under each version in which they changed.
"""

from __future__ import annotations

from joblint.api.go.quantity import from_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    # The name in the text, the name in the versioned object, the kind, and whether a zero value is left out.
    Field: TypeAlias = tuple[str, str, str, bool]

_ZERO = {"string": "", "bool": False, "int": 0, "intOrString": 0, "quantity": "0"}
# What the internal PodSpec kept in its security context up to 1.36.
_HOST_FIELDS = ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers")


class _Printer:
    """Turns versioned JSON data into internal structs; reads the fields of a type when it first meets the type."""

    def __init__(self, table: dict[str, dict[str, list[str]]], minor: int) -> None:
        self._table = table
        self._minor = minor
        self._fields: dict[str, list[Field]] = {}

    def fields(self, name: str) -> list[Field]:
        """The fields of a struct, in the order in which Go prints them."""
        known = self._fields.get(name)
        if known is None:
            known = self._fields[name] = []
            for line in self._lines(name):
                shown, own, kind = line.split(" ")
                known.append((shown, own, kind.removeprefix("?"), kind[0] == "?"))
        return known

    def _lines(self, name: str) -> list[str]:
        """The type's fields in this version; in those before the first that the table knows, as in that one."""
        forms = self._table[name]
        newest = next(iter(forms))
        for version in forms:
            if int(version[2:]) <= self._minor:
                newest = version
        return forms[newest]

    def struct(self, value: dict[str, Any], name: str) -> dict[str, Any]:
        """A struct with all its fields, as Go prints them."""
        if name == "PodSpec":
            kept = {own for _, own, _, _ in self.fields("PodSecurityContext")}
            value = _with_host_fields(value, kept)
        elif "metadata" in value:
            # Embedded without a name: the fields of metadata print among the others.
            value = {**value["metadata"], **value}
        shown = {}
        for go_name, own, kind, omit_zero in self.fields(name):
            if own in value:
                if omit_zero and kind[0] in "[{" and not value[own]:
                    continue
                shown[go_name] = self.value(value[own], kind)
            elif not omit_zero:
                shown[go_name] = self.zero(kind)
        return shown

    def value(self, value: Any, kind: str) -> Any:
        """A value of a type of Go."""
        kind = kind.removeprefix("*")
        if kind.startswith("[]"):
            return [self.value(item, kind[2:]) for item in value]
        if kind.startswith("{}"):
            return {key: self.value(value[key], kind[2:]) for key in sorted(value)}
        if kind == "quantity":
            return str(from_json(value))
        return value if kind in _ZERO or kind in ("time", "raw") else self.struct(value, kind)

    def zero(self, kind: str) -> Any:
        """Return the zero value of a type."""
        if kind[0] in "*[{" or kind in ("time", "raw"):
            return None
        return _ZERO[kind] if kind in _ZERO else self.struct({}, kind)


def _with_host_fields(spec: dict[str, Any], kept: set[str]) -> dict[str, Any]:
    """The spec with what its security context keeps there, and with the two names of the service account as one."""
    context = {
        **(spec.get("securityContext") or {}),
        **{name: spec[name] for name in _HOST_FIELDS if name in spec and name in kept},
    }
    account = spec.get("serviceAccountName") or spec.get("serviceAccount") or ""
    return {**spec, "securityContext": context, "serviceAccountName": account, "serviceAccount": account}


def _printer(minor: int) -> _Printer:
    from json import loads

    from joblint.base import compiled

    source = "schemas/internal-types.json"
    table: dict[str, dict[str, list[str]]] = compiled.load("internal-types", (source,), lambda: loads(compiled.read(source)))
    return _Printer(table, minor)


def go_value(value: dict[str, Any], name: str, minor: int = 9999) -> dict[str, Any]:
    """Return the internal struct of that type ("SecurityContext", "PodSpec", "JobSpec", …) as data for `Errors.invalid`.

    `minor` is the minor version, 36, whose server prints it; omitted for a type with one form in all versions. `value` is
    decoded, defaulted JSON data of the versioned type. Raises KeyError for a type that is not in JobSpec, OSError if the table
    is missing.
    """
    return _printer(minor).struct(value, name)
