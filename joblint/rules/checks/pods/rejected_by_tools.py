"""What kubectl, the AWS CLI and other tools reject in their arguments: the reason and what to type instead, or None.

Sources: kubectl 1.36 (cli-runtime builder.go; apply.go, delete.go, patch.go, scale.go), AWS CLI 2 (customizations/s3),
etcdctl 3.5 (snapshot.go), GNU tar 1.35 (tar.c), curl 8 (tool_getparam.c), rsync 3.3 (main.c).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.workload.arguments import Arguments

_KUBECTL = names(
    "-n --namespace -l --selector -o --output -f --filename -c --container --context --cluster --user --kubeconfig "
    "-s --server --field-selector --timeout --grace-period --cascade --as --as-group --token --request-timeout -p "
    "--patch --type --replicas --for --field-manager -k --kustomize --sort-by -L --label-columns --template "
    "--patch-file -v --subresource"
)
_SELECTS = ("-l", "--selector")
_SOURCES = ("-f", "--filename", "-k", "--kustomize", "--raw")
_OF_THE_CLUSTER = names(
    "no node nodes ns namespace namespaces pv persistentvolume persistentvolumes crd crds customresourcedefinition "
    "sc storageclass clusterrole clusterroles clusterrolebinding clusterrolebindings priorityclass priorityclasses"
)
_LETTERS = "nlofcskpLv"


def kubectl(given: Arguments) -> tuple[str, str] | None:
    """A name together with a selection, or neither; verbs without what they need."""
    operands = given.operands(_KUBECTL)
    verb, named = (operands[0], operands[1:]) if operands else ("", [])
    selects = given.has(*_SELECTS, takes=_LETTERS)
    if given.complete:
        if verb in ("apply", "replace") and not named and not given.has(*_SOURCES, takes=_LETTERS):
            return f"{verb} needs -f or -k", f"kubectl {verb} -f <file>"
        if verb == "patch" and not given.has("-p", "--patch", "--patch-file", takes=_LETTERS):
            return "patch needs --patch or --patch-file", "kubectl patch <kind> <name> --patch '<patch>'"
        if verb == "scale" and not given.has("--replicas"):
            return "scale needs --replicas", f"kubectl scale {' '.join(named)} --replicas=<number>"
    field = _unsupported(named[0] if named else "", given.value("--field-selector") or "")
    if verb in ("get", "delete", "wait") and field:
        return f"{field[0]} cannot be selected by {field[1]}", "Select by a label, or filter the output with jsonpath or jq."
    if verb not in ("get", "delete", "describe", "wait") or given.has(*_SOURCES, takes=_LETTERS) or "$" in "".join(named[:2]):
        return None
    single = len(named) >= 2 and "/" not in named[0] and bool(named[1])
    every = any(word in ("--all", "--all=true") for word in given.words)
    if single and (every or selects):
        return f"a name and {'--all' if every else 'a selector'} exclude each other", "Remove the name, or the selection."
    if verb == "delete" and every and selects:
        return "--all and a selector exclude each other", "Remove --all."
    if verb == "get" and single and given.has("-A", "--all-namespaces", takes=_LETTERS):
        if named[0].partition(".")[0] not in _OF_THE_CLUSTER:
            kept = " ".join(named[:2])
            return "an object cannot be read by its name from all namespaces", f"kubectl get {kept} --namespace=<namespace>"
    return None


_ALWAYS_SELECTED = ("metadata.name", "metadata.namespace")
_SELECTED = {
    "jobs": ("status.successful",),
    "pods": (
        *("spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork"),
        *("status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"),
    ),
    "deployments": (),
    "cronjobs": (),
    "configmaps": (),
    "persistentvolumeclaims": (),
}
"""The fields of a field selector, in addition to name and namespace (AddFieldLabelConversionFunc in pkg/apis)."""

_KINDS = {"job": "jobs", "po": "pods", "pod": "pods", "deploy": "deployments", "deployment": "deployments", "cj": "cronjobs"}
_KINDS |= {"cronjob": "cronjobs", "cm": "configmaps", "configmap": "configmaps", "pvc": "persistentvolumeclaims"}


def _unsupported(kind: str, selector: str) -> tuple[str, str] | None:
    """The kind and the field of a field selector that the API server rejects."""
    kind = kind.removesuffix(".batch").removesuffix(".apps")
    kind = _KINDS.get(kind, kind)
    for part in selector.split(",") if kind in _SELECTED and "$" not in selector else ():
        field = part.partition("=")[0].rstrip("!").strip()
        if field and field not in (*_ALWAYS_SELECTED, *_SELECTED[kind]):
            return kind, field
    return None


_AWS = names(
    "--region --profile --endpoint-url --exclude --include --output --storage-class --acl --sse --cache-control --metadata"
)


def aws(given: Arguments) -> tuple[str, str] | None:
    """`aws s3 sync --recursive`, and copies between two local paths."""
    words = given.operands(_AWS)
    if words[:1] != ["s3"] or words[1:2] not in (["sync"], ["cp"], ["mv"]):
        return None
    if words[1] == "sync" and "--recursive" in given.words:
        return "sync has no option --recursive: it always includes subdirectories", "Remove --recursive."
    copies = words[1] in ("cp", "mv") and len(words) == 4 and given.complete
    if copies and "--recursive" not in given.words and words[2].endswith("/"):
        return f"{words[2]} is a directory, which needs --recursive", f"aws s3 {words[1]} --recursive {words[2]} {words[3]}"
    local = [p for p in words[2:4] if p not in ("", "-") and "$" not in p and not p.startswith("s3://")]
    if len(words) == 4 and len(local) == 2 and given.complete:
        return "neither path is an s3:// URI", f"aws s3 {words[1]} {local[0]} s3://{local[1].lstrip('/')}"
    return None


def etcdctl(given: Arguments) -> tuple[str, str] | None:
    """A snapshot of several members."""
    if "snapshot" not in given.words or "save" not in given.words:
        return None
    option = given.value("--endpoints")
    listed = str(option or given.env.get("ETCDCTL_ENDPOINTS") or "")
    first, comma, rest = listed.partition(",")
    if comma and rest.strip():
        # etcdctl ends with an error if both the option and the variable are set (pkg/flags, verifyEnv).
        better = f"--endpoints={first}" if option else f'env:\n- {{name: ETCDCTL_ENDPOINTS, value: "{first}"}}'
        return "a snapshot comes from one member, not from several", better
    return None


_EXCLUDES = ("--exclude", "--exclude-from", "--exclude-vcs", "--exclude-caches")
_TAR = names("-f --file -C --directory -X --exclude-from --exclude -T --files-from --transform --owner --group --mode -I -g -V")
_TIMES = ("%T", "%H:", "%R", "-Iseconds", "-Iminutes")


def _of_gnu(given: Arguments, modes: list[str]) -> tuple[str, str] | None:
    """What only GNU tar rejects: exclusions after the files, and a name of the archive with a colon."""
    name, tag = given.image
    words = given.words
    if "alpine" in tag or name.rpartition("/")[2] in ("alpine", "busybox", "curl", "git") or "--force-local" in words:
        return None
    archive = given.texts[1].strip("\"'") if len(words) > 1 and words[0].endswith("f") else ""
    host, colon, _ = archive.partition(":")
    time = any(mark in archive for mark in _TIMES)
    if "/" not in (archive if time else host) and (time or colon and "$" not in host):
        return "it reads the part before the colon as the name of a host", f"tar {words[0]} ./{archive} …"
    at = next((i for i, word in enumerate(words) if word.startswith(_EXCLUDES)), -1)
    before = Arguments(given.texts[2:at], given.env, given.image).operands(_TAR) if at > 2 and archive else []
    after = Arguments(given.texts[at:], given.env, given.image).operands(_TAR) if before else []
    if "c" in modes and before and not after and given.complete:
        return "--exclude has to come before the files to archive", f"tar {words[0]} {given.texts[1]} {words[at]} {before[0]}"
    return None


def tar(given: Arguments) -> tuple[str, str] | None:
    """Two modes; letters after f, which are the name of the archive."""
    words = given.words
    if not words or words[0][:2] == "--":
        return None
    before, f, after = words[0].removeprefix("-").partition("f")
    modes = [letter for letter in before if letter in "cxtru"]
    found = _of_gnu(given, modes) if f and not after else None
    if found is not None or words[0][:1] != "-":
        return found
    if len(modes) > 1:
        return f"-{modes[0]} and -{modes[1]} exclude each other", "Use one of -c, -x and -t."
    archive = words[1].rpartition("/")[2] if len(words) > 1 else ""
    if f and after and all(letter in "zjJvpcxt" for letter in after) and any(end in archive for end in (".tar", ".tgz", ".gz")):
        return f"-f takes {after} as the name of the archive", f"tar -{before}{after}f {words[1]} …"
    return None


_CURL = "dHXoUuFTAbcemwxErKCyYzDQtP"


def curl(given: Arguments) -> tuple[str, str] | None:
    """Options that stand for different methods."""
    if given.has("-G", "--get", "-:", "--next", takes=_CURL):
        return None
    data = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json")
    kinds = (("--head", ("-I", "--head")), ("--data", data), ("--form", ("-F", "--form")))
    there = [name for name, options in kinds if given.has(*options, takes=_CURL)]
    if len(there) > 1:
        return f"{there[0]} and {there[1]} are different methods", f"Remove {there[0]} or {there[1]}."
    return None


_RSYNC = names(
    "-e --rsh --exclude --include --exclude-from --include-from --files-from --password-file --bwlimit --timeout "
    "--port -f --filter --rsync-path --chown --usermap --groupmap --log-file --out-format --partial-dir --temp-dir "
    "-T --link-dest --compare-dest --copy-dest --backup-dir --suffix --max-size --min-size --chmod --address --info "
    "--max-delete -B -M --remote-option"
)


def rsync(given: Arguments) -> tuple[str, str] | None:
    """Two other hosts."""
    paths = given.operands(_RSYNC)
    if len(paths) == 2 and all(map(_is_remote, paths)):
        return "the source and the destination cannot both be on other hosts", "Run rsync on one of the two hosts."
    return None


def _is_remote(path: str) -> bool:
    host, colon, _ = path.partition(":")
    return bool(colon and host) and "/" not in host and "$" not in host or path.startswith("rsync://")
