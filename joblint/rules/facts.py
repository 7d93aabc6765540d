"""Rules that look at all objects of a run together; knows the facts kept of each object, no single manifest.

Only a few facts of an object outlive its file, so that a thousand files can be read by several processes.
"""

from __future__ import annotations

from joblint.base.record import record
from joblint.rules.subject import Subject, as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.finding import Hit
    from joblint.source.documents import Document


@record
class Facts:
    """What is kept of one object for the rules over a whole folder.

    `data` holds plain values by kind. Job: `shape` (a key that is equal for Jobs alike but for their digits),
    `subdomain`, `indexed`, `labels`. CronJob: `schedule`, `timeZone`, `suspend`. Service: `headless`, `selector`.
    Pod: `restartPolicy`, `owned`. PersistentVolumeClaim: `accessModes`. Job and CronJob: `claims`, see `_claims`.
    Positions are not kept: the file is read again where a finding needs one.
    """

    kind: str
    namespace: str
    name: str
    file: str
    document: int
    prefix: str
    data: dict[str, Any]


def facts_of(subject: Subject) -> Facts:
    """The facts of a Job or CronJob."""
    document, prefix = subject.document, subject.prefix
    data: dict[str, Any] = {}
    if subject.kind == "CronJob":
        cron = subject.cron
        data = {k: cron.get(k) for k in ("schedule", "timeZone", "suspend")}
        data["subdomain"] = subject.pod.get("subdomain")
        data["claims"] = _claims(subject)
    else:
        template = as_dict(subject.spec.get("template"))
        data = {
            "subdomain": subject.pod.get("subdomain"),
            "indexed": subject.spec.get("completionMode") == "Indexed",
            "labels": as_dict(as_dict(template.get("metadata")).get("labels")),
            "shape": _shape(subject),
            "claims": _claims(subject),
        }
    return Facts(
        subject.kind,
        str(subject.metadata.get("namespace") or ""),
        subject.name,
        document.file,
        document.index,
        prefix,
        data,
    )


def facts_of_other(document: Document, prefix: str, value: dict[str, Any]) -> Facts:
    """The facts of an object of another kind that some rules on Jobs look for beside them."""
    meta, spec = as_dict(value.get("metadata")), as_dict(value.get("spec"))
    kind = str(value.get("kind"))
    data: dict[str, Any]
    if kind == "PersistentVolumeClaim":
        data = {"accessModes": tuple([str(m) for m in as_list(spec.get("accessModes"))])}
    elif kind == "Service":
        data = {"headless": spec.get("clusterIP") == "None", "selector": as_dict(spec.get("selector"))}
    else:
        data = {"restartPolicy": spec.get("restartPolicy"), "owned": bool(as_list(meta.get("ownerReferences")))}
    name = str(meta.get("name") or "")
    return Facts(kind, str(meta.get("namespace") or ""), name, document.file, document.index, prefix, data)


OTHERS = ("Service", "Pod", "PersistentVolumeClaim")
"""The other kinds of which facts are kept."""


def _claims(subject: Subject) -> tuple[tuple[str, str, int], ...]:
    """Path, name of the claim and number of Pods for each claim that several Pods of the Job use at once."""
    volumes = subject.pod.get("volumes")
    if not volumes or subject.prediction.at_once < 2:
        return ()
    found = []
    for i, volume in enumerate(as_list(volumes)):
        claim = as_dict(as_dict(volume).get("persistentVolumeClaim"))
        if claim.get("claimName") and claim.get("readOnly") is not True:
            at = f"{subject.pod_at}.volumes[{i}].persistentVolumeClaim.claimName"
            found.append((at, str(claim["claimName"]), subject.prediction.at_once))
    return tuple(found)


def _shape(subject: Subject) -> str:
    """A key that is equal for Jobs whose images and commands are the same but for digits: work items written out by hand."""
    parts = []
    for container in subject.mains:
        data = container.data
        for text in (data.get("image"), *as_list(data.get("command")), *as_list(data.get("args"))):
            parts.append("".join(["#" if c.isdigit() else c for c in str(text)]))
        parts.append("|")
    return "\x00".join(parts)


def run(engine: Engine, facts: tuple[Facts, ...]) -> tuple[list[tuple[Rule, Facts, Hit]], list[tuple[Rule, Exception]]]:
    """What the rules over a whole folder find, and those of them that raised."""
    from joblint.rules.catalogue.functions import function_of

    hits: list[tuple[Rule, Facts, Hit]] = []
    crashes: list[tuple[Rule, Exception]] = []
    kinds = {f.kind for f in facts}
    for rule in engine.rules:
        function = function_of(rule) if rule.scope == "folder" and not kinds.isdisjoint(rule.kinds) else None
        if function is None:
            continue
        try:
            hits.extend((rule, where, hit) for where, hit in function(facts))
        except Exception as error:  # a bug in one rule must not hide the others
            crashes.append((rule, error))
    return hits, crashes
