"""Asks kubectl for a live Job or CronJob and what belongs to it; only the plugin does so, and only kubectl opens a connection."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KINDS = {"job": "Job", "jobs": "Job", "cronjob": "CronJob", "cronjobs": "CronJob", "cj": "CronJob"}
_SECONDS = 60
"""Seconds that one call of kubectl may take."""


class KubectlError(Exception):
    """kubectl is not there, does not answer, or says no; with words for a person."""


def named(path: str) -> tuple[str, str] | None:
    """The kind and name that `job/pi` or `cronjob.batch/nightly` says; None for anything else."""
    word, slash, name = path.partition("/")
    kind = _KINDS.get(word.lower().removesuffix(".batch"))
    if not slash or kind is None or not name or not name.replace("-", "").replace(".", "").isalnum():
        return None
    return kind, name


def ask(kind: str, name: str, options: list[str]) -> bytes:
    """A List in JSON: the object first, then the Pods and events of its namespace, of a CronJob also the Jobs.

    `options` are kubectl's own (namespace, context). Raises KubectlError.
    """
    plural = kind.lower() + "s"
    found = _get([plural + ".batch", name], options)
    others = _get(["jobs.batch,pods,events" if kind == "CronJob" else "pods,events"], options).get("items")
    items = [found, *(others if isinstance(others, list) else ())]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}).encode()


def _get(what: list[str], options: list[str]) -> dict[str, Any]:
    import subprocess

    command = ["kubectl", "get", *what, "-o", "json", *options]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS)
    except FileNotFoundError:
        raise KubectlError("kubectl is not on the PATH; kubectl get job,pods,events -o json | joblint jobs-explain -") from None
    except OSError as error:
        raise KubectlError(f"kubectl: {error.strerror or error}") from None
    except subprocess.TimeoutExpired:
        raise KubectlError(f"kubectl get {what[0]} did not answer within {_SECONDS} s") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise KubectlError(said or f"kubectl get {what[0]} ended with {done.returncode}")
    try:
        value = json.loads(done.stdout)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise KubectlError(f"kubectl get {what[0]} did not print a JSON object")
    return value
