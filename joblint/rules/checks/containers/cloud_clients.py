"""Clients of clouds that nobody has signed in: az, aws, gcloud and gsutil without credentials in sight."""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.subject import as_dict, as_list
from joblint.rules.workload.mounts import mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import ContainerRef, Subject

_MAY_HOLD = ("secret", "projected", "configMap", "hostPath", "persistentVolumeClaim", "csi", "emptyDir")
_OFFLINE = names("version --version --help help -h config configure extension bicep completion components info cloud feedback")
_CLIENTS = {
    "az": ("AZURE_CONFIG_DIR", "AZURE_STORAGE", "AZURE_DEVOPS"),
    "aws": ("AWS_",),
    "gcloud": ("GOOGLE_", "CLOUDSDK_"),
    "gsutil": ("GOOGLE_", "CLOUDSDK_", "BOTO_"),
    "bq": ("GOOGLE_", "CLOUDSDK_"),
}
_SIGNED = ("--no-sign-request", "--profile", "--account-key", "--sas-token", "--connection-string", "--access-token-file")
_SIGNS_IN = ("login", "auth", "AWS_", "GOOGLE_", "CLOUDSDK_", "service_principal", "assume-role", "credentials", ".aws", ".boto")
_ROLES = {"az": "", "aws": "the role of the node", "gcloud": "the service account of the node"}

_AZ = 'Sign in first, with a Secret:\naz login --service-principal -u <app-id> -p "$AZURE_CLIENT_SECRET" --tenant <tenant>'
_ADVICE = """serviceAccountName: <name>    with a cloud identity (IRSA, Workload Identity and others)
envFrom: [{{secretRef: {{name: <secret-name>}}}}]    or: a Secret with {variables}"""
_NEEDED = {
    "aws": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gcloud": "the key file of GOOGLE_APPLICATION_CREDENTIALS",
}


def client_without_credentials(s: Subject) -> Iterator[Hit]:
    """One finding for each container. az has no credentials without a login; the others may use those of the node: info."""
    if s.sent_pod.get("serviceAccountName") or s.sent_pod.get("serviceAccount") or _identity(s):
        return
    for i, container in enumerate(s.containers):
        if container.data.get("envFrom") or any(m.kind in _MAY_HOLD for m in mounts(s, container)):
            continue
        for call in calls_of(s, i):
            variables = _CLIENTS.get(call.name)
            if variables is None or not call.rest or call.rest[0] in _OFFLINE or _signed(call.rest, container, variables):
                continue
            text = call.script.text if call.script is not None else ""
            if any(mark in text for mark in _SIGNS_IN):
                continue
            sure = call.name == "az" and "azure-cli" in str(container.data.get("image"))
            role = _ROLES.get(call.name, _ROLES["gcloud"])
            yield call_hit(
                s,
                call,
                command=short(call.text),
                program=call.name,
                advice=_AZ if call.name == "az" else _ADVICE.format(variables=_NEEDED.get(call.name, _NEEDED["gcloud"])),
                effect=f"it can only use {role}, if that is reachable" if role else "it fails with \"Please run 'az login'\"",
                severity="warning" if sure else "",
                confidence="certain" if sure else "",
            )
            break


def _identity(s: Subject) -> bool:
    """Whether a webhook or an operator gives the Pod an identity."""
    return any("iam" in key or "azure.workload" in key or "aad" in key or "inject" in key for key in s.marks)


def _signed(rest: tuple[str, ...], container: ContainerRef, variables: tuple[str, ...]) -> bool:
    if any(w.startswith(_SIGNED) for w in rest) or {"login", "auth", "--version"}.intersection(rest[:2]):
        return True
    given = [str(as_dict(e).get("name")) for e in as_list(container.data.get("env"))]
    return any(name.startswith(variables) for name in given)
