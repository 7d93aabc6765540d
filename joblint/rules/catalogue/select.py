"""Which rules run: by ID, name or family prefix, profile and Kubernetes version; knows rules, no manifests."""

from __future__ import annotations

from joblint.base.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.catalogue.rule import Rule

RENAMED = {
    "ignore-without-effect": "JL015",
    "refused-by-api-server": "JL199",
    "limit-below-one-wave": "JL204",
    "retries-without-end": "JL211",
    "restarts-for-ever": "JL212",
    "work-queue-by-accident": "JL402",
    "time-zone-unsaid": "JL509",
    "piles-up-under-allow": "JL510",
    "starves-under-forbid": "JL511",
    "replace-never-finishes": "JL512",
    "job-template-refused": "JL523",
    "apply-runs-nothing": "JL601",
    "hook-key-misspelt": "JL606",
    "queue-label-unseen": "JL614",
    "hook-words-without-hook": "JL625",
    "failure-thrown-away": "JL702",
    "process-number-lost": "JL717",
    "never-ends": "JL720",
    "wait-loop-without-end": "JL725",
    "status-not-passed-on": "JL738",
    "time-asked-twice": "JL746",
    "line-end-encoded": "JL770",
    "variable-of-another-name": "JL773",
    "host-key-not-known": "JL775",
    "deletion-fails-first": "JL776",
    "daemon-not-there": "JL780",
    "sidecar-not-awaited": "JL786",
    "root-unsaid": "JL807",
    "many-near-equal-jobs": "JL813",
    "reference-misspelt": "JL931",
    "policy-keeps-pods-out": "JL954",
    "value-ends-with-line-end": "JL973",
    "unready-name-awaited": "JL983",
}
"""Former names of rules, with the rule's ID: selections, ignores and settings still accept them."""


class UnknownRule(Exception):
    """A selection that matches no rule; the text contains it and the closest known name."""


class Selection(Record):
    """What is selected: patterns are IDs (`JL301`), prefixes of IDs (`JL3`), names (including former ones), or `all`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = "default"


def matches(rule: Rule, pattern: str) -> bool:
    """Whether a pattern of a selection matches this rule."""
    if pattern.lower() == "all":
        return True
    if pattern in (rule.name, rule.id) or RENAMED.get(pattern) == rule.id:
        return True
    return pattern.isalnum() and rule.id.startswith(pattern.upper())


def version_fits(spec: str, version: str) -> bool:
    """Whether a version such as 1.36 meets a condition such as `>=1.21,<1.34`; every version meets an empty condition."""
    minor = int(version.split(".")[1])
    for part in spec.split(",") if spec else ():
        sign = part.rstrip("0123456789.")
        bound = int(part[len(sign) :].split(".")[1])
        fits = {">=": minor >= bound, "<=": minor <= bound, ">": minor > bound, "<": minor < bound, "==": minor == bound}
        if not fits[sign]:
            return False
    return True


def chosen(rules: tuple[Rule, ...], selection: Selection, version: str) -> tuple[Rule, ...]:
    """Return the rules that run. A rule selected by its own ID or name runs whatever its profile.

    Raises UnknownRule if a pattern matches no rule.
    """
    for pattern in selection.select + selection.ignore:
        if not any(matches(r, pattern) for r in rules):
            raise UnknownRule(unknown(pattern, rules))
    found = []
    for rule in rules:
        if selection.select:
            # With a narrow selection, rejections are reported only if they are selected as well.
            if not any(matches(rule, p) for p in selection.select):
                continue
        if rule.profile == "strict" and selection.profile != "strict":
            if not any(p in (rule.id, rule.name) or RENAMED.get(p) == rule.id for p in selection.select):
                continue
        if any(matches(rule, p) for p in selection.ignore):
            continue
        if rule.kubernetes and not version_fits(rule.kubernetes, version):
            continue
        found.append(rule)
    return tuple(found)


_LONGEST = 100
"""A longer text, in characters, is not a misspelling of a rule's name."""


def unknown(pattern: str, rules: tuple[Rule, ...]) -> str:
    """Return the message for a pattern that matches no rule, with the closest known name."""
    from difflib import get_close_matches

    if len(pattern) > _LONGEST:
        return f"no rule is called {pattern[:_LONGEST] + '…'!r}; to list all rules: joblint rules"
    digits = pattern.upper().removeprefix("JL").replace("O", "0")  # the letter O instead of a zero
    if pattern.upper().startswith("JL") and digits.isdigit():
        near = [r.id for r in rules if r.id == f"JL{digits}"]
    else:
        near = get_close_matches(pattern, [r.name for r in rules], 1, 0.6)
    hint = f"; did you mean {near[0]}?" if near else "; to list all rules: joblint rules"
    return f"no rule is called {pattern!r}{hint}"
