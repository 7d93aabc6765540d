"""The requests and limits of containers after the defaults of a namespace; no texts.

Source: Kubernetes 1.36.3 plugin/pkg/admission/limitranger/admission.go, pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.needs import Amounts
    from joblint.rules.others import RangeFacts


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
