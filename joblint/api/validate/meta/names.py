"""Which names, keys and values the API server accepts, and its errors on the others; knows strings only.

Every `is_…` function gets the value and returns the server's complaints, an empty tuple if there are none, so that a caller
writes `for message in is_dns1123_label(name): errors.invalid(path, name, message)`. Lengths are bytes.

Source: Kubernetes 1.36.3, k8s.io/apimachinery pkg/util/validation/validation.go, pkg/api/validate/content (label keys and
values) and pkg/api/validation/generic.go (names).
"""

from __future__ import annotations

from joblint.base.memo import memo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Messages: TypeAlias = tuple[str, ...]

# Membership is tested by stripping: nothing is left of a text that contains only the given characters.
_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_UPPER = _LOWER.upper()
_ALNUM = _LOWER + _UPPER + _DIGITS
_LABEL = _LOWER + _DIGITS + "-"
_SUBDOMAIN = _LABEL + "."
_KEY = _ALNUM + "-_."
_HTTP_PATH = _ALNUM + "/-._~%!$&'()*+,;=:"

_LABEL_FMT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN_FMT = _LABEL_FMT + "(\\." + _LABEL_FMT + ")*"
_UNDERSCORE_FMT = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_UNDERSCORE_SUBDOMAIN_FMT = _UNDERSCORE_FMT + "(\\." + _UNDERSCORE_FMT + ")*"
_KEY_FMT = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

OK: Messages = ()


def byte_len(text: str) -> int:
    """The length of the text in UTF-8, as Go's len() counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def regex_error(message: str, pattern: str, *examples: str) -> str:
    """Return the server's message if a regular expression does not match."""
    if not examples:
        return f"{message} (regex used for validation is '{pattern}')"
    listed = " or ".join(f"'{example}', " for example in examples)
    return f"{message} (e.g. {listed}regex used for validation is '{pattern}')"


def inclusive_range(low: int, high: int) -> str:
    """Return the server's message about a number outside of a range."""
    return f"must be between {low} and {high}, inclusive"


def _label(value: str) -> bool:
    return value != "" and not value.strip(_LABEL) and value[0] != "-" and value[-1] != "-"


def _subdomain(value: str) -> bool:
    return (
        value != ""
        and not value.strip(_SUBDOMAIN)
        and value[0] not in "-."
        and value[-1] not in "-."
        and (("." not in value) or not (".." in value or ".-" in value or "-." in value))
    )


@memo(512)
def is_dns1123_label(value: str) -> Messages:
    """Complaints about a value that must be a lower-case DNS label (RFC 1123)."""
    if len(value) <= 63 and _label(value):
        return OK
    found = []
    if byte_len(value) > 63:
        found.append("must be no more than 63 characters")
    if not _label(value):
        if _subdomain(value):
            found.append("must not contain dots")
        else:
            text = (
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                "and must start and end with an alphanumeric character"
            )
            found.append(regex_error(text, _LABEL_FMT, "my-name", "123-abc"))
    return tuple(found)


_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character"
)


@memo(512)
def is_dns1123_subdomain(value: str) -> Messages:
    """Complaints about a value that must be a lower-case DNS name (RFC 1123)."""
    if len(value) <= 253 and _subdomain(value):
        return OK
    found = []
    if byte_len(value) > 253:
        found.append("must be no more than 253 characters")
    if not _subdomain(value):
        found.append(regex_error(_SUBDOMAIN_TEXT, _SUBDOMAIN_FMT, "example.com"))
    return tuple(found)


@memo(512)
def is_dns1035_label(value: str) -> Messages:
    """Complaints about a value that must be a DNS label by RFC 1035: it begins with a letter."""
    well_formed = _label(value) and not value[0].isdigit()
    if byte_len(value) <= 63 and well_formed:
        return OK
    found = []
    if byte_len(value) > 63:
        found.append("must be no more than 63 characters")
    if not well_formed:
        text = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
            "and end with an alphanumeric character"
        )
        found.append(regex_error(text, "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123"))
    return tuple(found)


def is_dns1123_subdomain_with_underscore(value: str) -> Messages:
    """Complaints about a DNS name in which a label may contain underscores (search domains of a Pod)."""
    found = []
    if byte_len(value) > 253:
        found.append("must be no more than 253 characters")
    for label in value.split("."):
        rest = label[1:] if label.startswith("_") else label
        if rest == "" or rest.strip(_LABEL + "_") or rest[0] in "-_" or rest[-1] in "-_":
            text = (
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', "
                "and must start and end with an alphanumeric character"
            )
            found.append(regex_error(text, _UNDERSCORE_SUBDOMAIN_FMT, "example.com"))
            break
    return tuple(found)


def _key_name(value: str) -> bool:
    return value != "" and not value.strip(_KEY) and value[0] not in "-_." and value[-1] not in "-_."


