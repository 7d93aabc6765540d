"""The least time that a run takes, as far as the manifest shows: the sleeps that its commands always execute."""

from __future__ import annotations

from joblint.rules.subject import as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.subject import Subject

_HARMLESS = frozenset(
    (
        "echo",
        "date",
        "printf",
        "true",
        ":",
        "sleep",
        "hostname",
        "exit",
        "set",
        "env",
        "uname",
        "ls",
        "cat",
        "pwd",
        "id",
        "whoami",
    )
)
_SHELL_IMAGES = ("busybox", "alpine", "ubuntu", "debian", "bash", "hello-world")  # without a command they end immediately
_SHELLS = ("sh", "bash", "ash", "dash", "zsh", "ksh")


def least_run(s: Subject) -> int:
    """Return the least seconds of each run: init containers one after another, then the longest of the main containers."""
    from joblint.rules.workload.attempt import shows_time

    if not shows_time(s):
        return 0
    from joblint.rules.workload.lengths import pod_span

    return int(min(pod_span(s).least, 10**9))


def own_limit(s: Subject) -> int | None:
    """Seconds after which the commands themselves give up: the timeouts and wait loops written out in them. None where they
    say nothing of it, or not more than how long each run takes."""
    from joblint.rules.workload.attempt import attempt_of

    attempt = attempt_of(s)
    return int(attempt.patience) if attempt is not None and attempt.patience > max(attempt.least, 1) else None


def _script(words: list[str]) -> str | None:
    """The script that a shell gets with -c, None if there is no shell."""
    for i, word in enumerate(words):
        if word.rsplit("/", 1)[-1] in _SHELLS:
            for j in range(i + 1, len(words) - 1):
                if words[j].startswith("-") and not words[j].startswith("--") and words[j].endswith("c"):
                    return words[j + 1]
            return None
    return None


def _statements(script: str) -> list[str]:
    """A script's statements, roughly: commands after `||` may not run and are omitted, `&` remains at the end as a sign."""
    found = []
    for line in script.replace("\\\n", " ").split("\n"):
        line = line.strip()
        if line.startswith("#"):
            continue
        for part in line.replace("&&", ";").replace(">&", ">").replace("&>", ">").split(";"):
            *aside, last = part.partition("||")[0].partition("#")[0].split("&")
            found.extend([f"{text} &" for text in aside])
            found.append(last.strip())
    return [f for f in found if f]


def harmless(s: Subject) -> bool:
    """Whether everything in the main containers ends immediately: echo, date, a short sleep."""
    return all(_harmless(c.data) for c in s.mains)


def _harmless(container: dict[str, Any]) -> bool:
    words = [w for w in (*as_list(container.get("command")), *as_list(container.get("args"))) if isinstance(w, str)]
    if not words:
        image = str(container.get("image") or "").rsplit("/", 1)[-1].partition("@")[0].partition(":")[0]
        return image.endswith(_SHELL_IMAGES)
    if words[0].rsplit("/", 1)[-1] in _HARMLESS:
        return True
    script = _script(words)
    if script is None:
        return False
    return all(part.split()[0].rsplit("/", 1)[-1] in _HARMLESS for part in _statements(script))
