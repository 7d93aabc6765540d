"""Scripts of ConfigMaps that the kernel or the shell cannot read: without #! at the beginning, with carriage returns."""

from __future__ import annotations

from joblint.rules.mounted import matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit


def mounted_script_not_readable(folder: Folder) -> Iterator[tuple[Origin, Hit]]:
    """A file that is started without a shell and does not begin with #!, or a script with carriage returns."""
    from joblint.rules.finding import Hit

    for workload, mounted, origin in matches(folder):
        config = next(c for c in folder.configs if c.origin is origin)
        who = f'{workload.origin.kind} "{workload.origin.name}"'
        if mounted.key in config.returns:
            effect = "its lines end with a carriage return, so that the shell reports `$'\\r': command not found`"
            advice = "Save the file with LF line endings (git: `*.sh text eol=lf` in .gitattributes)."
        elif mounted.direct and mounted.key not in config.scripts:
            effect = "its first two characters are not #!, so the kernel reports `exec format error`"
            advice = "Begin the file with #!/bin/sh, without anything before it; or use command: [sh, <path-of-the-script>]"
        else:
            continue
        yield origin, Hit(f"data[{mounted.key}]", {"key": mounted.key, "who": who, "effect": effect, "advice": advice})
