"""The host names of a Job's own Pods, as its containers write them, and those that its init containers wait for; no texts."""

from __future__ import annotations

from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.subject import Subject


def peers_of(s: Subject) -> tuple[tuple[str, int, str], ...]:
    """Return the host names NAME-INDEX.SUBDOMAIN that containers write, as (name, index, field), each once."""
    subdomain = s.pod.get("subdomain")
    if not isinstance(subdomain, str) or not subdomain:
        return ()
    import re

    name = re.compile(r"(?<![A-Za-z0-9$%{}().\\_-])([a-z0-9][a-z0-9-]{0,60})-(\d{1,5})\.([A-Za-z0-9-]{1,64})")
    found: dict[tuple[str, int], str] = {}
    for text, field in _texts(s):
        if subdomain in text:
            for match in name.finditer(text):
                if match[3] == subdomain:
                    found.setdefault((match[1], int(match[2])), field)
    return tuple([(name, index, field) for (name, index), field in found.items()])


def _texts(s: Subject) -> Iterator[tuple[str, str]]:
    for container, run in zip(s.containers, s.runs, strict=True):
        for i, entry in enumerate(as_list(container.data.get("env"))):
            value = as_dict(entry).get("value")
            if isinstance(value, str):
                yield value, f"{container.at}.env[{i}].value"
        yield from zip(run.words, run.fields, strict=False)


def waited_names(s: Subject) -> tuple[tuple[str, str], ...]:
    """Return the hosts that loops of the init containers wait for, with the fields; none without a subdomain."""
    if not s.pod.get("subdomain"):
        return ()
    from joblint.shell.services import awaited

    inits = {i for i, container in enumerate(s.containers) if container.role == "init"}
    found = [(host, x.field) for x in s.scripts if x.index in inits for host, _ in awaited(x.statements)]
    return tuple(dict.fromkeys(found))
