"""Which objects concern joblint: Jobs and CronJobs, and what was clearly meant as one.

Knows what an object or a text contains: kind, apiVersion, the fields that only a Job has. The groups `batch/…` contain only
Job, CronJob and their Lists; a Job of a custom group (`batch.volcano.sh/v1alpha1`) does not concern joblint. Source: Kubernetes
1.36.3, pkg/apis/batch/register.go.
"""

from __future__ import annotations

from joblint.api.create.request import API_VERSION, GROUP, KINDS, own_group

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

_JOB_FIELDS = (
    *("completions", "parallelism", "backoffLimit", "ttlSecondsAfterFinished", "completionMode", "podFailurePolicy"),
    "jobTemplate",
)
_FIELDS_IN_BYTES = tuple([field.encode() for field in _JOB_FIELDS])
_WORDS = (b"Job", b"batch", b"job", b"Batch", b"JOB", b"BATCH")
_KEYS = (b"kind", b"apiVersion", b"Kind", b"apiversion", b"ApiVersion", b"KIND")
_LISTS = {"list": "List", "joblist": "JobList", "cronjoblist": "CronJobList"}
_LARGE = 1 << 16  # bytes from which on reading JSON once more, fast and loosely, pays for itself
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: no word is to be found in its bytes


def may_hold(data: bytes) -> bool:
    """Return whether a text can contain a Job or CronJob: a search in its bytes, true for some texts that contain none.

    A document whose first column clearly shows that it is something else contains none, however often it mentions Jobs.
    """
    find = data.find  # `in` raises and catches an error for each word
    if find(_WORDS[0]) < 0 and max(map(find, _WORDS)) < 0 or find(_KEYS[0]) < 0 and max(map(find, _KEYS)) < 0:
        if _shaped(data):
            return find(b"\n---") >= 0 or not _says_another(data)
        return data.startswith(_WIDE) or _kindless(data)
    if find(b"\n---") >= 0:
        return True  # several documents: each is checked
    if data.startswith(b"{") and len(data) > _LARGE:
        return _in_json(data)
    kinds = _first_column(data, b"kind:")
    if kinds:
        if any(map(_may_be_kind, kinds)):
            return True
        return any(g.startswith(("batch", "Batch", "BATCH", "*", "&")) for g in _first_column(data, b"apiVersion:"))
    return data.startswith(_WIDE) or _shaped(data) or _saying().search(data) is not None


def seen(data: bytes) -> bool:
    """Return whether a text that cannot be read is a Job or CronJob, by the kind and the group in its least indented lines (in
    JSON the first ones)."""
    if not may_hold(data):
        return False
    if data.startswith(_WIDE):
        data = data.decode("utf-16", "replace").encode()
    said_there = [(len(m[1].expandtabs()), m[2].lower(), _word(m[3])) for m in _lines().finditer(data)]
    if data.lstrip()[:1] in (b"{", b"[") and not data.lstrip().startswith(b"{{"):
        flat = [(0, m[1].lower(), _word(m[2])) for m in _entries().finditer(data)]
        said_there = [next(e for e in flat if e[1] == key) for key in (b"kind", b"apiversion") if any(e[1] == key for e in flat)]
    least = min([indent for indent, _, _ in said_there], default=0) + 1  # a space too many may be what is wrong
    kinds = [word for indent, key, word in said_there if key == b"kind" and indent <= least]
    groups = [word for indent, key, word in said_there if key == b"apiversion" and indent <= least and "{{" not in word]
    if any(kind.endswith("List") for kind in kinds):
        kinds += [word for _, key, word in said_there if key == b"kind"]
    if any(group.partition("/")[0] == GROUP for group in groups):
        return True
    if groups and all(own_group(group) for group in groups):
        return False
    if not said_there:
        in_braces = [_word(m[2]) for m in _entries().finditer(data) if m[1].lower() == b"apiversion"]
        ours = any(group.partition("/")[0] == GROUP for group in in_braces)
        return ours or _shaped(data) or _kindless(data)
    if not any(kind.replace("-", "").isalnum() or "{{" in kind for kind in kinds) and not any(map(_says_version, groups)):
        return True  # an object of Kubernetes that hides both its kind and its group
    return any(k in KINDS or "{{" in k and "Job" in k or not groups and _is_near(k) for k in kinds)


def kind_seen(data: bytes) -> str:
    """Return the kind in the first column of a text that is not parsed, or in JSON; "" if there is none."""
    kinds = _first_column(data, b"kind:")
    if kinds:
        return kinds[0] if kinds[0].replace("-", "").isalnum() else ""
    if data.startswith(b"{") and b'"kind"' in data and b'"apiVersion"' in data:
        match = next((m for m in _entries().finditer(data) if m[1] == b"kind"), None)
        return _word(match[2]) if match is not None else ""
    return ""


def is_ours(value: object) -> bool:
    """Return whether an object is a Job or a CronJob, in any version, or was clearly meant as one, or an array that contains
    one."""
    if not isinstance(value, dict):
        items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
        # Selectors of objects, as backup tools have them, have an apiVersion, but neither a kind nor a spec.
        items = [item for item in items if said(item, "apiVersion") and (said(item, "kind") or "spec" in item)]
        return any(map(is_ours, items))
    kind, api_version = said(value, "kind"), said(value, "apiVersion")
    if isinstance(api_version, str):
        if own_group(api_version):
            return False
        if api_version.partition("/")[0] == GROUP:
            return True
    if isinstance(kind, str) and kind:
        if meant_list(kind):
            return is_ours(value.get("items"))
        return kind in KINDS or (_is_near(kind) and (api_version is not None or looks_like_job(value)))
    return looks_like_job(value)


