"""What a patch of a kustomization makes of an object: strategic merges and JSON patches; knows data, no files.

Source: kustomize 5.5 api/filters/patchstrategicmerge, kyaml/yaml/merge2 (merge2.go), api/filters/patchjson6902; RFC 6902.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.apply.strategic.fields import Type

_DIRECTIVES = ("$setElementOrder/", "$deleteFromPrimitiveList/", "$retainKeys")


class Unsure(Exception):
    """A patch that kustomize rejects, or of a form that joblint does not apply."""


def merged(original: Any, patch: Any, at: Type | None) -> Any:
    """Return an object after a strategic merge patch; None if the patch deletes it. `at` is its type, None if that is unknown.
    The arguments are not changed. Raises Unsure."""
    if not isinstance(patch, dict) or not isinstance(original, dict):
        return without_directives(patch)
    directive = patch.get("$patch")
    if directive == "delete":
        return None
    if directive == "replace":
        return without_directives({key: value for key, value in patch.items() if key != "$patch"})
    if directive not in (None, "merge") or any(str(key).startswith(_DIRECTIVES) for key in patch):
        raise Unsure
    found = dict(original)
    for key, value in patch.items():
        if key == "$patch":
            continue
        held = found.get(key)
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict) and isinstance(held, dict):
            inner = merged(held, value, _inside(at, key))
            if inner is None:
                found.pop(key, None)
            else:
                found[key] = inner
        elif isinstance(value, list) and isinstance(held, list):
            found[key] = _merged_list(held, value, at, key)
        elif not (isinstance(value, dict) and value.get("$patch") == "delete"):
            found[key] = without_directives(value)
    return found


def _inside(at: Type | None, key: Any) -> Type | None:
    from joblint.api.apply.strategic.fields import MergeError

    try:
        return at.find(str(key)).inside if at is not None else None
    except MergeError:
        return None


def _merged_list(original: list[Any], patch: list[Any], at: Type | None, field: Any) -> list[Any]:
    from joblint.api.apply.strategic.fields import MergeError

    try:
        found = at.find_list(str(field)) if at is not None else None
    except MergeError:
        found = None
    if found is None or found.key is None:
        return [without_directives(item) for item in patch]
    key = found.key
    if not key:
        return [*original, *[item for item in patch if item not in original]]
    if not all(isinstance(item, dict) for item in (*original, *patch)):
        raise Unsure
    if any(item.get("$patch") == "replace" for item in patch):
        return [without_directives(item) for item in patch if item.get("$patch") != "replace"]
    result = list(original)
    fresh: list[Any] = []
    for item in patch:
        if key not in item:
            raise Unsure
        same = [n for n, other in enumerate(result) if other.get(key) == item[key]]
        if len(same) > 1:
            raise Unsure
        one = merged(result[same[0]], item, found.inside) if same else merged({}, item, found.inside)
        if same and one is None:
            del result[same[0]]
        elif same:
            result[same[0]] = one
        elif one is not None:
            fresh.append(one)
    return [*fresh, *result]  # kustomize puts what is new first


def without_directives(value: Any) -> Any:
    """Return a value of a patch as it is added where nothing is: without nulls, deletions and directives."""
    if isinstance(value, dict):
        return {
            key: without_directives(item)
            for key, item in value.items()
            if item is not None and not str(key).startswith("$") and not _deletes(item)
        }
    if isinstance(value, list):
        return [without_directives(item) for item in value if not _deletes(item)]
    return value


def _deletes(value: Any) -> bool:
    return isinstance(value, dict) and value.get("$patch") == "delete"


def patched(value: Any, operations: list[Any]) -> Any:
    """Return an object after a JSON patch. Raises Unsure where kustomize fails."""
    from copy import deepcopy

    value = deepcopy(value)
    for one in operations:
        if not isinstance(one, dict) or not isinstance(one.get("path"), str):
            raise Unsure
        value = _operated(value, one)
    return value


def _operated(value: Any, one: dict[str, Any]) -> Any:
    from copy import deepcopy

    operation, path = one.get("op"), steps_of(one["path"])
    if not path or operation not in ("add", "replace", "remove", "test", "copy", "move"):
        raise Unsure
    if operation in ("copy", "move"):
        if not isinstance(one.get("from"), str):
            raise Unsure
        source = steps_of(one["from"])
        new = deepcopy(_at(value, source))
        if operation == "move":
            _change(value, source, "remove", None)
    else:
        new = deepcopy(one.get("value"))
    if operation == "test":
        if _at(value, path) != new:
            raise Unsure
        return value
    _change(value, path, "add" if operation in ("copy", "move") else str(operation), new)
    return value


def steps_of(path: str) -> list[str]:
    """Return the steps of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _at(value: Any, path: list[str]) -> Any:
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            raise Unsure
    return value


def _change(value: Any, path: list[str], operation: str, new: Any) -> None:
    *above, last = path
    held = _at(value, above)
    if isinstance(held, dict):
        if operation != "add" and last not in held:
            raise Unsure
        if operation == "remove":
            del held[last]
        else:
            held[last] = new
    elif isinstance(held, list):
        number = len(held) if last == "-" and operation == "add" else int(last) if last.isdecimal() else -1
        if not 0 <= number < len(held) + (operation == "add"):
            raise Unsure
        if operation == "add":
            held.insert(number, new)
        elif operation == "remove":
            del held[number]
        else:
            held[number] = new
    else:
        raise Unsure
