"""ConfigMaps, Secrets and other objects that a Pod template refers to, compared with those in the same set of files."""

from __future__ import annotations

from joblint.rules.facts.folder import beside, by_file, by_name, by_what_they_make
from joblint.rules.facts.nearby import Names, Nearby
from joblint.rules.workload.without import WITHOUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.facts.others import ConfigFacts, SourceFacts
    from joblint.rules.facts.references import Reference
    from joblint.rules.finding import Hit

_MISSING_KEY = {
    "env": "the container is not created (CreateContainerConfigError), and the Job neither runs nor fails",
    "volume": "the volume cannot be set up (FailedMount), and the Pod stays in ContainerCreating",
    "subPath": "the kubelet mounts an empty directory of that name instead, and the program finds no file",
}
_PROVIDER = "SecretProviderClass"  # its name is that of the volume's attribute, not of a Secret
_MISSING = WITHOUT | {"pull": "the image is pulled without it"}


def config_key_missing(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A key that the ConfigMap or Secret of that name in the files does not have."""
    from joblint.base.nearest import nearest
    from joblint.rules.finding import Hit

    made = by_what_they_make(folder)
    configs = by_name(folder.configs)
    for workload in folder.workloads:
        for reference in workload.needs.references:
            if not reference.key:
                continue
            found = [c for c in configs.get(reference.name, ()) if c.origin.kind == reference.kind]
            found = [c for c in found if beside(workload.origin, c.origin)]
            sources = made.get(reference.name, []) if reference.kind == "Secret" else []
            sources = [m for m in sources if m.origin.kind != _PROVIDER and beside(workload.origin, m.origin)]
            if any(reference.key in c.keys or c.pattern for c in found) or any(_may_have(m, reference.key) for m in sources):
                continue
            if not found and not sources:
                continue
            keys = (found or sources)[0].keys
            near = nearest(reference.key, keys) if keys else ""
            values = {
                "kind": reference.kind,
                "name": reference.name,
                "key": reference.key,
                "origin": reference.kind if found else f"{sources[0].origin.kind} that creates it",
                "effect": _MISSING_KEY[reference.use],
                "has": _has(keys),
                "advice": f"{_last(reference)}: {near}" if near else f'Add {reference.key} to "{reference.name}".',
            }
            yield workload.origin, Hit(reference.field, values)


def _may_have(source: SourceFacts, key: str) -> bool:
    """Whether a controller may make a key: it does, or its keys are not known."""
    return not source.keys or key in source.keys


def _has(keys: tuple[str, ...]) -> str:
    from joblint.base.words import listed

    if not keys:
        return "it has no keys"
    return f"its only key is {keys[0]}" if len(keys) == 1 else f"its keys are {listed(list(keys[:6]))}"


def _last(reference: Reference) -> str:
    return reference.field.rpartition(".")[2]


_HASH = frozenset("bcdfghkmt2456789")
_HASH_LENGTH = 10


class _Objects:
    """The objects of the files, found by what a reference says; each index is built when it is needed."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._near: dict[str, Nearby] = {}
        self._configs: dict[str, list[ConfigFacts]] | None = None
        self._used: frozenset[tuple[str, str]] | None = None
        self._accounts: frozenset[str] | None = None

    def names(self, origin: Origin, kind: str) -> tuple[Names, ...]:
        """The names of the objects of a kind that an object can use."""
        if kind in ("PriorityClass", "RuntimeClass"):
            found = Names()
            found.listed = [(i, c.origin.name) for i, c in enumerate(self._folder.classes) if c.origin.kind == kind]
            return (found,)
        if kind not in self._near:
            self._near[kind] = Nearby(_same_kind(self._folder, kind))
        return self._near[kind].of(origin)

    def configs(self, file: str) -> list[ConfigFacts]:
        """The ConfigMaps and Secrets of a file."""
        if self._configs is None:
            self._configs = by_file(self._folder.configs)
        return self._configs.get(file, [])

    def is_used(self, kind: str, name: str) -> bool:
        """Whether a Job or CronJob refers to an object of this name."""
        if self._used is None:
            self._used = frozenset([(r.kind, r.name) for w in self._folder.workloads for r in w.needs.references])
        return (kind, name) in self._used

    def is_account(self, name: str) -> bool:
        """Whether a Job or CronJob runs under the ServiceAccount of this name."""
        if self._accounts is None:
            self._accounts = frozenset([w.needs.account for w in self._folder.workloads])
        return name in self._accounts


def reference_misspelled(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A name that is in none of the files, while a very similar one is."""
    from joblint.rules.finding import Hit

    objects = _Objects(folder)
    for workload in folder.workloads:
        told: set[tuple[str, str]] = set()
        for reference in workload.needs.references:
            if (reference.kind, reference.name) in told or reference.use not in _MISSING:
                continue
            names = objects.names(workload.origin, reference.kind)
            if any(reference.name in some for some in names):
                continue
            near = _slip(reference.name, names)
            if not near and reference.kind == "ServiceAccount":
                near = _only_other(objects, reference.name, names)
            field = _last(reference)
            advice = f"{'name' if field == 'key' else field}: {near}"
            there, absent = f'{reference.kind} "{near}"', f'"{reference.name}"'
            if not near:
                near, advice = _meant(objects, workload, reference)
                there = f'{reference.kind} "{near}"'
                if near == f"{_OTHER_KIND.get(reference.kind)} {absent}":
                    there, absent = near, f"{reference.kind} {absent}"
            if near:
                told.add((reference.kind, reference.name))
                effect = _MISSING[reference.use]
                values = {
                    "kind": reference.kind,
                    "name": reference.name,
                    "there": there,
                    "absent": absent,
                    "effect": effect,
                    "advice": advice,
                }
                # The field of a key also stands for the name next to it.
                yield workload.origin, Hit(_name_field(reference), values)


def _meant(objects: _Objects, workload: JobFacts | CronJobFacts, reference: Reference) -> tuple[str, str]:
    """The object of the same file that was meant, and what to write: name and key swapped, a Secret instead of a ConfigMap, or
    the only object with that key, whose name begins with the same word."""
    origin = workload.origin
    configs = [c for c in objects.configs(origin.file) if beside(c.origin, origin)]
    same = [c for c in configs if c.origin.kind == reference.kind]
    for config in same:
        if reference.key and config.origin.name == reference.key and reference.name in config.keys:
            return config.origin.name, f"name: {reference.key}\nkey: {reference.name}"
    for config in configs:
        if config.origin.kind == reference.kind or config.origin.name != reference.name or reference.kind not in _FIELDS:
            continue
        # Often a ConfigMap and a Secret have the same name: the one was meant only if it has the key, or if nothing else uses it.
        used = any(r.kind == config.origin.kind and r.name == reference.name for r in workload.needs.references)
        if reference.key in config.keys if reference.key else not used:
            return f'{config.origin.kind} "{reference.name}"', _FIELDS[config.origin.kind]
    if reference.use == "env" and len(same) == 1 and reference.key in same[0].keys and not same[0].pattern:
        name = same[0].origin.name
        if not objects.is_used(reference.kind, name) and name.split("-")[0] == reference.name.split("-")[0]:
            return name, f"name: {name}"
    return "", ""


_OTHER_KIND = {"ConfigMap": "Secret", "Secret": "ConfigMap"}
_FIELDS = {
    "ConfigMap": "Use configMapRef, configMapKeyRef or a configMap volume instead of the reference to a Secret.",
    "Secret": "Use secretRef, secretKeyRef or a secret volume instead of the reference to a ConfigMap.",
}


def _only_other(objects: _Objects, name: str, names: tuple[Names, ...]) -> str:
    """The only ServiceAccount of the files, if no workload uses it, and its name is the wanted one with a word more or less at
    the beginning, such as that of the release: `my-operator` for `operator`."""
    if sum([len(some.listed) for some in names]) != 1:
        return ""
    ((_, other),) = names[0].listed
    if objects.is_account(other):
        return ""
    longer, shorter = (name, other) if len(name) > len(other) else (other, name)
    return other if longer.endswith("-" + shorter) else ""


def _name_field(reference: Reference) -> str:
    return reference.field[: -len("key")] + "name" if reference.field.endswith("Ref.key") else reference.field


def reference_in_another_namespace(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """An object of that name that is only in other namespaces of the files, while the Job has its own."""
    from joblint.rules.finding import Hit

    of_kind: dict[str, dict[str, list[Origin]]] = {}
    copied = {(c.origin.kind, c.origin.name) for c in folder.configs if c.copied}
    for workload in folder.workloads:
        told: set[tuple[str, str]] = set()
        own = workload.origin.namespace
        for reference in workload.needs.references:
            if not own or (reference.kind, reference.name) in told or reference.use not in WITHOUT or reference.name == "default":
                continue
            if reference.kind not in of_kind:
                of_kind[reference.kind] = _by_name(_same_kind(folder, reference.kind))
            others = of_kind[reference.kind].get(reference.name, [])
            if any(o.namespace in ("", own) for o in others):
                continue
            near = next((o for o in others if o.file == workload.origin.file), None)
            if near is None or (reference.kind, reference.name) in copied:
                continue
            told.add((reference.kind, reference.name))
            values = {
                "kind": reference.kind,
                "name": reference.name,
                "there": near.namespace,
                "own": own,
                "effect": WITHOUT[reference.use],
            }
            yield workload.origin, Hit(_name_field(reference), values)


def _same_kind(folder: Folder, kind: str) -> list[Origin]:
    """The objects of a kind that has namespaces."""
    if kind in ("ConfigMap", "Secret"):
        return [c.origin for c in folder.configs if c.origin.kind == kind]
    if kind == "ServiceAccount":
        return [a.origin for a in folder.accounts]
    return [c.origin for c in folder.claims] if kind == "PersistentVolumeClaim" else []


def _by_name(origins: list[Origin]) -> dict[str, list[Origin]]:
    found: dict[str, list[Origin]] = {}
    for origin in origins:
        found.setdefault(origin.name, []).append(origin)
    return found


def _slip(name: str, names: tuple[Names, ...]) -> str:
    """The name that differs by one letter, two swapped letters, or dashes; different digits are not a misspelling. What kustomize
    generates is named without the hash, as in the files."""
    if len(name) < 5:
        return ""
    found = [
        next(((number, near) for number, _, near in some.like(name, _written) if near != name and is_slip(name, near)), None)
        for some in names
    ]
    return min([one for one in found if one is not None], default=(0, ""))[1]


def _written(name: str) -> tuple[str, ...]:
    """A name, and it without a hash."""
    before = _unhashed(name)
    return (name, before) if before else (name,)


def _unhashed(name: str) -> str:
    """The name of a generated object without the hash of its content, "" if it has none.

    Source: kustomize 5.5 api/hasher (hasher.go): ten letters and digits that form no word.
    """
    before, _, hashed = name.rpartition("-")
    return before if len(hashed) == _HASH_LENGTH and _HASH.issuperset(hashed) else ""


def is_slip(one: str, other: str) -> bool:
    """Return whether two names differ by one letter, two swapped letters, or dashes."""
    if one.replace("-", "").replace(".", "") == other.replace("-", "").replace(".", ""):
        return True
    if "-" in one and sorted(one.split("-")) == sorted(other.split("-")):
        return True
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    end = 0
    while end < min(len(one), len(other)) - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[begin : len(one) - end], other[begin : len(other) - end]
    if any(c.isdigit() for c in left + right):
        return False
    swapped = len(left) == len(right) == 2 and left == right[::-1]
    return swapped or len(left) <= 1 and len(right) <= 1
