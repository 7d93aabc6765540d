"""The variables of a container whose values the manifest shows; no texts."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from joblint.rules.subject import ContainerRef


def known_env(container: ContainerRef) -> dict[str, str]:
    """Return the variables of a container whose values the manifest shows."""
    found = {}
    for entry in as_list(container.data.get("env")):
        name, value = as_dict(entry).get("name"), as_dict(entry).get("value")
        if isinstance(name, str) and isinstance(value, str) and "$(" not in value:
            found[name] = value
    return found
