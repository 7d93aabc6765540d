"""Functions that write and read YAML, JSON and other encodings. Source: helm 3.22 (pkg/engine/funcs.go), sprig 3.3 (crypto.go,
strings.go), sigs.k8s.io/yaml 1.6. The YAML has the same data as helm's; the style of its scalars may be another one."""

from __future__ import annotations

from joblint.source.helm.functions.go import quoted
from joblint.source.helm.nodes import Failure, Unsupported
from joblint.source.helm.values import Struct, floats, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def to_yaml(value: Any) -> str:
    """Return data as YAML, without the line break at its end. Raises Unsupported for objects such as `.Chart`."""
    first, *rest = _lines(value)
    if isinstance(value, str):
        rest = ["  " + line if line else "" for line in rest]
    return "\n".join([first, *rest])


def _lines(value: Any) -> list[str]:
    if isinstance(value, Struct) or callable(value):
        raise Unsupported("an object as YAML")
    if isinstance(value, dict) and value:
        found: list[str] = []
        for key in sorted(value):
            held, name = value[key], _scalar(key)[0]
            lines = _lines(held)
            if isinstance(held, list) and held:
                found += [f"{name}:", *lines]
            elif isinstance(held, dict) and held:
                found += [f"{name}:", *["  " + line for line in lines]]
            else:
                found += [f"{name}: {lines[0]}", *["  " + line if line else "" for line in lines[1:]]]
        return found
    if isinstance(value, list) and value:
        found = []
        for item in value:
            first, *rest = _lines(item)
            found += [f"- {first}", *["  " + line if line else "" for line in rest]]
        return found
    return _scalar(value)


def _scalar(value: Any) -> list[str]:
    if isinstance(value, dict):
        return ["{}"]
    if isinstance(value, list):
        return ["[]"]
    if not isinstance(value, str):
        return [to_json(value)]
    if "\n" in value and value.strip("\n") and value[0] not in " \n\t" and all(c.isprintable() or c in "\n\t" for c in value):
        body = value.rstrip("\n")
        if not any(line.endswith(" ") for line in body.split("\n")):
            ends = len(value) - len(body)
            head = "|-" if not ends else "|" if ends == 1 else "|+"
            return [head, *body.split("\n"), *[""] * max(ends - 1, 0)]
    return [_one_line(value)]


def _one_line(value: str) -> str:
    """A text as go-yaml writes it: plain, in double quotes if it would be read as something else, or else in single ones."""
    from joblint.source.reading.scalars import resolve

    if not all(c.isprintable() for c in value):
        return quoted(value)
    if not value or not isinstance(resolve(value), str) or value.lower() in ("y", "n", "yes", "no", "on", "off"):
        return quoted(value)
    after = value[1:2] in ("", " ")
    is_special = value[0] in "#,[]{}&*!|>'\"%@`" or value[0] in "-?:" and after or value != value.strip(" ")
    if is_special or ": " in value or value.endswith(":") or " #" in value or value.startswith(("---", "...")):
        return "'" + value.replace("'", "''") + "'"
    return value


def to_json(value: Any) -> str:
    """Return data as JSON. Raises Unsupported for objects such as `.Chart`."""
    if isinstance(value, Struct) or callable(value):
        raise Unsupported("an object as JSON")
    if isinstance(value, dict):
        return "{" + ",".join([f"{to_json(key)}:{to_json(value[key])}" for key in sorted(value)]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([to_json(item) for item in value]) + "]"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        from json import dumps

        return dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return (
        {None: "null", True: "true", False: "false"}[value]
        if not isinstance(value, int) or isinstance(value, bool)
        else str(value)
    )


def _pretty(value: Any) -> str:
    from json import dumps, loads

    text = dumps(loads(to_json(value)), indent=2, sort_keys=True, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _read(text: Any) -> Any:
    from joblint.source.reading.load import load

    loaded = load(text.encode())
    if loaded.error is not None:
        raise Unsupported("YAML that cannot be read")
    return floats(loaded.value)


def _mapping(text: Any) -> dict[str, Any]:
    found = _read(text)
    if not isinstance(found, dict) and found is not None:
        return {"Error": "error unmarshaling JSON: json: cannot unmarshal into Go value of type map[string]interface {}"}
    return found or {}


def _list(text: Any) -> list[Any]:
    found = _read(text)
    return found if isinstance(found, list) else []


def _json(text: Any) -> Any:
    from json import loads

    try:
        return floats(loads(text))
    except ValueError:
        raise Unsupported("JSON that cannot be read") from None


def _encoded(text: Any) -> str:
    from base64 import b64encode

    return b64encode(text.encode("utf-8", "surrogateescape")).decode()


def _decoded(text: Any) -> str:
    from base64 import b64decode

    try:
        return b64decode(text, validate=True).decode("utf-8", "surrogateescape")
    except ValueError as error:
        return str(error)


def _hash(name: str) -> Callable[[Any], str]:
    def hashed(text: Any) -> str:
        import hashlib

        return hashlib.new(name, text.encode("utf-8", "surrogateescape")).hexdigest()

    return hashed


def _adler(text: Any) -> str:
    from zlib import adler32

    return str(adler32(text.encode()))


def _from_json(text: Any) -> dict[str, Any]:
    found = _json(text)
    if not isinstance(found, dict):
        raise Failure("json: cannot unmarshal")
    return found


ENCODINGS: dict[str, Callable[..., Any]] = {
    "toYaml": to_yaml,
    "mustToYaml": to_yaml,
    "toYamlPretty": to_yaml,
    "fromYaml": _mapping,
    "fromYamlArray": _list,
    "toJson": to_json,
    "mustToJson": to_json,
    "toRawJson": lambda value: to_json(value).replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&"),
    "toPrettyJson": _pretty,
    "fromJson": _from_json,
    "mustFromJson": _json,
    "fromJsonArray": _json,
    "b64enc": _encoded,
    "b64dec": _decoded,
    "sha256sum": _hash("sha256"),
    "sha1sum": _hash("sha1"),
    "sha512sum": _hash("sha512"),
    "md5sum": _hash("md5"),
    "adler32sum": _adler,
}
