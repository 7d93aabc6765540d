"""What is kept of a ConfigMap or Secret: the names of its keys, and what is wrong with a value, but never a value."""

from __future__ import annotations

from joblint.base import shared
from joblint.rules.facts.others import ConfigFacts
from joblint.rules.subject import as_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.origin import Origin


_COPIERS = ("reflector.v1.k8s.emberstack.com", "replicator.v1.mittwald.de", "appscode.com", "kubernetes-replicator", "clone")
"""Who copies an object into other namespaces if an annotation requests it."""

_PATTERNS = ("template", "example", "sample", "tmpl", "placeholder", "skeleton", ".dist")
_FILLERS = ("inject", "replicate-from", "reflects")
"""How the names of labels and annotations begin that make an operator add keys: config.openshift.io/inject-trusted-cabundle."""
_STAND_INS = ("change", "replace", "your", "example", "dummy", "placeholder", "todo", "xxx", "redacted", "insert", "<", "...")


def config_facts(origin: Origin, value: dict[str, Any], hook: Hook | None) -> ConfigFacts:
    """Return the facts about a ConfigMap or Secret."""
    kind, annotations = origin.kind, as_dict(as_dict(value.get("metadata")).get("annotations"))
    keys = [
        shared.text(k) for field in ("data", "binaryData", "stringData") for k in as_dict(value.get(field)) if isinstance(k, str)
    ]
    texts = {k: v for k, v in as_dict(value.get("data")).items() if isinstance(v, str)} if kind == "ConfigMap" else {}
    named, pattern = value.get("type"), _is_pattern(kind, origin.file, value)
    return ConfigFacts(
        origin=origin,
        keys=tuple(dict.fromkeys(map(shared.text, keys))),
        hook=hook,
        pattern=pattern,
        copied=any(isinstance(k, str) and k.partition("/")[0].endswith(_COPIERS) for k in annotations),
        unquoted=tuple(_unquoted(kind, value)),
        scripts=tuple([k for k, v in texts.items() if v.startswith("#!")]),
        returns=tuple([k for k, v in texts.items() if "\r\n" in v]),
        ends=tuple(_line_ends(kind, value)),
        type=named if isinstance(named, str) and named != "Opaque" else "",
        broken=_broken(value) if kind == "Secret" and not pattern else ("", -1),
    )


def _unquoted(kind: str, value: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for field in ("data", "stringData") if kind == "Secret" else ("data",):
        for key, held in as_dict(value.get(field)).items():
            if isinstance(held, (bool, int, float)):
                shown = str(held).lower() if isinstance(held, bool) else str(held)
                yield f"{field}.{key}", shown if kind == "ConfigMap" else "…", "bool" if isinstance(held, bool) else "number"
                return


def _broken(value: dict[str, Any]) -> tuple[str, int]:
    """The first key of a Secret's data whose value the API server cannot decode; not one that something fills in later."""
    from joblint.api.go.base64_text import corrupt_at

    for key, held in as_dict(value.get("data")).items():
        if isinstance(key, str) and isinstance(held, str) and len(held) < 10_000:
            at = corrupt_at(held)
            if at >= 0 and not any(mark in held for mark in "<>{}$[]()%*_"):
                return key, at
    return "", -1


def _line_ends(kind: str, value: dict[str, Any]) -> Iterator[str]:
    """The keys whose values are one word and a line end: a password from `echo PASSWORD | base64`, a name after `|`."""
    for field in ("data", "stringData") if kind == "Secret" else ("data",):
        for key, held in as_dict(value.get(field)).items():
            if not isinstance(key, str) or not isinstance(held, str) or len(held) > 2000:
                continue
            text = held
            if kind == "Secret" and field == "data":
                from binascii import Error, a2b_base64

                try:
                    text = a2b_base64("".join(held.split()).encode(), strict_mode=True).decode()
                except (Error, ValueError):
                    continue
            word = text.removesuffix("\n").removesuffix("\r")
            if word != text and len(word.split()) == 1 and word == word.strip() and word[0] not in "{[<":
                yield key


def is_example(file: str) -> bool:
    """Return whether a file's name says that it is not applied as it is: secret.example.yaml, secrets.template.yaml."""
    name = file.replace("\\", "/").rpartition("/")[2].lower()
    return any(word in name for word in _PATTERNS)


def _is_pattern(kind: str, file: str, value: dict[str, Any]) -> bool:
    """Whether the object is filled in elsewhere, so that its keys say little about those in the cluster."""
    meta = as_dict(value.get("metadata"))
    keys = [*as_dict(meta.get("annotations")), *as_dict(meta.get("labels"))]
    if is_example(file) or any(isinstance(key, str) and key.partition("/")[2].startswith(_FILLERS) for key in keys):
        return True
    if kind != "Secret":
        return False
    held = {**as_dict(value.get("data")), **as_dict(value.get("stringData"))}
    return all(isinstance(v, str) and v.strip().lower().startswith(_STAND_INS) and not _is_markup(v) for v in held.values())


def _is_markup(text: str) -> bool:
    """Whether a value is XML, not <password>."""
    return text.lstrip().startswith("<?") or "</" in text or "/>" in text
