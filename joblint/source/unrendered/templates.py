"""Texts that are not YAML yet: templates, and values that are filled in later; knows nothing about YAML.

A template is not a manifest yet: it is not checked, but listed with the way to check its output.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

HELM = "Helm template: helm template … | joblint check -"
JINJA = "Jinja template: render it, then … | joblint check -"
GO = "Go template: render it, then … | joblint check -"
ERB = "ERB template: erb … | joblint check -"
YTT = "ytt template: ytt -f … | joblint check -"
PIPELINE = "template with ${{ }}: fill it in, then … | joblint check -"
MARKED = "template with @NAME@ or %NAME%: fill it in, then … | joblint check -"
PATCH = "kustomize patch: kubectl kustomize … | joblint check -"

RENDERED = (HELM, GO, JINJA)
"""The kinds of templates that joblint reads as far as it can."""

_HELM_SIGNS = (
    *(".Values", ".Release.", ".Chart.", ".Capabilities", ".Files.", ".Template.", "nindent", "toYaml", "include "),
    *('template "', "tpl "),
)
_GO_WORDS = ("if ", "range ", "with ", "else", "end", "define ", "block ", "template ", "include ", "printf ", "/*", "quote ")

_PLACEHOLDER = (
    r"\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([A-Za-z_][\w.-]*\)|\$[A-Za-z_]\w*|"
    r"<(?!(?:script|img|svg|iframe|div|span|br)\b)[A-Za-z][\w .:/-]*>"  # a word or words, and no HTML
    r"|\ue07b\ue07b(?:[^\ue07d\n]|\ue07d(?!\ue07d))*\ue07d\ue07d"  # an encoded action, see joblint.source.unrendered.encoded
    r"|<%=[^%]*%>|@@?[A-Z][A-Z0-9_]*@@?|__(?=[a-z0-9_]*[A-Z])[A-Za-z][A-Za-z0-9_]*?__|%%?[A-Z][A-Z0-9_]*%%?|#\{[^{}]+\}#?|\(\([^()]+\)\)|\[\[[^\[\]]+\]\]"
    r"|\A\.\.\.\Z"  # nothing but dots
)


def template(data: bytes) -> str | None:
    """Return what kind of template the bytes of a document that is not YAML are, with the way to check it; None if they are
    none."""
    if b"{{" in data and b"}}" in data:
        return _braces(data.decode("utf-8", "replace"))
    if b"{%" in data and b"%}" in data:
        return JINJA
    if b"%>" in data and (b"<%=" in data or b"<% " in data or b"<%-" in data):
        return ERB
    if b"@" in data or b"%" in data:
        import re

        # No value begins so in YAML.
        if re.search(rb"(?m)^[ ]*(?:- +)*(?:[\w.-]+:[ ]+|- +)(?:@@?[A-Z][A-Z0-9_]*@@?|%[A-Z][A-Z0-9_]*%)", data):
            return MARKED
    return None


def is_ytt(data: bytes) -> bool:
    """Return whether the bytes of a document contain directives of ytt, which are in comments."""
    return any(line.lstrip().startswith((b"#@ ", b"#@/")) or b": #@ " in line for line in data.split(b"\n"))


def _braces(text: str) -> str:
    if any(sign in text for sign in _HELM_SIGNS):
        return HELM
    if "{%" in text and "%}" in text:
        return JINJA
    if "${{" in text and text.count("${{") == text.count("{{"):
        return PIPELINE
    inside = text.partition("{{")[2].lstrip("-").lstrip()
    if inside.startswith((".", "$", '"', "`", *_GO_WORDS)):
        return GO
    return JINJA


def placeholder_pattern() -> re.Pattern[str]:
    """The pattern of a placeholder that something fills in later: `${NAME}`, `$NAME`, `<name>`, `{{ name }}` and the like."""
    import re

    return re.compile(_PLACEHOLDER)


def is_placeholder(text: str) -> bool:
    """Return whether a text contains a placeholder."""
    return placeholder_pattern().search(text) is not None
