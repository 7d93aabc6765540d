"""Image names as the kubelet reads them: repository, tag, digest, or the error of the container; knows strings only.

Source: Kubernetes 1.37.2 pkg/util/parsers/parsers.go ParseImageName, pkg/kubelet/images/image_manager.go applyDefaultImageTag,
github.com/distribution/reference v0.6.0 (normalize.go, reference.go, regexp.go), github.com/opencontainers/go-digest v1.0.0.
"""

from __future__ import annotations

from joblint.base.memo import memo
from joblint.base.record import Record

_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
_UPPER = _LOWER[:26].upper()
_ALNUM = _LOWER + _UPPER
_WORD = _ALNUM + "_"
_HEX = "0123456789abcdef"
_LONGEST_PATH = 255
_LONGEST_TAG = 128
# The digests that the parser knows, with the number of their hexadecimal digits.
_DIGESTS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HUB = "docker.io"

_FORMAT = "invalid reference format"
_UPPERCASE = "repository name must be lowercase"


class Image(Record):
    """An image name, parsed: repository with registry, tag (`latest` if neither tag nor digest is given), digest.

    `error` is the parser's error for an invalid name ("" if it is valid); then the rest is empty.
    """

    repository: str = ""
    tag: str = ""
    digest: str = ""
    error: str = ""


def default_pull_policy(image: str) -> str:
    """Always for the tag `latest` and for a name without tag and digest; IfNotPresent otherwise, and for what is not a name."""
    name, at, _ = image.partition("@")
    colon = name.find(":", name.rfind("/") + 1)
    if (colon >= 0 and name[colon + 1 :] != "latest") or (at and colon < 0):
        return "IfNotPresent"
    return "Always" if parse(image).tag == "latest" else "IfNotPresent"


def waiting_message(image: str) -> str:
    """Return the message with which the kubelet keeps a container of this image in InvalidImageName; "" for a valid name."""
    error = parse(image).error
    if not error:
        return ""
    from joblint.api.errors import go_quote

    return f"Failed to apply default image tag {go_quote(image)}: couldn't parse image name {go_quote(image)}: {error}"


@memo(256)
def parse(image: str) -> Image:
    """What the kubelet's parser makes of an image name."""
    if len(image) == 64 and not image.strip(_HEX):
        return Image(error=f"invalid repository name ({image}), cannot specify 64-byte hexadecimal strings")
    domain, rest = _split_domain(image)
    remote = rest.partition(":")[0]
    if _lower(remote) != remote:
        return Image(error=f"{_FORMAT}: repository name ({remote}) must be lowercase")
    whole = f"{domain}/{rest}"
    parts = _parts(whole)
    if parts is None:
        return Image(error=_UPPERCASE if _parts(_lower(whole)) is not None else _FORMAT)
    registry, path, tag, digest = parts
    if len(path) > _LONGEST_PATH:
        return Image(error=f"repository name must not be more than {_LONGEST_PATH} characters")
    if digest:
        wrong = _digest_error(digest)
        if wrong:
            return Image(error=wrong)
    return Image(f"{registry}/{path}" if registry else path, tag or ("" if digest else "latest"), digest)


def _split_domain(name: str) -> tuple[str, str]:
    """Registry and the rest; Docker Hub if the first part is not a registry."""
    first, slash, after = name.partition("/")
    if not slash:
        return _HUB, "library/" + name
    if first == "localhost":
        domain, rest = first, after
    elif first == "index.docker.io":
        domain, rest = _HUB, after
    elif "." in first or ":" in first or _lower(first) != first:
        domain, rest = first, after
    else:
        domain, rest = _HUB, name
    if domain == _HUB and "/" not in rest:
        rest = "library/" + rest
    return domain, rest


def _parts(text: str) -> tuple[str, str, str, str] | None:
    """Registry, path, tag and digest of a whole reference; None if it does not have the form of one."""
    name, at, digest = text.partition("@")
    if at and not _is_digest(digest):
        return None
    tag = ""
    colon = name.rfind(":")
    if colon > name.rfind("/"):
        name, tag = name[:colon], name[colon + 1 :]
        if not tag or len(tag) > _LONGEST_TAG or tag[0] not in _WORD or tag.strip(_WORD + ".-"):
            return None
    domain, _, path = name.partition("/")
    if _is_domain(domain) and path and all(map(_is_component, path.split("/"))):
        return domain, path, tag, digest
    return ("", name, tag, digest) if all(map(_is_component, name.split("/"))) else None


def _is_component(text: str) -> bool:
    """Lower-case letters and digits, parted by one period, one or two underscores, or any number of dashes."""
    middle = text.strip(_LOWER)
    if not middle:
        return text != ""
    if text[0] not in _LOWER or text[-1] not in _LOWER:
        return False
    if middle in _BETWEEN:
        return True
    if middle.strip(_LOWER + "._-"):
        return False
    between = text.translate(_NO_ALNUM).split()
    return all(part in (".", "_", "__") or not part.strip("-") for part in between)


_BETWEEN = ("-", ".", "_", "__", "--")
_NO_ALNUM = {ord(char): " " for char in _LOWER}


def _is_domain(text: str) -> bool:
    """A host name, an IPv4 address or an IPv6 address in brackets, with or without a port."""
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
    """An algorithm, a colon and at least 32 hexadecimal digits."""
    algorithm, colon, encoded = text.partition(":")
    if not colon or len(encoded) < 32 or encoded.strip(_HEX + "ABCDEF"):
        return False
    for mark in "-_+.":
        algorithm = algorithm.replace(mark, " ")
    return all(part and part[0] not in "0123456789" and not part.strip(_ALNUM) for part in algorithm.split(" "))


def _digest_error(digest: str) -> str:
    """What is wrong with a digest of the right form, "" if nothing is."""
    algorithm, _, encoded = digest.partition(":")
    length = _DIGESTS.get(algorithm)
    if length is None:
        return "invalid checksum digest format" if algorithm.strip(_LOWER + ".+_-") else "unsupported digest algorithm"
    if len(encoded) != length:
        return "invalid checksum digest length"
    return "invalid checksum digest format" if encoded.strip(_HEX) else ""


def _lower(text: str) -> str:
    """As Go's strings.ToLower, which maps each character alone."""
    return text.lower() if text.isascii() else "".join(["i" if char == "\u0130" else char.lower() for char in text])
