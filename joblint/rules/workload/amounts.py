"""The requests and limits of containers after the defaults of a namespace; no texts.

Source: Kubernetes 1.36.3 plugin/pkg/admission/limitranger/admission.go, pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.facts.needs import Amounts
    from joblint.rules.facts.others import RangeFacts


def with_defaults(a: Amounts, ranges: list[RangeFacts]) -> Amounts:
    """The quantities after the API server's defaults (requests from limits) and the LimitRanger admission plugin (default limits,
    default requests)."""
    limits, requests = dict(a.limits), {**a.limits, **a.requests}
    for found in ranges:
        words = {word: amounts for kind, word, amounts in found.limits if kind == "Container"}
        default = {**words.get("max", {}), **words.get("default", {})}
        wanted = {**words.get("min", {}), **default, **words.get("defaultRequest", {})}
        for resource, amount in default.items():
            limits.setdefault(resource, amount)
        for resource, amount in wanted.items():
            requests.setdefault(resource, amount)
    for resource, amount in limits.items():
        requests.setdefault(resource, amount)
    from joblint.base.record import replace

    return replace(a, requests=requests, limits=limits)


def of_pod(amounts: list[Amounts], word: str, resource: str) -> str | None:
    """Return a Pod's request for a resource: all main containers and sidecars, or the largest init container; None if a
    quantity is missing or cannot be read."""
    from joblint.api.go.quantity import Quantity, QuantityError, parse

    zero = Quantity(0, 0, "DecimalSI")
    mains, largest = zero, zero
    for a in amounts:
        try:
            amount = parse(getattr(a, word)[resource])
        except (QuantityError, KeyError):
            return None
        if a.role == "init":
            largest = amount if amount.compare(largest) > 0 else largest
        else:
            mains = amount if mains.is_zero() else mains.plus(amount)
    return str(mains if mains.compare(largest) > 0 else largest)


def above(amount: str, hard: str) -> bool:
    """Return whether a quantity is larger than another one; False if one of them cannot be read."""
    from joblint.api.go.quantity import QuantityError, parse

    try:
        return parse(amount).compare(parse(hard)) > 0
    except QuantityError:
        return False