def meant_list(kind: str) -> str:
    """List, JobList or CronJobList, whichever was meant by a kind in other letters (`list`, `Joblist`); else ""."""
    if kind in _LISTS.values():
        return ""
    return _LISTS.get(kind.lower().strip().removesuffix("s").replace("jobs", "job"), "")


def of_another_group(value: object) -> bool:
    """Return whether an object has the kind Job or CronJob in a custom group."""
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        return False
    api_version = value.get("apiVersion")
    return isinstance(api_version, str) and own_group(api_version)


def meant(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the object with the kind and version that were meant; everything else is shared with it.

    None if the kind is not clear.
    """
    right = meant_kind(value)
    if not right:
        return None
    found = {k: v for k, v in value.items() if k.lower() not in ("kind", "apiversion")}
    return {"apiVersion": API_VERSION, "kind": right, **found}


def meant_kind(value: dict[str, Any]) -> str:
    """Return Job or CronJob, whichever was meant; "" if that is not clear."""
    kind = said(value, "kind")
    if isinstance(kind, str) and kind:
        if kind in KINDS:
            return kind
        if not _is_near(kind):
            return ""
        return "Job" if _plain(kind) in ("job", "jobs") else "CronJob"
    spec = value.get("spec")
    return "CronJob" if isinstance(spec, dict) and ("jobTemplate" in spec or "schedule" in spec) else "Job"


def said(value: dict[str, Any], key: str) -> Any:
    """Return an object's value for a key, or for that key in other letters (`Kind:`); None if there is none."""
    if key in value:
        return value[key]
    lowered = key.lower()
    return next((v for k, v in value.items() if k.lower() == lowered), None)


def looks_like_job(value: dict[str, Any]) -> bool:
    """Return whether an object without a kind was meant to be a Job or CronJob: it has a field that only these have, and a
    template."""
    spec = value.get("spec")
    if not isinstance(spec, dict) or said(value, "kind"):
        return False
    return "jobTemplate" in spec or ("template" in spec and any(field in spec for field in _JOB_FIELDS))


def _plain(kind: str) -> str:
    return kind.lower().strip().replace("_", "").replace("-", "")


def _is_near(kind: str) -> bool:
    """Whether a kind is Job or CronJob but for capitals, dashes and a letter or two."""
    from joblint.base.nearest import nearest

    plain = _plain(kind)
    if plain in ("job", "jobs", "cronjob", "cronjobs", "cron", "scheduledjob"):  # as a CronJob was called before 1.5
        return True
    return len(plain) > 5 and nearest(plain, ("cronjob",)) != ""


def _word(text: bytes) -> str:
    return text.decode("utf-8", "replace").strip("\"'")


def _may_be_kind(word: str) -> bool:
    """Whether a kind as written can be Job, CronJob or a List."""
    return word in KINDS or not word.isalnum() or word.endswith("List") or meant_list(word) != "" or _is_near(word)


def _first_column(data: bytes, key: bytes) -> list[str]:
    """What is after a key in the lines that begin with it."""
    found: list[str] = []
    at = 0 if data.startswith(key) else data.find(b"\n" + key) + 1
    while at or not found and data.startswith(key):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        found.append(_word(data[at + len(key) : end].partition(b" #")[0].strip()))
        at = data.find(b"\n" + key, end) + 1
    return found


def _in_json(data: bytes) -> bool:
    """Whether a large JSON text contains a Job or CronJob; true if it is not plain JSON."""
    from json import loads

    try:
        value = loads(data)
    except (ValueError, RecursionError):
        return True
    items = value.get("items")
    return is_ours(value) or (isinstance(items, list) and is_ours(items))


def _shaped(data: bytes) -> bool:
    """Whether a text contains words that only Jobs have, and no kind."""
    find = data.find
    return find(b"containers") >= 0 and max(map(find, _FIELDS_IN_BYTES)) >= 0


def _says_another(data: bytes) -> bool:
    """Whether the first column of a text without the word Job specifies another kind: the schemas of many kinds contain Pods."""
    kinds = _first_column(data, b"kind:")
    return bool(kinds) and not any(map(_may_be_kind, kinds)) and not data.startswith(_WIDE)


def _kindless(data: bytes) -> bool:
    """Whether a text begins as an object of Kubernetes in braces and has no kind: cut off, as it seems."""
    return data.startswith(b"{apiVersion:") and b"kind" not in data


def _says_version(group: str) -> bool:
    """Whether an apiVersion has a valid form, of any group."""
    return "/" in group or (group[:1] == "v" and group[1:2].isdigit())


def _saying() -> re.Pattern[bytes]:
    """A kind that has to do with jobs, or a group that has to do with batch, as YAML or JSON."""
    import re

    kind = rb"\bkind[\"']?\s*:\s*(?:[&!]\S*\s+)?(?:\S*job|\*|[|>]|\{\{)"
    return re.compile(rb"(?i)" + kind + rb"|apiversion[\"']?\s*:\s*(?:[&!]\S*\s+)?(?:[\"']?batch|\*)")


def _lines() -> re.Pattern[bytes]:
    """The lines with a kind or an apiVersion: their indentation, which of the two, and the value."""
    import re

    return re.compile(rb"(?im)^([ \t]*)(?:- *)*[\"']?(kind|apiversion)[\"']?[ \t]*:[ \t]*([^\n# \t](?:[^\n#]*[^\n# \t])?)")


def _entries() -> re.Pattern[bytes]:
    """The same in braces: which of the two, and the value."""
    import re

    return re.compile(rb"(?i)[\s{,][\"']?(kind|apiversion)[\"']?\s*:\s*([\"']?[\w./-]+)")
