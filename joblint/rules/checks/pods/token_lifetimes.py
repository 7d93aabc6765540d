"""Tokens that a CronJob stores for others: they must live until the next run has renewed them.

Sources: the references of Amazon ECR (12 hours), AWS CodeArtifact (12 hours), gcloud (1 hour), az acr (3 hours), and kubectl
create token (1 hour).
"""

from __future__ import annotations

from joblint.base.durations import show_duration
from joblint.rules.checks.containers.clients import call_hit, calls_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_HOUR = 3600
_TOKENS = (
    ("aws", ("ecr", "get-login-password"), 12 * _HOUR),
    ("aws", ("ecr", "get-authorization-token"), 12 * _HOUR),
    ("aws", ("codeartifact", "get-authorization-token"), 12 * _HOUR),
    ("gcloud", ("auth", "print-access-token"), _HOUR),
    ("az", ("acr", "login"), 3 * _HOUR),
    ("kubectl", ("create", "token"), _HOUR),
    ("oc", ("create", "token"), _HOUR),
)
_OWN = ("--duration", "--lifetime")
_STORES = ("create secret", "patch secret", "patch serviceaccount", "apply -f", "replace ", "docker-registry")


def token_expires_before_renewal(s: Subject) -> Iterator[Hit]:
    """A token for others that lives no longer than the time between two runs; one finding a CronJob."""
    from joblint.rules.checks.cronjob.period import longest_of, period_of

    if not period_of(s):
        return
    for i, _ in enumerate(s.containers):
        texts = [x.text for x in s.scripts if x.index == i]
        if not any(word in text for text in texts for word in _STORES):
            continue
        for called in calls_of(s, i, inner=True):
            lifetime = next((t for n, words, t in _TOKENS if called.name == n and _calls(called.rest, words)), 0)
            if not lifetime or any(w.startswith(_OWN) for w in called.rest):
                continue
            gap = longest_of(s)
            if gap < lifetime:
                return
            late = gap > lifetime
            effect = f"it is invalid for {show_duration(gap - lifetime)}" if late else "it expires when the next run starts"
            yield call_hit(
                s,
                called,
                command=" ".join([called.name, *_first(called.rest)]),
                lifetime=show_duration(lifetime),
                half=show_duration(lifetime // 2),
                gap=show_duration(gap),
                effect=effect,
                severity="" if late else "info",
            )
            return


def _first(rest: tuple[str, ...]) -> list[str]:
    return [w for w in rest if not w.startswith("-")][:2]


def _calls(rest: tuple[str, ...], words: tuple[str, ...]) -> bool:
    plain = [w for w in rest if not w.startswith("-")]
    if words == ("acr", "login") and "--expose-token" not in rest:
        return False
    return any(tuple(plain[n : n + 2]) == words for n in range(min(3, len(plain))))
