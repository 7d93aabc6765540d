"""Keys with a dash that a script reads like a variable: `${db-password}` is the value of db, or else the word password.

Sources: POSIX.1-2024 XCU 2.6.2 (parameter expansion); Kubernetes 1.36.3 pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
"""

from __future__ import annotations

from joblint.rules.checks.containers.place import script_hit
from joblint.rules.subject import as_dict, as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject


def dash_in_variable_name(s: Subject) -> Iterator[Hit]:
    """`${db-password}`, where env has db-password or envFrom may, and nothing sets db; one finding for each script."""
    for script in s.scripts:
        data = script.container.data
        env = {str(as_dict(e).get("name")) for e in as_list(data.get("env"))}
        loaded = [as_dict(e) for e in as_list(data.get("envFrom"))]
        if not loaded and not any("-" in name for name in env):
            continue
        import re  # here, because most scripts read no such keys

        braces = re.compile(r"\$\{([a-z][a-z0-9_]{0,60})-([a-zA-Z0-9_.-]{1,80})\}")
        plain = re.compile(r"\$([a-z][a-z0-9_]{0,60})-([a-zA-Z0-9_.-]{1,80})")
        found = [*braces.finditer(script.text), *[m for m in plain.finditer(script.text) if _key(m) in env]]
        for match in found:
            name, key = match[1], _key(match)
            if name in env or _is_set(script.text, name) or key not in env and not loaded:
                continue
            better = re.sub("[^A-Z0-9]", "_", key.upper())
            source = next((kind for kind in ("secretRef", "configMapRef") for e in loaded if kind in e), "secretRef")
            of = next((str(as_dict(e[source]).get("name")) for e in loaded if source in e), "<name>")
            yield script_hit(
                s,
                script,
                match.start(),
                match.end(),
                written=match[0],
                rest=match[2] if match[0].startswith("${") else f"-{match[2]}",
                name=name,
                key=key,
                advice=_in_env(key, better, key in env, f"{source[:-3]}KeyRef: {{name: {of}, key: {key}}}"),
            )
            break


def _in_env(key: str, better: str, there: bool, reference: str) -> str:
    """The variable under a name that a script can read: its entry is renamed, or one is added."""
    rest = "    instead of " + key if there else f"\n  valueFrom: {{{reference}}}"
    return f"env:    with ${better} in the script\n- name: {better}{rest}"


def _key(match: re.Match[str]) -> str:
    return f"{match[1]}-{match[2]}"


def _is_set(text: str, name: str) -> bool:
    """Whether a script may set a variable: an assignment, `read`, `for`, or a file that it loads."""
    if "source " in text or ". /" in text or "eval " in text:
        return True
    return any(
        f"{before}{name}{after}" in text for before, after in ((" ", "="), ("\n", "="), (";", "="), ("for ", " "), ("read ", ""))
    )
