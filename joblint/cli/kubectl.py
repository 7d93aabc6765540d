"""Calls kubectl for a live Job or CronJob and its Pods; only the plugin does so, and only kubectl opens a connection."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS = {"job": "Job", "jobs": "Job", "cronjob": "CronJob", "cronjobs": "CronJob", "cj": "CronJob"}
_SECONDS = 60
"""Time limit for one call of kubectl, in seconds."""


class KubectlError(Exception):
    """kubectl is missing, does not respond, or fails; the text is for a person."""


def named(path: str) -> tuple[str, str] | None:
    """Return the kind and name of `job/pi` or `cronjob.batch/nightly`; None for anything else."""
    word, slash, name = path.partition("/")
    kind = _KINDS.get(word.lower().removesuffix(".batch"))
    if not slash or kind is None or not name or not name.replace("-", "").replace(".", "").isalnum():
        return None
    return kind, name


def ask(kind: str, name: str, options: list[str], refused: list[str]) -> bytes:
    """Return a List in JSON: the object first, then its Pods and the events of its namespace that are about Jobs, CronJobs and
    Pods; for a CronJob also the Jobs.

    `options` are kubectl's own (namespace, context). If something else than the object cannot be read, it is omitted and the
    reason is added to `refused`: neither events nor Pods are required. Raises KubectlError.
    """
    found = _get([kind.lower() + "s.batch", name], options)
    items = [found]
    wanted = [["pods", *_selected(found)]] if kind == "Job" else [["jobs.batch"], ["pods", "-l", "batch.kubernetes.io/job-name"]]
    wanted += [["events", "--field-selector", f"involvedObject.kind={k}"] for k in dict.fromkeys((kind, "Job", "Pod"))]
    for what in wanted:
        try:
            more = _get(what, options).get("items")
        except KubectlError as error:
            if str(error) not in refused:
                refused.append(str(error))
            continue
        items += more if isinstance(more, list) else ()
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode()


def _selected(job: dict[str, Any]) -> list[str]:
    """The option that selects a Job's Pods, by its controller's selector; none if that selector is not a simple one."""
    spec = job.get("spec")
    selector = spec.get("selector") if isinstance(spec, dict) else None
    labels = selector.get("matchLabels") if isinstance(selector, dict) else None
    if not isinstance(labels, dict) or not labels or set(selector or ()) != {"matchLabels"}:
        return []
    return ["-l", ",".join([f"{key}={value}" for key, value in sorted(labels.items())])]


def _get(what: list[str], options: list[str]) -> dict[str, Any]:
    import subprocess

    command = ["kubectl", "get", *what, "-o", "json", *options]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS)
    except FileNotFoundError:
        raise KubectlError(
            "kubectl is not on the PATH; pipe its output instead: kubectl get job,pods,events -o json | joblint jobs-explain -"
        ) from None
    except OSError as error:
        raise KubectlError(f"kubectl: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise KubectlError(f"kubectl get {what[0]} did not respond within {_SECONDS}s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise KubectlError(said or f"kubectl get {what[0]} failed with exit code {done.returncode}")
    try:
        value = json.loads(done.stdout)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise KubectlError(f"kubectl get {what[0]} did not print a JSON object")
    return value
