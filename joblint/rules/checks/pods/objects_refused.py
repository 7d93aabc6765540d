"""Objects next to a Job that the API server rejects, so that the Job does not find them.

Source: Kubernetes 1.36.3 pkg/apis/rbac/validation/validation.go ValidateRoleBindingSubject; ConfigMap.data and Secret.data are
map[string]string and map[string][]byte (staging/src/k8s.io/api/core/v1/types.go).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_name
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import BindingFacts
    from joblint.rules.finding import Hit


def needed_object_rejected(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A ConfigMap, Secret or ClusterRoleBinding that the Job needs is not valid; one finding for each."""
    from joblint.rules.finding import Hit

    wrong = by_name([c for c in folder.configs if c.broken[0] or c.unquoted])
    bindings: dict[str, list[BindingFacts]] = {}
    for binding in folder.bindings:
        if binding.origin.kind == "ClusterRoleBinding" and binding.incomplete >= 0:
            for account in dict.fromkeys([name for namespace, name in binding.accounts if not namespace]):
                bindings.setdefault(account, []).append(binding)
    for workload in folder.workloads:
        told: set[tuple[str, str]] = set()
        for reference in workload.needs.references:
            if reference.use not in WITHOUT or (reference.kind, reference.name) in told:
                continue
            for config in wrong.get(reference.name, ()):
                same = (config.origin.kind, config.origin.name) == (reference.kind, reference.name)
                if same and config.broken[0] and not config.unquoted and beside(config.origin, workload.origin):
                    told.add((reference.kind, reference.name))
                    key, byte = config.broken
                    values = {
                        "kind": reference.kind,
                        "name": reference.name,
                        "problem": f"data.{key} is not base64",
                        "says": f"illegal base64 data at input byte {byte}",
                        "effect": WITHOUT[reference.use],
                        "advice": f"stringData:    instead of data, for {key}: its value is then written without base64",
                    }
                    yield workload.origin, Hit(reference.field, values)
                    break
                if same and config.unquoted and beside(config.origin, workload.origin):
                    told.add((reference.kind, reference.name))
                    field, shown, go = config.unquoted[0]
                    values = {
                        "kind": reference.kind,
                        "name": reference.name,
                        "problem": f"{field} is not a string",
                        "says": f"json: cannot unmarshal {go} into Go struct field {reference.kind}.{field.partition('.')[0]}"
                        " of type string",
                        "effect": WITHOUT[reference.use],
                        "advice": f'{field.rpartition(".")[2]}: "{shown}"    in {reference.kind} "{reference.name}"',
                    }
                    yield workload.origin, Hit(reference.field, values)
                    break
        yield from _bindings(bindings.get(workload.needs.account, ()), workload)


def _bindings(bindings: Iterable[BindingFacts], workload: JobFacts | CronJobFacts) -> Iterator[tuple[Origin, Hit]]:
    from joblint.rules.finding import Hit
    from joblint.source.unrendered.kustomize_resources import listed_in

    for binding in bindings:
        if not workload.origin.namespace or not beside(binding.origin, workload.origin):
            continue
        if listed_in(binding.origin.file):
            continue  # kustomize writes the account's namespace into the subject (api/filters/nameref/nameref.go)
        at = ("spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec") + ".template.spec"
        values = {
            "kind": "ClusterRoleBinding",
            "name": binding.origin.name,
            "problem": f"subjects[{binding.incomplete}] has no namespace",
            "says": f"subjects[{binding.incomplete}].namespace: Required value",
            "effect": f'ServiceAccount "{workload.needs.account}" does not get this role',
            "advice": f'namespace: {workload.origin.namespace}    in subjects[{binding.incomplete}] of "{binding.origin.name}"',
        }
        field = f"{at}.serviceAccountName" if workload.needs.account != "default" else at
        yield workload.origin, Hit(field, values)
