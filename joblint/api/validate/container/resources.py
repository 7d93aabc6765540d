"""Resource requests, limits and claims of a container; knows quantities, resource names and errors.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateResourceRequirements, pkg/apis/core/helper/helpers.go.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.go.quantity import from_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.go.quantity import Quantity

_COMPUTE = ("cpu", "memory")
_COMMON = ("cpu", "memory", "ephemeral-storage")
_NO_CLAIMS: frozenset[str] = frozenset()


def validate_container_resource_requirements(
    requirements: dict[str, Any], path: str, errors: Errors, claims: frozenset[str] = _NO_CLAIMS
) -> None:
    """A container's resources (or an overhead, as limits alone); `claims` are the names of the Pod's resource claims."""
    _validate_requirements(requirements, _COMMON, path, errors, claims)


def validate_pod_resource_requirements(requirements: dict[str, Any], path: str, errors: Errors, claims: frozenset[str]) -> None:
    """The resources of a Pod as a whole, as far as they go without looking at its containers."""
    _validate_requirements(requirements, _COMPUTE, path, errors, claims)


def _validate_requirements(
    requirements: dict[str, Any], known: tuple[str, ...], path: str, errors: Errors, claims: frozenset[str]
) -> None:
    # `known` are the good names that need no look: whole or not, any quantity of them is valid that is not negative.
    limits, requests = requirements.get("limits"), requirements.get("requests")
    bounds: dict[str, Quantity] = {}
    if limits:
        for name, value in limits.items():
            bounds[name] = amount = from_json(value)
            if name in known and amount.unscaled >= 0:
                continue
            _validate_amount(name, amount, known, f"{path}.limits[{name}]", errors)
            if name.startswith("hugepages-"):
                _validate_huge_pages(name, amount, f"{path}.limits[{name}]", errors)
    if requests:
        for name, value in requests.items():
            amount = from_json(value)
            if name not in known or amount.unscaled < 0:
                _validate_amount(name, amount, known, f"{path}.requests[{name}]", errors)
            bound = bounds.get(name)
            if bound is not None:
                _validate_bound(name, amount, bound, f"{path}.requests", errors)
            elif name not in _COMMON and not _may_overcommit(name):
                errors.required(f"{path}.limits", "Limit must be set for non overcommitable resources")
            if name.startswith("hugepages-"):
                _validate_huge_pages(name, amount, f"{path}.requests[{name}]", errors)
    named = {*(limits or ()), *(requests or ())}
    if named and not named.intersection(_COMPUTE) and any(name.startswith("hugepages-") for name in named):
        errors.forbidden(path, "HugePages require cpu or memory")
    if requirements.get("claims"):
        _validate_claim_names(requirements["claims"], claims, f"{path}.claims", errors)


def _validate_amount(name: str, amount: Quantity, known: tuple[str, ...], path: str, errors: Errors) -> None:
    from joblint.api.validate.container.resource_names import (
        is_integer,
        validate_container_resource_name,
        validate_pod_resource_name,
    )

    if known is _COMMON:
        validate_container_resource_name(name, path, errors)
    else:
        validate_pod_resource_name(name, path, errors)
    if amount.unscaled < 0:
        errors.invalid(path, str(amount), "must be greater than or equal to 0")
    # Go's remainder is 0 for the same numbers as Python's.
    if is_integer(name) and amount.milli_value() % 1000 != 0:
        errors.invalid(path, Typed(str(amount)), "must be an integer")


def _validate_bound(name: str, amount: Quantity, bound: Quantity, path: str, errors: Errors) -> None:
    order = amount.compare(bound)
    if order == 0:
        return
    if name not in _COMMON and not _may_overcommit(name):
        errors.invalid(path, str(amount), f"must be equal to {name} limit of {bound}")
    elif order > 0:
        errors.invalid(path, str(amount), f"must be less than or equal to {name} limit of {bound}", key=name)


def _may_overcommit(name: str) -> bool:
    from joblint.api.validate.container.resource_names import is_native

    return is_native(name) and not name.startswith("hugepages-")


def _validate_huge_pages(name: str, amount: Quantity, path: str, errors: Errors) -> None:
    if not _is_divisible(name, amount):
        errors.invalid(path, str(amount), f"{amount} is not positive integer multiple of {name}")


def _is_divisible(name: str, amount: Quantity) -> bool:
    from joblint.api.go.quantity import QuantityError, parse

    try:
        page = parse(name.removeprefix("hugepages-"))
    except QuantityError:
        return False
    if page.sign() <= 0 or page.milli_value() % 1000 != 0:
        return False
    size = page.value()
    # A page so big that its size overflows to 0 would make the server panic.
    return size != 0 and amount.value() % size == 0


def _validate_claim_names(items: list[dict[str, Any]], claims: frozenset[str], path: str, errors: Errors) -> None:
    seen: set[str] = set()
    for i, item in enumerate(items):
        where = f"{path}[{i}]"
        name, request = item.get("name", ""), item.get("request", "")
        if not name:
            errors.required(where)
            continue
        if name in seen:
            errors.duplicate(where, name)
        else:
            key = name
            if request:
                from joblint.api.validate.meta.names import is_dns1123_label

                for message in is_dns1123_label(request):
                    errors.invalid(f"{where}.request", request, message)
                key = f"{name}/{request}"
            if key in seen:
                errors.duplicate(where, key)
            elif not request:
                # The whole claim overlaps with each of its requests that was named before.
                for other in seen:
                    if other.partition("/")[0] == name:
                        errors.duplicate(where, name)
            seen.add(key)
        if name not in claims:
            known = f": {', '.join(sorted(claims))}" if claims else " which is empty"
            errors.not_found(where, name, f"must be one of the names in pod.spec.resourceClaims{known}")
