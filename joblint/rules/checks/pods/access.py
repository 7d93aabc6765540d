"""kubectl calls compared with the Roles of the Pods' ServiceAccount, if both are in the same set of files.

Source: Kubernetes 1.36.3 plugin/pkg/auth/authorizer/rbac/rbac.go, pkg/apis/rbac/v1/evaluation_helpers.go.
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside
from joblint.shell.kubectl import UNKNOWN, is_cluster_wide

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import Allows, BindingFacts, RoleFacts
    from joblint.rules.finding import Hit


def role_lacks_verb(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A kubectl call that none of the account's Roles allows: forbidden in every run; one finding for each call."""
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        calls = workload.needs.calls
        if not calls or not _known(folder, workload):
            continue
        granted = _granted(folder, workload)
        broken = _broken(folder, workload)
        if granted is None and not broken:
            continue
        granted = [] if granted is None or broken else granted
        for call, field in calls:
            for verb, group, resource, name in _resolved(call.needs, granted):
                named = "" if call.namespace in _OWN else call.namespace
                namespace = named or workload.origin.namespace
                if "$(" in namespace or _allowed(granted, verb, group, resource, name, namespace, workload.origin):
                    continue
                full = f"{resource}.{group}" if group else resource
                values = {
                    "account": workload.needs.account,
                    "call": call.told,
                    "verb": verb,
                    "resource": full,
                    "because": broken or _because(granted, named, workload.origin, resource),
                    "rule": f"{_where(granted, named, workload.origin, resource)}:\n{_rule(verb, group, resource)}",
                }
                yield workload.origin, Hit(field, values)
                break


def _resolved(
    needs: tuple[tuple[str, str, str, str], ...], granted: list[tuple[BindingFacts, RoleFacts]]
) -> Iterator[tuple[str, str, str, str]]:
    """The needs, with the groups of custom resources as the Roles have them; without those that no Role mentions: they may be
    short names."""
    for verb, group, resource, name in needs:
        if group != UNKNOWN:
            yield verb, group, resource, name
            continue
        word, _, of = resource.partition(".")
        for _, role in granted:
            found = next(
                (
                    (g, r)
                    for allows in role.allows
                    for r in allows.resources
                    for g in allows.groups
                    if r in (word, word + "s", word + "es") and (not of or g == of or of.endswith("." + g) and g)
                ),
                None,
            )
            if found is not None:
                yield verb, *found, name
                break


_OWN = ("$(NAMESPACE)", "$(POD_NAMESPACE)", "$(MY_POD_NAMESPACE)", "$(MY_NAMESPACE)")
"""Variables that usually contain the Pod's own namespace, by fieldRef."""
_SLOW = ("pods", "namespaces", "persistentvolumeclaims", "persistentvolumes")
"""Resources whose objects remain for a while after a DELETE: a grace period, a finalizer."""


