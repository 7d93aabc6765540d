"""Values of Secrets and ConfigMaps that end with a line break, and Secrets for images whose type the kubelet ignores.

Source: Kubernetes 1.36.3 pkg/credentialprovider/secrets/secrets.go MakeDockerKeyring (types of pull secrets).
"""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ConfigFacts
    from joblint.rules.facts.references import Reference
    from joblint.rules.finding import Hit

_PULLS = ("kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg")


def config_value_ends_with_line_end(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A variable from a Secret or ConfigMap of the files whose value is one word and a line break; one finding for each."""
    from joblint.rules.finding import Hit

    configs = by_name([c for c in folder.configs if c.ends and not c.pattern])
    for workload in folder.workloads if configs else ():
        told: set[tuple[str, str, str]] = set()
        for reference in workload.needs.references:
            for config in _of(configs.get(reference.name, ()), workload.origin, reference):
                key = _key(config, reference)
                if not key or (config.origin.kind, config.origin.name, key) in told:
                    continue
                told.add((config.origin.kind, config.origin.name, key))
                secret = config.origin.kind == "Secret"
                values = {
                    "kind": config.origin.kind,
                    "name": config.origin.name,
                    "key": key,
                    "advice": "printf %s <value> | base64    without a line break" if secret else f"{key}: |-",
                }
                yield workload.origin, Hit(reference.field, values)


def _of(configs: Iterable[ConfigFacts], origin: Origin, reference: Reference) -> list[ConfigFacts]:
    if reference.use not in ("env", "envFrom"):
        return []
    return [c for c in configs if c.origin.kind == reference.kind and beside(origin, c.origin)]


def _key(config: ConfigFacts, reference: Reference) -> str:
    if reference.use == "env":
        return reference.key if reference.key in config.ends else ""
    return next((key for key in config.ends if key.isidentifier()), "")


def pull_secret_of_wrong_type(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """imagePullSecrets names a Secret of the files that is not one for images."""
    from joblint.rules.finding import Hit

    secrets = by_name([c for c in folder.configs if c.origin.kind == "Secret"])
    for workload in folder.workloads if secrets else ():
        for reference in workload.needs.references:
            if reference.use != "pull":
                continue
            for config in secrets.get(reference.name, ()):
                fits = config.type in _PULLS or "{" in config.type or config.pattern or not config.keys
                if not fits and beside(workload.origin, config.origin):
                    old = ".dockercfg" in config.keys
                    values = {"name": reference.name, "type": config.type or "Opaque", "right": _PULLS[1 if old else 0]}
                    yield workload.origin, Hit(reference.field, values)
                    break
