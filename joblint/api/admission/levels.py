"""Levels and versions of the Pod Security Standards, and the policy that a namespace's labels set; knows strings only.

Source: k8s.io/pod-security-admission v0.37.2 api/helpers.go, api/constants.go.
"""

from __future__ import annotations

from joblint.base.record import Record
from joblint.base.wrong import WrongInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LEVELS = ("privileged", "baseline", "restricted")
"""From the least strict to the strictest."""

LATEST = "latest"
LABEL = "pod-security.kubernetes.io/"
MODES = ("enforce", "audit", "warn")
_MAX_INT = (1 << 63) - 1


class Policy(Record):
    """A level at a version: `level` is one of LEVELS, `version` is "latest" or "v1.N", as requested."""

    level: str
    version: str = LATEST

    def __str__(self) -> str:
        return f"{self.level}:{self.version}"


class NamespacePolicies(Record):
    """The policies of a namespace, by mode, and the labels whose values the server does not accept."""

    enforce: Policy
    audit: Policy
    warn: Policy
    invalid: tuple[tuple[str, str], ...] = ()


def is_version(text: str) -> bool:
    """Whether the plugin reads the text as a version: `latest` or `v1.N`."""
    if text == LATEST:
        return True
    digits = text.removeprefix("v1.")
    if digits == text or not (digits.isascii() and digits.isdigit()) or (digits[0] == "0" and digits != "0"):
        return False
    return len(digits) < 20 and int(digits) <= _MAX_INT


def parse(text: str) -> Policy:
    """The policy that "restricted" or "baseline:v1.31" names. Raises WrongInput for anything else."""
    level, colon, version = text.partition(":")
    if level not in LEVELS:
        from joblint.base.nearest import nearest

        meant = nearest(level, LEVELS)
        hint = f"; did you mean {meant}?" if meant else ""
        raise WrongInput(f"unknown Pod Security level {level!r}: use {', '.join(LEVELS[:-1])} or {LEVELS[-1]}{hint}")
    if colon and not is_version(version):
        from joblint.api.version.versions import DEFAULT

        raise WrongInput(f"unknown Pod Security version {version!r}: use latest or v1.N, such as {level}:v{DEFAULT}")
    return Policy(level, version or LATEST)


def policies_of(labels: dict[str, Any]) -> NamespacePolicies:
    """What a namespace's labels request. A level that does not exist enforces `restricted`, a wrong version is `latest`."""
    chosen: dict[str, Policy] = {}
    invalid: list[tuple[str, str]] = []
    given: set[str] = set()
    for mode in MODES:
        level, version = "privileged", LATEST
        if LABEL + mode in labels:
            text = str(labels[LABEL + mode])
            if text in LEVELS:
                level = text
                given.add(mode)
            else:
                level = "restricted" if mode == "enforce" else "privileged"
                invalid.append((LABEL + mode, text))
                if mode == "warn":
                    given.add(mode)
        if f"{LABEL}{mode}-version" in labels:
            text = str(labels[f"{LABEL}{mode}-version"])
            if is_version(text):
                version = text
            else:
                invalid.append((f"{LABEL}{mode}-version", text))
            given.add(mode + "-version")
        chosen[mode] = Policy(level, version)
    enforce, warn = chosen["enforce"], chosen["warn"]
    # An unset warn becomes the level that is enforced, if that is stricter.
    if "warn" not in given and "enforce" in given and LEVELS.index(enforce.level) > LEVELS.index(warn.level):
        warn = Policy(enforce.level, warn.version if "warn-version" in given else enforce.version)
    return NamespacePolicies(enforce, chosen["audit"], warn, tuple(invalid))
