"""The keys of Secrets, and the files of volumes, that controllers make from objects in the files.

Source: External Secrets Operator 0.14 (spec.data, spec.target.template), Sealed Secrets 0.27 (encryptedData), and the providers
of the Secrets Store CSI driver for Azure, AWS and Vault (objectAlias, otherwise objectName, is the name of the file).
"""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UNKNOWN = ("{{", "${", "$(", "objectVersionHistory", "dataFrom", "\t")


def keys_made(kind: str, spec: dict[str, Any]) -> tuple[str, ...]:
    """Return the keys or files that a controller makes from an object; none if they are not known."""
    if kind == "ExternalSecret":
        return _of_external(spec)
    if kind == "SealedSecret":
        if "sealedsecrets.bitnami.com/patch" in as_dict(
            as_dict(as_dict(spec.get("template")).get("metadata")).get("annotations")
        ):
            return ()
        encrypted = as_dict(spec.get("encryptedData"))
        return tuple([str(key) for key in (*encrypted, *as_dict(as_dict(spec.get("template")).get("data")))])
    return _of_provider(spec) if kind == "SecretProviderClass" else ()


def _of_external(spec: dict[str, Any]) -> tuple[str, ...]:
    target = as_dict(spec.get("target"))
    template = as_dict(target.get("template"))
    if spec.get("dataFrom") or target.get("creationPolicy") in ("Merge", "None") or template.get("templateFrom"):
        return ()
    own = [str(as_dict(entry).get("secretKey")) for entry in as_list(spec.get("data"))]
    templated = [str(key) for key in as_dict(template.get("data"))]
    if not templated:
        return tuple(own)
    return (*templated, *own) if template.get("mergePolicy") == "Merge" else tuple(templated)


def _of_provider(spec: dict[str, Any]) -> tuple[str, ...]:
    provider, text = spec.get("provider"), as_dict(spec.get("parameters")).get("objects")
    if provider not in ("azure", "aws", "vault") or not isinstance(text, str) or any(mark in text for mark in _UNKNOWN):
        return ()
    import re  # here, because every object that a Job may refer to is read by this module

    found: list[str] = []
    for entry in re.split(r"(?m)^\s*- ?", text):
        pairs = re.findall(r"""(?m)^\s*(objectName|objectAlias): *["']?([A-Za-z0-9._-]+)["']?\s*(?:#.*)?$""", entry)
        named: dict[str, str] = dict(pairs)
        if entry.count("objectName:") + entry.count("objectAlias:") != len(named):
            return ()  # a name with a slash, or one that is not written in the usual way
        alias = named.get("objectAlias", "") if provider != "vault" else ""
        file = alias or named.get("objectName", "")
        found += [file] if file else []
        if alias and "jmesPath" in text:
            found.append(named.get("objectName", alias))
    return tuple(dict.fromkeys(found))
