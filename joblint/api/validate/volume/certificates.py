"""Trust bundles and certificates in projected volumes (on by default since 1.37); knows names and paths.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateProjectionSources, pkg/apis/core/validation/names.go,
pkg/apis/certificates/types.go.
"""

from __future__ import annotations

from joblint.api.validate.meta.labels import validate_label_selector
from joblint.api.validate.meta.names import byte_len, is_dns1123_label, is_dns1123_subdomain
from joblint.api.validate.volume.paths import CONFLICT, take, validate_local_non_reserved_path
from joblint.api.validate.volume.volume import validate_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

KEY_TYPES = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
_DAY = 24 * 60 * 60  # seconds


def validate_cluster_trust_bundle(
    source: dict[str, Any], path: str, errors: Errors, opts: Gates, volume_path: str, taken: set[str]
) -> None:
    """A clusterTrustBundle source, by name or by signer; `taken` are the paths of the volume so far."""
    name, signer, selector = source.get("name"), source.get("signerName"), source.get("labelSelector")
    if name is not None and signer is not None:
        from joblint.api.go.internal import go_value

        shown = go_value(source, "ClusterTrustBundleProjection", opts.minor)
        errors.invalid(path, shown, "only one of name and signerName may be used")
    elif name is not None:
        if name == "":
            errors.required(f"{path}.name", "must be a valid object name")
        for message in _bundle_name(name):
            errors.invalid(f"{path}.name", name, f"not a valid clustertrustbundlename: {message}")
        if selector is not None:
            detail = "labelSelector must be unset if name is specified"
            errors.invalid(f"{path}.labelSelector", _selector_shown(selector), detail)
    elif signer is not None:
        if signer == "":
            errors.required(f"{path}.signerName", "must be a valid signer name")
        validate_signer_name(signer, f"{path}.signerName", errors)
        validate_label_selector(selector, f"{path}.labelSelector", errors)
    else:
        errors.required(path, "either name or signerName must be specified")
    target = source.get("path") or ""
    if not target:
        errors.required(f"{path}.path")
    validate_user(source, "user", path, errors)
    validate_local_non_reserved_path(target, f"{path}.path", errors)
    # Unlike elsewhere, two empty paths are also a conflict.
    if target in taken:
        errors.invalid(volume_path, target, CONFLICT)
    taken.add(target)


def _selector_shown(selector: dict[str, Any] | None) -> dict[str, Any] | None:
    """A LabelSelector with its keys in the order in which Go prints them."""
    if selector is None:
        return None
    shown: dict[str, Any] = {}
    if labels := selector.get("matchLabels"):
        shown["matchLabels"] = {key: labels[key] for key in sorted(labels)}
    if requirements := selector.get("matchExpressions"):
        shown["matchExpressions"] = [
            {"key": item.get("key") or "", "operator": item.get("operator") or ""}
            | ({"values": item["values"]} if item.get("values") else {})
            for item in requirements
        ]
    return shown


def _bundle_name(name: str) -> tuple[str, ...]:
    prefix, colon, rest = name.rpartition(":")
    if not colon:
        return is_dns1123_subdomain(name)
    if prefix == "":
        return ('ClusterTrustBundle without signer name must not have ":" in its name',)
    if "/" in prefix:
        signer, wanted = prefix.replace(":", "/"), prefix.replace("/", ":") + ":"
        return (f"ClusterTrustBundle for signerName {signer} must be named with prefix {wanted}",)
    return is_dns1123_subdomain(rest)


def validate_signer_name(signer: str, path: str, errors: Errors) -> None:
    """A signer's name: a domain of two labels or more, a slash, and a dotted path."""
    if not signer:
        errors.required(path)
        return
    segments = signer.split("/")
    if len(segments) != 2:
        errors.invalid(path, signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'")
        return
    domain, rest = segments
    if byte_len(domain) > 253:
        errors.too_long(path, 253)
    for label in domain.split("."):
        if messages := is_dns1123_label(label):
            _complain(domain, label, messages, path, errors)
            break
    if "." not in domain:
        errors.invalid(path, domain, "should be a domain with at least two segments separated by dots")
    for label in rest.split("."):
        if messages := is_dns1123_subdomain(label):
            _complain(rest, label, messages, path, errors)
            break
    longest = 253 + 253 + 63 + 1 + 1
    if byte_len(signer) > longest:
        errors.too_long(path, longest)


def _complain(segment: str, label: str, messages: tuple[str, ...], path: str, errors: Errors) -> None:
    from joblint.api.errors import go_quote

    for message in messages:
        errors.invalid(path, segment, f"validating label {go_quote(label)}: {message}")


def validate_pod_certificate(source: dict[str, Any], path: str, errors: Errors, volume_path: str, taken: set[str]) -> None:
    """A podCertificate source; `taken` are the paths of the volume so far."""
    from joblint.api.validate.meta.domains import is_domain_prefixed_key

    signer = source.get("signerName") or ""
    validate_signer_name(signer, f"{path}.signerName", errors)
    notes = source.get("userAnnotations") or {}
    for key in sorted(notes):
        is_domain_prefixed_key(f"{path}.userAnnotations", key.lower(), errors)
    if sum(byte_len(key) + byte_len(value) for key, value in notes.items()) > 256 * 1024:
        errors.too_long(f"{path}.userAnnotations", 256 * 1024)
    validate_user(source, "user", path, errors)
    key_type = source.get("keyType") or ""
    if key_type not in KEY_TYPES:
        errors.not_supported(f"{path}.keyType", key_type, KEY_TYPES)
    longest = source.get("maxExpirationSeconds")
    if longest is not None:
        if longest < 3600:
            errors.invalid(f"{path}.maxExpirationSeconds", longest, "if provided, maxExpirationSeconds must be >= 3600")
        host = signer.partition("/")[0]
        limit = _DAY if host == "kubernetes.io" or host.endswith(".kubernetes.io") else 91 * _DAY
        if longest > limit:
            errors.invalid(f"{path}.maxExpirationSeconds", longest, f"if provided, maxExpirationSeconds must be <= {limit}")
    found = False
    for field in ("credentialBundlePath", "keyPath", "certificateChainPath"):
        if target := source.get(field):
            found = True
            validate_local_non_reserved_path(target, f"{path}.{field}", errors)
            take(target, target, volume_path, errors, taken)
    if not found:
        errors.required(path, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath")
