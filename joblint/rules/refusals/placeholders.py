"""Placeholders that something fills in later (`${NAME}`, `<image>`): which texts are some, and how they are reported.

The server's verdict remains that for the text as written.
"""

from __future__ import annotations

from joblint.base.record import replace
from joblint.base.words import for_shell
from joblint.rules.finding import Hit
from joblint.rules.refusals.stand_ins import put_back

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from joblint.api.verdict import ApiError
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Finding
    from joblint.source.documents import Document
    from joblint.source.unrendered.known import Known

RULE = "value-filled-in-later"
"""The rule that reports placeholders."""


def is_script(field: str) -> bool:
    """Return whether a field's text is for a shell or a program, or is expanded by the kubelet: `$HOME` and `$(VAR)` are
    variables there, not placeholders."""
    *_, last = field.rpartition(".")
    if last.endswith("]") and last.partition("[")[0] in ("command", "args"):
        return True
    return field.endswith("].value") and ".env[" in field or last == "subPathExpr" or ".annotations[" in f".{field}"


def is_reference(field: str, text: str) -> bool:
    """Return whether a text in a container is `$(VAR)`, Kubernetes' own syntax for a variable, also where it has no effect."""
    return "ontainers[" in field and text.startswith("$(") and text.endswith(")") and text[2:-1].isidentifier()


def is_field(value: Any, field: str, version: str) -> bool:
    """Return whether the field exists in the schema, or is in a mapping of arbitrary names."""
    from joblint.api.ours import meant_kind
    from joblint.api.version.fields import names_at
    from joblint.source.places.paths import steps

    path = list(steps(field))
    if not path or not isinstance(value, dict):
        return True
    *above, last = path
    names = names_at(version, meant_kind(value) or "Job", above)
    return not names or not isinstance(last, str) or last in names


def with_placeholders(error: ApiError, tokens: dict[str, str]) -> ApiError:
    """Return the error as it would be reported for the text as written."""
    value = put_back(error.value, tokens) if isinstance(error.value, str) else error.value
    return replace(error, message=put_back(error.message, tokens), detail=put_back(error.detail, tokens), value=value)


def named(placeholders: str) -> str:
    """Return placeholders (joined by ", ") as a message names them: "the placeholders `${A}`, `${B}`"."""
    shown = ", ".join([f"`{p}`" for p in placeholders.split(", ")])
    return f"the placeholder{'s' if '`, `' in shown else ''} {shown}"


def advice(placeholders: str, file: str) -> str:
    """Return how to check a file with the final values of those placeholders (joined by ", ")."""
    if all(p == "..." or p.startswith("<") and not p.startswith("<%") for p in placeholders.split(", ")):
        return f"Replace {named(placeholders)} with the value."
    if file.startswith("<"):
        return "Fill in the values before joblint check -, or list them as NAME=value in a file: --env-file <file>"
    if any(p[:2] in ("${", "$(") or p[:1] == "$" for p in placeholders.split(", ")) and "${{" not in placeholders:
        return f"joblint check --env-file <file> {for_shell(file)}    <file> contains lines of the form NAME=value"
    return "Check the final manifest: <command> | joblint check -"


def with_known(document: Document, variables: Mapping[str, str]) -> Known:
    """Return the document with the placeholders filled in whose value is known: by a variable, or by their own default."""
    from joblint.source.unrendered.known import fill_known

    return fill_known(document, variables, is_script)


def defaults_told(engine: Engine, known: Known) -> tuple[Finding, ...]:
    """Return a finding for each placeholder of a Job or CronJob that is checked with its default."""
    from joblint.api.ours import is_ours

    rule = engine.rule(RULE)
    if rule is None:
        return ()
    found = []
    for prefix, value in known.document.objects():
        for field, placeholder, default in known.defaults if is_ours(value) else ():
            if field.startswith(prefix):
                values = {"placeholder": named(placeholder), "known": f"checked with its default, {default}"}
                values["advice"] = advice(placeholder, known.document.file)
                found.append(engine.finding(rule, known.document, prefix, Hit(field[len(prefix) :], values)))
    return tuple(found)