def delete_does_not_wait(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """kubectl delete, which may delete the objects but not get them: it returns immediately, with success; or it
    waits indefinitely if it may read but not list them.

    Source: Kubernetes 1.36.3, kubectl pkg/cmd/delete/delete.go DeleteResult, pkg/cmd/wait/delete.go IsDeleted.
    """
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        calls = [c for c in workload.needs.calls if c[0].deletes]
        if not calls or not any(_is_account(a.origin, workload) for a in folder.accounts):
            continue
        granted = _granted(folder, workload)
        if granted is None:
            continue
        for call, field in calls:
            deletes = tuple([("delete", group, resource, UNKNOWN) for group, resource in call.deletes])
            for _, group, resource, _ in _resolved(deletes, granted):
                namespace = call.namespace or workload.origin.namespace
                may = [
                    verb
                    for verb in ("delete", "get", "list")
                    if _allowed(granted, verb, group, resource, UNKNOWN, namespace, workload.origin)
                ]
                if may[:1] != ["delete"] or may[1:] == ["get", "list"] or not (resource in _SLOW or call.waits):
                    continue
                waits = "get" in may
                full = f"{resource}.{group}" if group else resource
                values = {
                    "call": call.told,
                    "account": workload.needs.account,
                    "verb": "list" if waits else "get",
                    "resource": full,
                    "effect": "waits until its timeout" if waits else "does not wait for the deletion",
                    "rule": f'- apiGroups: ["{group}"]\n  resources: ["{resource}"]\n  verbs: ["get", "list", "watch", "delete"]',
                }
                yield workload.origin, Hit(field, values, severity="" if waits or call.waits else "info")
                break


def _known(folder: Folder, workload: JobFacts | CronJobFacts) -> bool:
    """Whether the files show what the ServiceAccount may do: it, or a binding of it in the workload's own file, or anywhere one
    of the account `default`, which every namespace has."""
    account = workload.needs.account
    if account != "default" and any(_is_account(a.origin, workload) for a in folder.accounts):
        return True
    bindings = [b for b in _near(folder, workload) if account == "default" or b.origin.file == workload.origin.file]
    return any(n[1] == account and n[0] in ("", workload.origin.namespace) for b in bindings for n in b.accounts)


def _near(folder: Folder, workload: JobFacts | CronJobFacts) -> list[BindingFacts]:
    return [b for b in folder.bindings if beside(b.origin, workload.origin)]


def account_not_used(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """kubectl without a serviceAccountName, while an account in the same file has a Role that allows the call and is used by
    nothing else there; one finding for each workload."""
    from joblint.rules.finding import Hit

    used = {w.needs.account for w in folder.workloads}
    for workload in folder.workloads:
        calls = [c for c in workload.needs.calls if c[0].needs]
        if workload.needs.account != "default" or not calls or _known(folder, workload):
            continue
        accounts = [a for a in folder.accounts if a.origin.file == workload.origin.file and beside(a.origin, workload.origin)]
        for account in accounts if len(accounts) == 1 else ():
            name = account.origin.name
            bound = [b for b in _near(folder, workload) if any(n[1] == name for n in b.accounts)]
            roles = [r for r in folder.roles for b in bound if (r.origin.kind, r.origin.name) == (b.role_kind, b.role)]
            allows = [a for r in roles for a in r.allows]
            if name in used or not all(any(_covers(a, *need) for a in allows) for need in calls[0][0].needs):
                continue
            at = "spec.template.spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec.template.spec"
            yield workload.origin, Hit(calls[0][1], {"call": calls[0][0].told, "account": name, "at": at})


def _is_account(origin: Origin, workload: JobFacts | CronJobFacts) -> bool:
    return origin.name == workload.needs.account and beside(origin, workload.origin)


def account_without_token(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """kubectl with a ServiceAccount that mounts no token, in a Pod that does not request one; one finding for each workload.

    Source: Kubernetes 1.36.3, plugin/pkg/admission/serviceaccount/admission.go shouldAutomount.
    """
    from joblint.rules.finding import Hit

    for workload in folder.workloads:
        calls = workload.needs.calls
        if not calls or workload.needs.mounts_token:
            continue
        if any(_is_account(a.origin, workload) and a.no_token for a in folder.accounts):
            call, field = calls[0]
            at = "spec.template.spec" if workload.origin.kind == "Job" else "spec.jobTemplate.spec.template.spec"
            yield workload.origin, Hit(field, {"call": call.told, "account": workload.needs.account, "at": at})


def _granted(folder: Folder, workload: JobFacts | CronJobFacts) -> list[tuple[BindingFacts, RoleFacts]] | None:
    """The account's bindings with their roles; None if one of the roles is not in the files."""
    found = []
    for binding in folder.bindings:
        names = [n for n in binding.accounts if n[1] == workload.needs.account]
        namespaces = (workload.origin.namespace, "") if workload.origin.namespace else None
        if not names or namespaces is not None and all(n[0] not in namespaces for n in names):
            continue
        roles = [r for r in folder.roles if r.origin.kind == binding.role_kind and r.origin.name == binding.role]
        if binding.role_kind == "Role":
            roles = [r for r in roles if beside(r.origin, binding.origin)]
        if not roles or any(r.aggregated for r in roles):
            return None
        found.extend([(binding, r) for r in roles])
    if not found and not _nothing_bound(folder, workload):
        return None
    return found


def _broken(folder: Folder, workload: JobFacts | CronJobFacts) -> str:
    """Why no RoleBinding of the account in the same file has an effect where the Job runs; "" if one may have."""
    namespace = workload.origin.namespace
    whys = []
    for binding in folder.bindings:
        if all(name != workload.needs.account for _, name in binding.accounts):
            continue
        if binding.origin.file != workload.origin.file or binding.origin.kind != "RoleBinding" or binding.role_kind != "Role":
            return ""
        roles = [r for r in folder.roles if r.origin.kind == "Role" and r.origin.file == binding.origin.file]
        named = [r.origin.namespace for r in roles if r.origin.name == binding.role]
        if namespace and not binding.origin.namespace and named == [namespace]:
            whys.append(f'RoleBinding "{binding.origin.name}" has no namespace, but Role "{binding.role}" is in "{namespace}"')
        elif binding.origin.namespace and named and all(n and n != binding.origin.namespace for n in named):
            whys.append(f'Role "{binding.role}" is in "{named[0]}", its RoleBinding in "{binding.origin.namespace}"')
        elif not named and len(roles) == 1 and _alike(binding.role, roles[0].origin.name):
            whys.append(f'its RoleBinding refers to Role "{binding.role}", not "{roles[0].origin.name}"')
        else:
            return ""
    return whys[0] if whys else ""


def _alike(one: str, other: str) -> bool:
    """Whether one name is the other with a word more."""
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer.startswith(shorter + "-") or longer.endswith("-" + shorter)


def _nothing_bound(folder: Folder, workload: JobFacts | CronJobFacts) -> bool:
    """Whether a Role for the account is clearly in the same file, and only the binding is wrong or missing."""
    return any(r.origin.file == workload.origin.file for r in folder.roles) and not any(
        b.others and b.origin.file == workload.origin.file for b in folder.bindings
    )


def _allowed(
    granted: list[tuple[BindingFacts, RoleFacts]],
    verb: str,
    group: str,
    resource: str,
    name: str,
    namespace: str,
    origin: Origin,
) -> bool:
    for binding, role in granted:
        everywhere = binding.origin.kind == "ClusterRoleBinding"
        if not everywhere:
            if is_cluster_wide(resource) or namespace == "*":
                continue
            if namespace and binding.origin.namespace and namespace != binding.origin.namespace:
                continue
            if not namespace and not beside(binding.origin, origin):
                continue
        if any(_covers(allows, verb, group, resource, name) for allows in role.allows):
            return True
    return False


def _covers(allows: Allows, verb: str, group: str, resource: str, name: str) -> bool:
    if "*" not in allows.verbs and verb not in allows.verbs or "*" not in allows.groups and group not in allows.groups:
        return False
    _, slash, sub = resource.partition("/")
    if not {"*", resource, *([f"*/{sub}"] if slash else [])} & set(allows.resources):
        return False
    # A rule with names does not allow list, watch or create, whatever the name.
    return not allows.names or name == UNKNOWN or name in allows.names


def _because(granted: list[tuple[BindingFacts, RoleFacts]], namespace: str, origin: Origin, resource: str) -> str:
    if not granted:
        return "no Role is bound to it in the checked files"
    names = list(dict.fromkeys([f'{role.origin.kind} "{role.origin.name}"' for _, role in granted]))
    if all(b.origin.kind == "RoleBinding" for b, _ in granted):
        if is_cluster_wide(resource):
            return f"a ClusterRoleBinding is needed for {resource}"
        if namespace == "*":
            return "a RoleBinding does not apply to all namespaces"
        if _elsewhere(granted, namespace, origin):
            return f'its RoleBinding is not in namespace "{namespace}"'
    named = [n for _, r in granted for a in r.allows if a.names and resource in a.resources for n in a.names]
    if named and len(named) < 4:
        shown = " and ".join([f'"{name}"' for name in dict.fromkeys(named)])
        return f"its {' and '.join(names)} allows only {shown}"
    return f"not in its {' and '.join(names)}"


def _elsewhere(granted: list[tuple[BindingFacts, RoleFacts]], namespace: str, origin: Origin) -> bool:
    """Whether the call is for another namespace than those of the bindings."""
    other = namespace and namespace not in ("*", origin.namespace)
    return bool(other) and all(b.origin.namespace not in ("", namespace) for b, _ in granted)


def _where(granted: list[tuple[BindingFacts, RoleFacts]], namespace: str, origin: Origin, resource: str) -> str:
    """The comment above the rule that is missing."""
    if granted and all(b.origin.kind == "RoleBinding" for b, _ in granted):
        if is_cluster_wide(resource) or namespace == "*":
            return "# in the rules of a ClusterRole with a ClusterRoleBinding"
        if _elsewhere(granted, namespace, origin):
            return f'# in the rules of a Role with a RoleBinding in namespace "{namespace}"'
    return "# in the rules of the Role"


def _rule(verb: str, group: str, resource: str) -> str:
    return f'- {{apiGroups: ["{group}"], resources: ["{resource}"], verbs: ["{verb}"]}}'
