"""Placeholders whose value is known: by variables that the user gives, or by their own default (`${X:=6}`).

Knows texts and how their scalars are written, no Kubernetes types. The forms are those of envsubst and of Flux's
postBuild.substitute: `$X`, `${X}`, and with a default `${X:-6}`, `${X:=6}`, `${X-6}`, `${X=6}`.
"""

from __future__ import annotations

from joblint.base.record import Record, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from joblint.source.documents import Document


class VariablesError(Exception):
    """A file of variables that cannot be read as one; the text names the line."""


class Known(Record):
    """The document with all known values in their places, and the fields whose value a default gave: path, placeholder,
    value."""

    document: Document
    defaults: tuple[tuple[str, str, str], ...]


def fill_known(document: Document, variables: Mapping[str, str], is_script: Callable[[str], bool]) -> Known:
    """Fill in what is known. Variables are filled in everywhere, as envsubst does; a default is left unchanged if `is_script`
    says that a field's text is for a shell, which has the same syntax."""
    if b"$" not in document.source.part.data or not variables and b"${" not in document.source.part.data:
        return Known(document, ())
    scalars = [(field, text, is_script(field)) for field, text in document.scalars() if isinstance(text, str) and "$" in text]
    if not variables and not any("${" in text and ("-" in text or "=" in text) for _, text, script in scalars if not script):
        return Known(document, ())
    import re

    # A name, its default if it has one, or a name without braces.
    pattern = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?::?[-=]([^{}]*))?\}|([A-Za-z_]\w*))")
    defaults: list[tuple[str, str, str]] = []
    value = document.value
    for field, text, script in scalars:
        given: list[tuple[str, str]] = []

        def put(match: re.Match[str], script: bool = script, given: list[tuple[str, str]] = given) -> str:
            name, default, bare = match.groups()
            found = variables.get(name or bare)
            if found is None and default is not None and not script:
                found = default
                given.append((match[0], default))
            return match[0] if found is None else found

        filled = pattern.sub(put, text)
        if filled == text:
            continue
        from joblint.source.places.paths import changed, steps

        value = changed(value, steps(field), typed(filled) if document.style(field) == "plain" else filled)
        defaults += [(field, placeholder, default) for placeholder, default in given]
    return Known(document if value is document.value else replace(document, value=value), tuple(defaults))


def typed(text: str) -> Any:
    """What YAML makes of a plain scalar."""
    from joblint.source.reading.scalars import resolve, to_json

    found = resolve(text)
    return to_json(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else found


def read_variables(text: str) -> dict[str, str]:
    """The variables of a file of lines `NAME=value`: comments, `export` and quotes as in an .env file.

    Raises VariablesError for a line that is not one of these.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name.isidentifier() or not name.isascii():
            raise VariablesError(f"line {number} is not NAME=value")
        if value[:1] in ("'", '"'):
            quote = value[0]
            end = value.find(quote, 1)
            if end < 0 or value[end + 1 :].strip() and not value[end + 1 :].lstrip().startswith("#"):
                raise VariablesError(f"line {number}: the quote {quote} opened here is not closed, or text follows it")
            value = value[1:end]
        else:
            value = value.partition(" #")[0].rstrip()
        found[name] = value
    return found
