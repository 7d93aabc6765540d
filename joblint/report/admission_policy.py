"""A rule as a ValidatingAdmissionPolicy with its binding, so that the cluster enforces it; knows rules, no manifests.

Source: Kubernetes 1.36.3, k8s.io/api/admissionregistration/v1.
"""

from __future__ import annotations

from joblint.report.safe import json_text, safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.catalogue.rule import Rule

_ACTIONS = {"error": "Deny", "warning": "Warn", "info": "Audit"}
_RESOURCES = {"Job": "jobs", "CronJob": "cronjobs"}


class NoPolicy(Exception):
    """A rule that cannot be expressed as a policy; the text is the reason."""


def policy(rule: Rule) -> str:
    """Return both objects as YAML. Raises NoPolicy with the reason, and MissingExtra and WrongExpression as compiling does."""
    if not rule.check.startswith("cel:"):
        if rule.server:
            raise NoPolicy(f"{rule.id} explains what the API server already rejects: no policy is needed")
        raise NoPolicy(
            f"{rule.id} cannot be exported: it is not an expression. It uses {_works_with(rule)}, which an admission policy does"
            " not have"
        )
    from joblint.rules.catalogue.cel import compile_expression, parts

    expression = parts(rule)[1]
    others = [v for v in compile_expression(expression).variables if v != "object"]
    if others:
        raise NoPolicy(f"{rule.id} reads {' and '.join(others)}: an admission policy has only `object`")
    name = f"joblint-{rule.id.lower()}-{rule.name}"
    lines = [
        f"# {rule.id} {rule.name}: {safe(' '.join(rule.summary.split()))}",
        "# Created by: joblint rules export. The API server evaluates it over the object with its defaults.",
        "# A rule for Jobs also applies to the Jobs that CronJobs create.",
        "apiVersion: admissionregistration.k8s.io/v1",
        "kind: ValidatingAdmissionPolicy",
        "metadata:",
        f"  name: {name}",
        "spec:",
        "  failurePolicy: Fail",
        "  matchConstraints:",
        "    resourceRules:",
        "      - apiGroups: [batch]",
        "        apiVersions: [v1]",
        "        operations: [CREATE, UPDATE]",
        f"        resources: [{', '.join([_RESOURCES[k] for k in rule.kinds])}]",
        "  validations:",
        *_expression(expression.strip()),
        f"      message: {json_text(_message(rule))}",
        "      reason: Invalid",
        "---",
        "apiVersion: admissionregistration.k8s.io/v1",
        "kind: ValidatingAdmissionPolicyBinding",
        "metadata:",
        f"  name: {name}",
        "spec:",
        f"  policyName: {name}",
        f"  validationActions: [{_ACTIONS[rule.severity]}]  # {rule.severity}",
    ]
    return "\n".join(lines) + "\n"


def _works_with(rule: Rule) -> str:
    if rule.family == "reading":
        return "the text of the file"
    if rule.scope == "folder":
        return "all files of a directory"
    return "joblint's own code and the prediction"


def _message(rule: Rule) -> str:
    """The rule's message if it contains no value of the manifest, otherwise its summary; in one line, as the server
    requires."""
    text = rule.message if "{" not in rule.message and "}" not in rule.message else rule.summary
    return f"{' '.join(text.split())} ({rule.id})"


def _expression(text: str) -> list[str]:
    """The expression as lines; in quotes if it contains what a YAML block cannot, or what would end one of its lines."""
    lines = text.split("\n")
    if all(line.replace("\t", " ").isprintable() for line in lines):
        return ["    - expression: |-", *[f"        {line}".rstrip() for line in lines]]
    return [f"    - expression: {json_text(text)}"]
