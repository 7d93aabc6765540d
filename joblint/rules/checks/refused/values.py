"""Names, values and labels that the API server rejects, explained with the manifest: which value was meant, what to type.

These functions get a Subject and an ApiError and return a Hit, or None if the rule's general texts are enough. They run only
for rejected manifests, so their speed does not matter.
"""

from __future__ import annotations

import re

from joblint.base.nearest import nearest
from joblint.base.words import any_of
from joblint.rules.finding import Hit
from joblint.rules.subject import as_dict, as_list, sent_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.api.verdict import ApiError
    from joblint.rules.subject import Subject


def restart_policy_required(s: Subject, error: ApiError) -> Hit:
    """If a container has the restartPolicy that the Pod is missing, the message says that it is one level too deep."""
    choice = (
        "restartPolicy: Never        each attempt is a new Pod; the logs of all attempts are kept\n"
        "restartPolicy: OnFailure    restarts the container; at backoffLimit the Pod and its logs are deleted"
    )
    found = deep_restart_policy(s)
    if not found:
        return Hit(error.field, {"hint": "", "advice": choice})
    field, value = found
    hint = " It is inside a container."
    return Hit(error.field, {"hint": hint, "advice": f"restartPolicy: {value}    next to containers, not in the container"})


def template_required(s: Subject, error: ApiError) -> Hit:
    """What this manifest is missing, from its last existing level on: the container, its Pod, or the whole template."""
    lines = ["containers:", f"- name: {s.name if _is_label(s.name) else 'main'}", "  image: <image>:<version>"]
    if "restartPolicy" not in s.sent_pod:
        lines = ["restartPolicy: Never", *lines]
    below = ["template", "spec"]
    if isinstance(s.sent_spec.get("template"), dict):
        below = below[1:] if not s.sent_pod else []
    for key in reversed(below):
        lines = [f"{key}:", *["  " + line for line in lines]]
    return Hit(error.field, {"advice": "\n".join(lines)})


def name_required(s: Subject, error: ApiError) -> Hit:
    """A name for the container from the manifest, otherwise one to fill in."""
    names = [as_dict(c).get("name") for c in as_list(s.sent_pod.get("containers"))]
    name = names[0] if len(names) == 1 and isinstance(names[0], str) and _is_label(names[0]) else f"<name of the {s.kind}>"
    if as_dict(s.object.get("metadata")):
        return Hit(error.field, {"advice": f"name: {name}    in metadata"})
    return Hit(error.field, {"advice": f"metadata:\n  name: {name}"})


def container_name(s: Subject, error: ApiError) -> Hit:
    """A name that no other container of the Pod has."""
    taken = {as_dict(c).get("name") for field in ("initContainers", "containers") for c in as_list(s.sent_pod.get(field))}
    value = sent_value(s.object, error.field)
    base = value if isinstance(value, str) and value else "main"
    return Hit(error.field, {"advice": f"name: {_free(base, taken)}"})


def mount_path(s: Subject, error: ApiError) -> Hit:
    """A path that no other mount of the container has; for a mount without one, a directory named after its volume."""
    mounts = as_list(sent_value(s.object, error.field.rpartition("[")[0]))
    taken = {as_dict(m).get("mountPath") for m in mounts}
    value = sent_value(s.object, error.field)
    own = as_dict(sent_value(s.object, error.field.rpartition(".")[0]))
    base = value if isinstance(value, str) and value else f"/{own.get('name') or 'data'}"
    return Hit(error.field, {"advice": f"mountPath: {_free(base, taken)}"})


def per_index_limits_clash(s: Subject, error: ApiError) -> Hit:
    """The missing limit, or the highest one that completions allow."""
    completions = s.sent_spec.get("completions")
    if error.type == "FieldValueRequired" or "backoffLimitPerIndex" not in s.sent_spec:
        return Hit(error.field, {"advice": "backoffLimitPerIndex: 1"}, label="backoffLimitPerIndex is missing")
    if completions is None and "parallelism" not in s.sent_spec:
        # Both unset: the server sets both to 1 before it validates (pkg/apis/batch/v1/defaults.go).
        given = s.sent_spec.get("maxFailedIndexes")
        advice = f"completions: {given}    the number of indexes, at least maxFailedIndexes"
        return Hit(error.field, {"advice": advice, "says": f"{error.message} (completions is not set, so it is 1)"})
    most = completions if isinstance(completions, int) else 1
    advice = f"maxFailedIndexes: {min(most, 10_000)}    at most completions"
    return Hit(error.field, {"advice": advice}, label="more than completions")