@memo(512)
def is_qualified_name(value: str) -> Messages:
    """Complaints about a label key, annotation key, finalizer, resource name …: `name` or `dns.prefix/name`."""
    prefix, slash, name = value.rpartition("/")
    if len(name) <= 63 and _key_name(name) and (not slash or (len(prefix) <= 253 and _subdomain(prefix))):
        return OK
    parts = value.split("/")
    text = regex_error(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        _KEY_FMT,
        "MyName",
        "my.name",
        "123-abc",
    )
    if len(parts) > 2:
        return (f"a valid label key {text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",)
    found = []
    if slash:
        if prefix == "":
            found.append("prefix part must be non-empty")
        else:
            # The prefix is measured in bytes where the same rule elsewhere says characters.
            if byte_len(prefix) > 253:
                found.append("prefix part must be no more than 253 bytes")
            if not _subdomain(prefix):
                found.append("prefix part " + regex_error(_SUBDOMAIN_TEXT, _SUBDOMAIN_FMT, "example.com"))
    if name == "":
        found.append("name part must be non-empty")
    elif byte_len(name) > 63:
        found.append("name part must be no more than 63 bytes")
    if not _key_name(name):
        found.append("name part " + text)
    return tuple(found)


@memo(512)
def is_valid_label_value(value: str) -> Messages:
    """Complaints about a label's value; the empty text is a good one."""
    if value == "" or (len(value) <= 63 and _key_name(value)):
        return OK
    found = []
    if byte_len(value) > 63:
        found.append("must be no more than 63 bytes")
    if not _key_name(value):
        text = (
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
            "and must start and end with an alphanumeric character"
        )
        found.append(regex_error(text, f"({_KEY_FMT})?", "MyValue", "my_value", "12345"))
    return tuple(found)


def _no_parent_folder(value: str) -> Messages:
    if value == ".":
        return ("must not be '.'",)
    if value == "..":
        return ("must not be '..'",)
    return ("must not start with '..'",) if value.startswith("..") else OK


def is_env_var_name(value: str) -> Messages:
    """Complaints about the name of an environment variable under the old, strict rule."""
    found = OK
    if value == "" or value.strip(_KEY) or value[0] in _DIGITS:
        text = (
            "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', "
            "and must not start with a digit"
        )
        found = (regex_error(text, "[-._a-zA-Z][-._a-zA-Z0-9]*", "my.env-name", "MY_ENV.NAME", "MyEnvName1"),)
    return found + _no_parent_folder(value) if value.startswith(".") else found


def is_relaxed_env_var_name(value: str) -> Messages:
    """Complaints about the name of an environment variable where any printable ASCII character but `=` will do."""
    if value == "":
        return ("environment variable name must be non-empty",)
    if value.isascii() and value.isprintable() and "=" not in value:
        return OK
    return ("a valid environment variable name must consist only of printable ASCII characters other than '='",)


def is_config_map_key(value: str) -> Messages:
    """Complaints about a key of a ConfigMap or Secret."""
    found = []
    if byte_len(value) > 253:
        found.append("must be no more than 253 characters")
    if value == "" or value.strip(_KEY):
        text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        found.append(regex_error(text, "[-._a-zA-Z0-9]+", "key.name", "KEY_NAME", "key-name"))
    return (*found, *_no_parent_folder(value)) if value.startswith(".") else tuple(found)


def is_http_header_name(value: str) -> Messages:
    """Complaints about the name of an HTTP header."""
    if value != "" and not value.strip(_ALNUM + "-"):
        return OK
    return (regex_error("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+", "X-Header-Name"),)


def is_in_range(value: int, low: int, high: int) -> Messages:
    """Complaints about a number outside low … high."""
    return OK if low <= value <= high else (inclusive_range(low, high),)


def is_valid_id(number: int) -> Messages:
    """Complaints about a user's or group's id, 0 … 2147483647 (IsValidUserID and IsValidGroupID)."""
    return is_in_range(number, 0, 2147483647)


def is_valid_port_name(port: str) -> Messages:
    """Complaints about a port's name (RFC 6335, lower case only)."""
    found = []
    if byte_len(port) > 15:
        found.append("must be no more than 15 characters")
    if port == "" or port.strip(_LABEL):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not any(letter in port for letter in _LOWER):
        found.append("must contain at least one letter (a-z)")
    if "--" in port:
        found.append("must not contain consecutive hyphens")
    if port != "" and (port[0] == "-" or port[-1] == "-"):
        found.append("must not begin or end with a hyphen")
    return tuple(found)


def is_http_path(value: str) -> bool:
    """Return whether the text is not empty and contains only characters of an HTTP path (RFC 3986)."""
    return value != "" and not value.strip(_HTTP_PATH)


def mask_trailing_dash(name: str) -> str:
    """A generateName as the name it could become: its last dash makes room for what is added.

    The server cuts two bytes and adds one, so the text gets shorter.
    """
    if len(name) > 1 and name[-1] == "-":
        # A character of several bytes loses only its last one there, and stays as wrong as it was.
        return (name[:-2] if name[-2].isascii() else name[:-1]) + "a"
    return name


def name_is_dns_subdomain(name: str, prefix: bool = False) -> Messages:
    """Complaints about an object's name that must be a DNS name; `prefix` for a generateName."""
    return is_dns1123_subdomain(mask_trailing_dash(name) if prefix else name)
