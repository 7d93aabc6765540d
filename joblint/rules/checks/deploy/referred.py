"""The objects in the files that Jobs may refer to, each with the hook that it is; knows facts, no rule."""

from __future__ import annotations

from joblint.rules.facts.configs import is_example

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.hook import Hook
    from joblint.rules.facts.origin import Origin

    Referred = dict[tuple[str, str], list[tuple[Origin, Hook | None]]]


def referred(folder: Folder) -> Referred:
    """Return the objects by the kind and name of references to them: a Secret is also what a controller creates it from."""
    found: Referred = {}
    for config in folder.configs:
        if not is_example(config.origin.file):
            found.setdefault((config.origin.kind, config.origin.name), []).append((config.origin, config.hook))
    for source in folder.sources:
        kind = source.origin.kind if source.origin.kind == "SecretProviderClass" else "Secret"
        found.setdefault((kind, source.makes), []).append((source.origin, source.hook))
    for account in folder.accounts:
        found.setdefault(("ServiceAccount", account.origin.name), []).append((account.origin, account.hook))
    for claim in folder.claims:
        found.setdefault(("PersistentVolumeClaim", claim.origin.name), []).append((claim.origin, claim.hook))
    for service in folder.services:
        found.setdefault(("Service", service.origin.name), []).append((service.origin, service.hook))
    for one in folder.classes:
        found.setdefault((one.origin.kind, one.origin.name), []).append((one.origin, one.hook))
    return found