def _free(base: str, taken: set[object]) -> str:
    """The name, or the name with the first number that makes it unique."""
    name, n = base, 1
    while name in taken:
        n += 1
        name = f"{base}-{n}"
    return name


def _is_label(name: str) -> bool:
    from joblint.api.validate.meta.names import is_dns1123_label

    return bool(name) and not is_dns1123_label(name)


def deep_restart_policy(s: Subject) -> tuple[str, str] | None:
    """The restartPolicy of the first main container, field and value, if it is valid for a Job's Pod."""
    for i, container in enumerate(as_list(s.sent_pod.get("containers"))):
        value = container.get("restartPolicy") if isinstance(container, dict) else None
        if value in ("Never", "OnFailure"):
            return f"{s.pod_at}.containers[{i}].restartPolicy", str(value)
    return None


def indexed_needs_completions(s: Subject, error: ApiError) -> Hit:
    """As many as run at once, unless the manifest contains another number."""
    parallelism = s.sent_spec.get("parallelism")
    n = parallelism if isinstance(parallelism, int) and parallelism > 1 else 5
    return Hit(error.field, {"advice": f"completions: {n}    the number of indexes"})


def removed_api_version(s: Subject, error: ApiError) -> Hit:
    """Points at the apiVersion, which the server's text does not mention as a field."""
    return Hit("apiVersion", {})


def api_version_or_kind_missing(s: Subject, error: ApiError) -> Hit:
    """Points at the missing or wrong one of the two, at a similar key, or otherwise at the first key."""
    raw = as_dict(s.document.object(s.prefix))
    version = raw.get("apiVersion")
    keys = [] if isinstance(version, str) and version.count("/") <= 1 else ["apiVersion"]
    keys += [] if isinstance(raw.get("kind"), str) else ["kind"]
    kind = "CronJob" if "schedule" in as_dict(raw.get("spec")) else "Job"
    advice = "\n".join([{"apiVersion": "apiVersion: batch/v1", "kind": f"kind: {kind}"}[key] for key in keys])
    for key in keys:
        written = next((k for k in raw if k.lower() == key.lower()), None)
        if written is not None and written != key:
            return Hit(written, {"hint": f" Keys are case-sensitive: {written} is not {key}.", "advice": advice}, part="key")
    return Hit(next((key for key in keys if key in raw), ""), {"hint": "", "advice": advice})


def kind_unknown(s: Subject, error: ApiError) -> Hit:
    """Shows the kind that was meant; batch contains only Job and CronJob."""
    from joblint.api.ours import meant_kind, meant_list

    value = as_dict(s.document.object(s.prefix))
    kind = meant_kind(value) or meant_list(str(value.get("kind")))
    advice = f"kind: {kind}" if kind else "kind: Job    or CronJob; other kinds have another apiVersion"
    group = _GROUPS.get(str(value.get("kind")))
    if not kind and group:
        advice = f"apiVersion: {group}"
    hint = f"Did you mean {kind}?" if kind else "batch/v1 has only Job and CronJob."
    return Hit("kind", {"hint": hint, "advice": advice}, label=f"{kind}?" if kind else "")


