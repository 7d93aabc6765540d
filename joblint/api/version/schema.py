"""The fields of Job and CronJob in one Kubernetes version, in the form that decoding walks through; does not know any rule of
validation.

A schema file says which fields there are and of which JSON type; how the server's Go code declares them (pointer or value,
always written or only if set, named types, embedded structs) is in schemas/go-types.json, generated from the server's
own types (conformance/declared.go).
"""

from __future__ import annotations

from joblint.base import compiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    # (operation, argument, keep, Go type): argument is the index of a struct, keep says that a zero value is written
    Field: TypeAlias = tuple[int, int, bool, str]
    # (name, fields, always): always are the fields written though they were not given, with what to write:
    # a plain value, (index,) for an empty struct, NIL for a null
    Struct: TypeAlias = tuple[str, dict[str, Field], tuple[tuple[str, Any], ...]]

# What a field contains, in the order in which the decoder checks.
STRING, STRUCT, STRUCTS, STRINGS, INT, BOOL, STRING_MAP, QUANTITY_MAP, INT_OR_STRING, QUANTITY, INTS, TIME, RAW = range(13)

BITS = {32: (-(1 << 31), (1 << 31) - 1), 64: (-(1 << 63), (1 << 63) - 1)}

NIL = "nil"  # in `always`: a list that Go writes as null

_NAMED = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": (QUANTITY, "resource.Quantity"),
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": (TIME, "v1.Time"),
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": (TIME, "v1.MicroTime"),
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": (RAW, "v1.FieldsV1"),
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": (INT_OR_STRING, "intstr.IntOrString"),
}
_ROOTS = {"Job": "io.k8s.api.batch.v1.Job", "CronJob": "io.k8s.api.batch.v1.CronJob"}


# What is loaded stays for the next object: reading it again would cost more than decoding.
_LOADED: dict[str, dict[str, Any]] = {}


def load(version: str) -> dict[str, Any]:
    """Return the compiled schema of a version: {"structs": [Struct, …], "roots": {kind: index}, "embedded": {index: {field:
    name}}}.

    Raises OSError if the schema file is missing.
    """
    if version in _LOADED:
        return _LOADED[version]
    source = f"schemas/kubernetes/{version}.json"

    def build() -> dict[str, Any]:
        from json import loads

        go_types = declared_in(loads(compiled.read("schemas/go-types.json")), version)
        return compile_schema(loads(compiled.read(source)), go_types)

    _LOADED[version] = compiled.load(f"schema-{version}", (source, "schemas/go-types.json"), build)
    return _LOADED[version]


def declared_in(go_types: dict[str, dict[str, Any]], version: str) -> dict[str, dict[str, str]]:
    """The Go declarations of one version: a field that was declared in several ways has each under its first version."""
    minor = int(version[2:])
    made: dict[str, dict[str, str]] = {}
    for name, fields in go_types.items():
        made[name] = own = {}
        for field, text in fields.items():
            forms = {"1.0": text} if isinstance(text, str) else text
            known = [v for v in forms if int(v[2:]) <= minor] or list(forms)[:1]
            own[field] = forms[known[-1]]
    return made


def compile_schema(schema: dict[str, Any], go_types: dict[str, dict[str, str]]) -> dict[str, Any]:
    """The compiled form of a JSON Schema with the Go declarations, of plain dicts, lists, tuples, strings and numbers."""
    definitions = schema["$defs"]
    order = [name for name in definitions if name not in _NAMED]
    index = {name: number for number, name in enumerate(order)}
    structs: list[Struct] = []
    embedded: dict[int, dict[str, str]] = {}
    for number, name in enumerate(order):
        declared = go_types.get(name, {})
        fields: dict[str, Field] = {}
        always: list[tuple[str, Any]] = []
        required = definitions[name].get("required", ())
        for key, body in sorted(definitions[name].get("properties", {}).items()):
            outer, _, text = declared.get(key, "").rpartition("/")
            fields[key] = field = _field(body, text, index)
            if outer:
                embedded.setdefault(number, {})[key] = outer.replace("/", ".")
            if text.endswith("!") or (not text and key in required):
                always.append((key, NIL if text.startswith("*") else _zero(field)))
        structs.append((name.rpartition(".")[2], fields, tuple(always)))
    return {"structs": structs, "roots": {kind: index[name] for kind, name in _ROOTS.items()}, "embedded": embedded}


def _field(body: dict[str, Any], declared: str, index: dict[str, int]) -> Field:
    operation, argument, go_type = _type(body, index)
    # A field that the declarations do not hold, being newer or gone, is taken for a pointer: so are most.
    keep = declared.startswith("*") or declared.endswith("!") if declared else True
    return (operation, argument, keep, declared.strip("*!") or go_type)


def _type(body: dict[str, Any], index: dict[str, int]) -> tuple[int, int, str]:
    if "$ref" in body:
        name = body["$ref"].rpartition("/")[2]
        if name in _NAMED:
            return (_NAMED[name][0], 0, _NAMED[name][1])
        return (STRUCT, index[name], ".".join(name.split(".")[-2:]))
    kind = body["type"] if isinstance(body["type"], str) else body["type"][0]
    if kind == "array":
        operation, argument, go_type = _type(body["items"], index)
        return ({STRUCT: STRUCTS, STRING: STRINGS, INT: INTS}[operation], argument, "[]" + go_type)
    if kind == "object":
        operation, argument, go_type = _type(body["additionalProperties"], index)
        return ({STRING: STRING_MAP, QUANTITY: QUANTITY_MAP}[operation], argument, "map[string]" + go_type)
    if kind == "integer":
        bits = 64 if body.get("format") == "int64" else 32
        return (INT, bits, f"int{bits}")
    return (BOOL, 0, "bool") if kind == "boolean" else (STRING, 0, "string")


def _zero(field: Field) -> Any:
    operation, argument = field[:2]
    if operation == STRUCT:
        return (argument,)
    if operation in (STRUCTS, STRINGS, INTS):
        return NIL
    return {STRING: "", INT: 0, BOOL: False, INT_OR_STRING: 0, QUANTITY: "0"}.get(operation)
