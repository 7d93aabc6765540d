"""A Pod's DNS policy and configuration, and the hosts it adds to its hosts file; knows names and IP addresses.

Source: Kubernetes 1.36.3 pkg/apis/core/validation/validation.go validateDNSPolicy, validatePodDNSConfig, ValidateHostAliases.
"""

from __future__ import annotations

from joblint.api.errors import Typed
from joblint.api.go.ip import is_valid_ip_for_legacy_field
from joblint.api.validate.meta.names import byte_len, is_dns1123_subdomain, is_dns1123_subdomain_with_underscore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.api.errors import Errors
    from joblint.api.version.versions import Gates

DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
# What the resolver of the C library can store.
_MOST_NAMESERVERS = 3
_MOST_SEARCHES = 32
_MOST_SEARCH_BYTES = 2048


def validate_dns_policy(policy: str | None, path: str, errors: Errors) -> None:
    """A Pod's dnsPolicy, which has a default."""
    if not policy:
        errors.required(path)
    elif policy not in DNS_POLICIES:
        errors.not_supported(path, Typed(policy), DNS_POLICIES)


def validate_pod_dns_config(config: dict[str, Any] | None, path: str, errors: Errors, opts: Gates, policy: str | None) -> None:
    """A Pod's dnsConfig; with dnsPolicy None there must be one with a nameserver."""
    if policy == "None":
        if config is None:
            errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            return
        if not config.get("nameservers"):
            errors.required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            return
    if config is None:
        return
    servers, searches = config.get("nameservers") or [], config.get("searches") or []
    if len(servers) > _MOST_NAMESERVERS:
        errors.invalid(f"{path}.nameservers", servers, f"must not have more than {_MOST_NAMESERVERS} nameservers")
    strict = opts.on("StrictIPCIDRValidation")
    for i, server in enumerate(servers):
        for message in is_valid_ip_for_legacy_field(server, strict):
            errors.invalid(f"{path}.nameservers[{i}]", server, message)
    if len(searches) > _MOST_SEARCHES:
        errors.invalid(f"{path}.searches", searches, f"must not have more than {_MOST_SEARCHES} search paths")
    if byte_len(" ".join(searches)) > _MOST_SEARCH_BYTES:
        detail = f"must not have more than {_MOST_SEARCH_BYTES} characters (including spaces) in the search list"
        errors.invalid(f"{path}.searches", searches, detail)
    relaxed = opts.on("RelaxedDNSSearchValidation")
    for i, search in enumerate(searches):
        if relaxed and search == ".":
            continue
        name = search.removesuffix(".")
        for message in is_dns1123_subdomain_with_underscore(name) if relaxed else is_dns1123_subdomain(name):
            errors.invalid(f"{path}.searches[{i}]", name, message)
    for i, option in enumerate(config.get("options") or ()):
        if not option.get("name"):
            errors.required(f"{path}.options[{i}]", "must not be empty")


def validate_host_aliases(aliases: list[dict[str, Any]], path: str, errors: Errors, opts: Gates) -> None:
    """Addresses and the names that the Pod's hosts file gives them."""
    strict = opts.on("StrictIPCIDRValidation")
    for i, alias in enumerate(aliases):
        address = alias.get("ip") or ""
        for message in is_valid_ip_for_legacy_field(address, strict):
            errors.invalid(f"{path}[{i}].ip", address, message)
        for j, name in enumerate(alias.get("hostnames") or ()):
            for message in is_dns1123_subdomain(name):
                errors.invalid(f"{path}[{i}].hostnames[{j}]", name, message)
