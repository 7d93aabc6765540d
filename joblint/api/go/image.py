"""Reading an image name for its tag, which decides the default pull policy; knows strings only.

Source: Kubernetes 1.36.3 pkg/util/parsers/parsers.go ParseImageName, github.com/distribution/reference v0.6.0.
"""

from __future__ import annotations

_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
_ALNUM = _LOWER + _LOWER[:26].upper()
_LONGEST_PATH = 255
# The digests that the server's parser knows, with the number of their hexadecimal digits.
_DIGESTS = {"sha256": 64, "sha384": 96, "sha512": 128}


def default_pull_policy(image: str) -> str:
    """Always for the tag `latest` and for a name without tag and digest; IfNotPresent otherwise, and for what is no name."""
    name, at, digest = image.partition("@")
    slash = name.rfind("/")
    colon = name.find(":", slash + 1)
    tag = name[colon + 1 :] if colon >= 0 else ""
    if tag != "latest" and (tag or at or colon >= 0):
        return "IfNotPresent"
    return "Always" if _is_name(name[:colon] if colon >= 0 else name) and (not at or _is_digest(digest)) else "IfNotPresent"


def _is_name(name: str) -> bool:
    """Whether this names a repository, with or without a registry's domain before it."""
    if len(name) == 64 and not name.strip("abcdef0123456789"):
        return False  # the identifier of an image
    domain, slash, path = name.partition("/")
    if not slash or not (domain == "localhost" or "." in domain or ":" in domain or domain.lower() != domain):
        domain, path = "", name
    elif domain in ("index.docker.io", "docker.io"):
        domain = ""
    if domain:
        if not (_is_domain(domain) or _is_component(domain)):
            return False
    elif "/" not in path:
        path = "library/" + path
    return len(path) <= _LONGEST_PATH and all(map(_is_component, path.split("/")))


def _is_component(text: str) -> bool:
    """Lower-case letters and digits, parted by one period, one or two underscores, or any number of dashes."""
    if not text.strip(_LOWER):
        return text != ""
    if text[0] not in _LOWER or text[-1] not in _LOWER or text.strip(_LOWER + "._-"):
        return False
    between = text.translate(_NO_ALNUM).split()
    return all(part in (".", "_", "__") or not part.strip("-") for part in between)


_NO_ALNUM = {ord(char): " " for char in _LOWER}


def _is_domain(text: str) -> bool:
    host, colon, port = text, "", ""
    if text.startswith("["):
        host, bracket, after = text.partition("]")
        if not bracket or len(host) < 2 or host[1:].strip("0123456789abcdefABCDEF:"):
            return False
        return not after or (after[0] == ":" and _is_port(after[1:]))
    host, colon, port = text.partition(":")
    if colon and not _is_port(port):
        return False
    return all(part and part[0] != "-" and part[-1] != "-" and not part.strip(_ALNUM + "-") for part in host.split("."))


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_digest(text: str) -> bool:
    algorithm, _, encoded = text.partition(":")
    return len(encoded) == _DIGESTS.get(algorithm) and not encoded.strip("abcdef0123456789")
