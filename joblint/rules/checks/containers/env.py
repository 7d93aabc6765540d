"""References in env values: an entry sees only earlier entries, envFrom and Services; commands are not run.

Source: Kubernetes 1.36.3, pkg/kubelet/kubelet_pods.go (makeEnvironmentVariables), pkg/controller/job/indexed_job_utils.go
(addCompletionIndexEnvVariable, which appends the variable to env).
"""

from __future__ import annotations

from joblint.rules.checks.containers.references import entry_of, is_service, near, references
from joblint.rules.checks.containers.syntax import COMMANDS
from joblint.rules.finding import Hit
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


_INDEX = "metadata.annotations['batch.kubernetes.io/job-completion-index']"


def undefined(at: str, data: dict[str, Any], names: set[str], more: bool) -> Iterator[Hit]:
    """Return the env values of a container (its path and data) that contain a reference which is not expanded.

    `names` are those that Kubernetes knows, `more` whether envFrom may add others.
    """
    seen: set[str] = set()
    for i, entry in enumerate(as_list(data.get("env"))):
        entry = as_dict(entry)
        value = entry.get("value")
        if isinstance(value, str) and "$(" in value:
            told = _told(value, str(entry.get("name")), names, seen, more)
            if told:
                yield Hit(f"{at}.env[{i}].value", told)
        seen.add(str(entry.get("name")))


def _told(value: str, own: str, names: set[str], seen: set[str], more: bool) -> dict[str, str]:
    for name in references(value):
        if name in seen or is_service(name) or more and name not in names or not name.isupper():
            continue
        if name == "JOB_COMPLETION_INDEX" and name in names:
            return {
                "name": name,
                "reason": "is added by the controller after the entries of env",
                "instead": f"Read {name} in the program, or use fieldRef with {_INDEX}.",
            }
        if name in names and name != own:
            return {
                "name": name,
                "reason": "is defined later in env, which is processed from top to bottom",
                "instead": f"Move the entry {name} before {own}.",
            }
        return {"name": name, "reason": "is not in env", "instead": near(name, names, own) or entry_of(name)}
    inside = value.partition("$(")[2].partition(")")[0]
    if "$$(" not in value and inside.split() and inside.split()[0] in COMMANDS and inside not in seen:
        reason = "is a shell command, and Kubernetes runs no commands"
        return {"name": inside, "reason": reason, "instead": f'In the script: export {own}="$({inside})"'}
    return {}