_GROUPS = {
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    **dict.fromkeys(("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), "rbac.authorization.k8s.io/v1"),
    **dict.fromkeys(("Pod", "Service", "ConfigMap", "Secret", "ServiceAccount", "Namespace", "PersistentVolumeClaim"), "v1"),
    **dict.fromkeys(("Ingress", "NetworkPolicy"), "networking.k8s.io/v1"),
}


def name_invalid(s: Subject, error: ApiError) -> Hit:
    """Says which name it is, and its valid spelling if that can be derived."""
    value = sent_value(s.object, error.field)
    what = {"metadata.name": "name", "metadata.generateName": "generateName", "metadata.namespace": "namespace"}.get(
        error.field, error.field.rpartition(".")[2] if error.field else "name"
    )
    hint = error.detail if error.type == "FieldValueInvalid" else error.message
    if value is None:
        return Hit(error.field, {"what": what, "value": "", "hint": f"{hint}.", "advice": f"{what}: <{what}>"})
    advice = f"{what}: lowercase letters, digits and dashes; start and end with a letter or digit"
    if isinstance(value, str):
        dots = what in ("name", "generateName") and error.field.startswith("metadata")
        right = "".join(
            [c if c.isascii() and c.isalnum() or c == "-" or (dots and c == ".") else "-" for c in value.lower()]
        ).strip("-.")
        if right and right != value and len(right) <= (253 if dots else 63):
            hint = f"use only lowercase letters, digits and dashes, such as {right}. The API server reports: {hint}"
            advice = f"{what}: {right}"
    return Hit(error.field, {"what": what, "value": value, "hint": f"{hint}.", "advice": advice})


def name_too_long(s: Subject, error: ApiError) -> Hit:
    """Combines the errors that the server reports in several places for one long name."""
    value = s.name
    length = f"{len(value)} characters"
    advice = "Shorten metadata.name; with generateName the server truncates the name itself."
    completions = s.sent_spec.get("completions")
    if s.kind == "CronJob":
        hint = f"{length}, at most 52 for a CronJob, whose Jobs are named <name>-<minutes>."
    elif s.sent_spec.get("completionMode") == "Indexed" and isinstance(completions, int) and completions > 0:
        last = len(str(completions - 1))
        hint = f"{length}, at most {62 - last} here, because each Pod's host name is <name>-<index>."
        if len(value) <= 62 - last:
            return Hit(
                "metadata.name",
                {
                    "value": value,
                    "length": len(value),
                    "hint": f"its Pods are named {value}-<index>, which is not a valid host name: {error.message}.",
                    "advice": "Use only lowercase letters, digits and dashes in metadata.name."
                    + (f" For example: {value.replace('.', '-')}" if "." in value.strip(".") else ""),
                },
                label="not valid in a host name",
            )
    else:
        hint = f"{length}, at most 63, because it becomes a label of the Job's Pods."
    values = {"value": value, "length": len(value), "hint": hint, "advice": advice}
    if value.startswith(_RELEASE) and len(value) - len(_RELEASE) + len("a-") <= (52 if s.kind == "CronJob" else 63):
        values["hint"] = f"{hint} Applies if the release is named {_RELEASE[:-1]}."
        return Hit("metadata.name", values, severity="info", confidence="hint")
    return Hit("metadata.name", values)


_RELEASE = "release-name-"
"""What names begin with if a chart is rendered without the name of a release, here and by helm template."""


_MOST_VOLUMES = 50
"""So many volumes are compared with a mount, and listed."""


def mount_without_volume(s: Subject, error: ApiError) -> Hit:
    """Shows the volume that was probably meant."""
    value = str(sent_value(s.object, error.field))
    pod = s.sent_pod
    names = tuple([n for v in as_list(pod.get("volumes")) if isinstance(n := as_dict(v).get("name"), str)])
    more = len(names) - _MOST_VOLUMES
    names = names[:_MOST_VOLUMES]
    near = nearest(value, names)
    defined = ", ".join(names) + (f" and {more} more" if more > 0 else "")
    hint = f" (did you mean {near}?)" if near else f" (it defines {defined})" if names else ""
    lines = [f"name: {near}    in volumeMounts"] if near else []
    lines += ["volumes:    next to containers", f"- name: {value}", "  emptyDir: {}    or another source"] if not near else []
    return Hit(error.field, {"value": value, "hint": hint, "advice": "\n".join(lines)})


def value_not_supported(s: Subject, error: ApiError) -> Hit:
    """Shows the values that the field accepts, and the one that was meant."""
    value = sent_value(s.object, error.field)
    # The server also lists values of disabled features: the one that it has just rejected is not a choice.
    listed = tuple([c for c in error.choices if c and c != value])
    near = nearest(str(value), listed) or next((c for c in listed if str(value).lower() in c.lower() and len(str(value)) > 3), "")
    name = error.field.rpartition(".")[2]
    advice = f"{name}: {near}" if near else f"Set {name} to {any_of(listed)}."
    choices = any_of(listed)
    versions = _taken_by(s, error)
    if versions:
        choices += f" in Kubernetes {s.version}"
        advice += f"\nKubernetes {versions} accepts {value}."
    return Hit(
        error.field, {"name": name, "choices": choices, "value": value, "advice": advice}, label=f"{near}?" if near else ""
    )


def _taken_by(s: Subject, error: ApiError) -> str:
    """The other versions that accept this value, as `1.34 to 1.37`; "" if none does, or if a wrong type is found before it."""
    from joblint.api.version.versions import VERSIONS

    if s.verdict.stage == "decode":
        return ""
    found = []
    for version in VERSIONS:
        verdict = s.verdict_in(version) if version != s.version else None
        if verdict is None or verdict.stage == "decode" or error.field in verdict.dropped:
            continue
        if not any(e.field == error.field and e.type in (error.type, "Strict") for e in verdict.errors):
            found.append(version)
    return f"{found[0]} to {found[-1]}" if len(found) > 1 else "".join(found)


def resources_clash(s: Subject, error: ApiError) -> Hit | None:
    """Points at the request that is above its limit, which the server mentions only in its text."""
    sent = sent_value(s.object, error.field)
    if isinstance(sent, dict) and error.key in sent:
        above = sent_value(s.object, error.field.rpartition(".")[0])
        limits = above.get("limits") if isinstance(above, dict) else None
        most = limits.get(error.key) if isinstance(limits, dict) else None
        advice = f"requests: {{{error.key}: {most if most is not None else sent[error.key]}}}"
        if most is not None:
            advice += f"    or limits: {{{error.key}: {sent[error.key]}}}"
        else:
            advice += f"\nlimits: {{{error.key}: {sent[error.key]}}}    {error.key} needs both, with the same value"
        return Hit(error.field, {"advice": advice}, span=s.document.span(f"{s.prefix}{error.field}[{error.key}]"))
    return _of_extended(s, error) or _unknown_resource(s, error)


def _of_extended(s: Subject, error: ApiError) -> Hit | None:
    """The request of a device such as nvidia.com/gpu that has no limit, or another one: the text has its name, or none has."""
    parent, _, last = error.field.rpartition(".")
    both = as_dict(sent_value(s.object, parent)) if last in ("requests", "limits") else {}
    requests, limits = as_dict(both.get("requests")), as_dict(both.get("limits"))
    for key, wanted in requests.items():
        if not isinstance(key, str) or "/" not in key and not key.startswith("hugepages-"):
            continue
        most = limits.get(key)
        if last == "requests" and f"equal to {key} limit" in error.detail:
            advice = f"requests: {{{key}: {most}}}    the same as the limit; or limits: {{{key}: {wanted}}}"
        elif last == "limits" and most is None and "Limit must be set" in error.detail:
            advice = f"limits: {{{key}: {wanted}}}    the same as the request"
        else:
            continue
        return Hit(error.field, {"advice": advice}, span=s.document.span(f"{s.prefix}{parent}.requests[{key}]"))
    return None


_RESOURCES = ("cpu", "memory", "ephemeral-storage")


def _unknown_resource(s: Subject, error: ApiError) -> Hit | None:
    """Points at the name of the resource, and shows the one that was meant."""
    field, bracket, key = error.field.removesuffix("]").partition("[") if error.field.endswith("]") else ("", "", "")
    where, _, key = error.field.removesuffix("]").rpartition("[")
    if not bracket or where.rpartition(".")[2] not in ("requests", "limits") or "standard resource" not in error.detail:
        return None
    value = sent_value(s.object, error.field)
    near = nearest(key.lower(), _RESOURCES)
    if key.lower() in ("gpu", "nvidia-gpu"):
        near = "nvidia.com/gpu"
    advice = f"{where.rpartition('.')[2]}: {{{near}: {value}}}" if near else _QUALIFIED
    return Hit(error.field, {"advice": advice}, part="key")


_QUALIFIED = "Use cpu, memory, ephemeral-storage, or a name with a domain, such as nvidia.com/gpu."


def number_out_of_range(s: Subject, error: ApiError) -> Hit:
    """Quotes the limit."""
    value = sent_value(s.object, error.field)
    name = error.field.rpartition(".")[2]
    advice = f"{name}: <number>    or no {name}: no limit" if name in _NO_LIMIT else f"Set {name} to a number in this range."
    least = {"must be greater than or equal to 0": "0", "must be greater than zero": "1"}.get(error.detail)
    if least is not None and name not in _NO_LIMIT:
        advice = f"Set {name} to {least} or a higher number."
    return Hit(error.field, {"value": "not set" if value is None else value, "hint": f"{error.detail}.", "advice": advice})


_NO_LIMIT = ("activeDeadlineSeconds", "ttlSecondsAfterFinished", "maxFailedIndexes", "startingDeadlineSeconds")
"""Fields that set a limit only if they are set."""


def needs_indexed_mode(s: Subject, error: ApiError) -> Hit:
    """Shows the setting."""
    from joblint.rules.checks.completions.counts import as_indexed

    values = {"name": error.field.rpartition(".")[2], "advice": as_indexed(s.sent_spec)}
    return Hit(error.field, values, part="key")


def rejected_by_api_server(s: Subject, error: ApiError) -> Hit:
    """The server's own text, or kubectl's if it does not call the server, after the field if the text has one."""
    from joblint.api.create.request import by_kubectl

    said = f"{error.field}: {error.message}" if error.field else error.message
    path = re.sub(r"\[[^\]]*\]", "", error.field)
    path = f".{path}" if re.fullmatch(r"(spec|metadata)[A-Za-z.]*", path) else ""
    explain = f"kubectl explain {s.kind.lower()}{path}"
    values = {"says_at": said, "who": "kubectl" if by_kubectl(error.message) else "The API server", "explain": explain}
    return Hit(error.field, values)
