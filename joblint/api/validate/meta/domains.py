"""Domain names and domain-prefixed paths that are checked under a field; knows names and the errors collector.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/validation/validation.go.
"""

from __future__ import annotations

from joblint.api.validate.meta.names import is_dns1123_subdomain, is_http_path, is_qualified_name, regex_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.errors import Errors


def is_domain_prefixed_path(path: str, value: str, errors: Errors) -> None:
    """A DNS name, a slash and an HTTP path, such as `acme.io/foo`."""
    if value == "":
        errors.required(path, "")
        return
    host, _, rest = value.partition("/")
    if host == "" or rest == "":
        errors.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')
        return
    for message in is_dns1123_subdomain(host):
        errors.invalid(path, host, message)
    if not is_http_path(rest):
        errors.invalid(path, rest, regex_error("Invalid path", r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"))


def is_domain_prefixed_key(path: str, key: str, errors: Errors) -> None:
    """A label key that has its DNS prefix, such as `acme.io/foo`."""
    if key == "":
        errors.required(path, "")
        return
    messages = is_qualified_name(key)
    for message in messages:
        errors.invalid(path, key, message)
    if not messages and "/" not in key:
        errors.invalid(path, key, 'must be a domain-prefixed key (such as "acme.io/foo")')
