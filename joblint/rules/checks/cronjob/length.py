"""How long a run takes at least, as far as the manifest shows it: the sleeps that its commands cannot but go through."""

from __future__ import annotations

from joblint.rules.subject import as_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.subject import Subject

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_OPENING = frozenset(("if", "while", "until", "for", "case", "{", "("))
_CLOSING = frozenset(("fi", "done", "esac", "}", ")"))
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
_SHELL_IMAGES = ("busybox", "alpine", "ubuntu", "debian", "bash", "hello-world")  # with no command they end at once
_SHELLS = ("sh", "bash", "ash", "dash", "zsh", "ksh")


def least_run(s: Subject) -> int:
    """Seconds that each run sleeps at least: init containers one after another, then the longest of the main ones."""
    init = longest = 0
    for container in s.containers:
        words = [w for w in (*as_list(container.data.get("command")), *as_list(container.data.get("args"))) if isinstance(w, str)]
        if not any("sleep" in w for w in words):
            continue
        seconds = _sleeps(words)
        if container.role == "init":
            init += seconds
        elif container.role == "main":
            longest = max(longest, seconds)
    return init + longest


def _sleeps(words: list[str]) -> int:
    program = words[0].rsplit("/", 1)[-1]
    if program == "sleep":
        return sum(_seconds(w) for w in words[1:])
    script = _script(words)
    if script is None:
        return 0
    total = depth = 0
    for statement in _statements(script):
        parts = statement.split()
        while parts and parts[0] in ("then", "do", "else", "elif", "time", "command", "exec"):
            if parts[0] == "elif":
                break
            parts = parts[1:]
        if not parts:
            continue
        first = parts[0]
        if first in _CLOSING:
            depth = max(0, depth - 1)
        elif first in _OPENING or first.startswith("(") or statement.rstrip().endswith("{"):
            depth += 0 if parts[-1] in _CLOSING else 1
        elif first in ("exit", "return") and depth == 0:
            break
        elif first.rsplit("/", 1)[-1] == "sleep" and depth == 0 and not statement.rstrip().endswith("&"):
            total += sum(_seconds(p) for p in parts[1:])
    return total


def _script(words: list[str]) -> str | None:
    """The text that a shell is given with -c, None where there is no shell."""
    for i, word in enumerate(words):
        if word.rsplit("/", 1)[-1] in _SHELLS:
            for j in range(i + 1, len(words) - 1):
                if words[j].startswith("-") and not words[j].startswith("--") and words[j].endswith("c"):
                    return words[j + 1]
            return None
    return None


def _statements(script: str) -> list[str]:
    """A script's statements, roughly: what comes after `||` may not run and is left out, `&` stays as a sign at the end."""
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


def _seconds(text: str) -> int:
    unit = _UNITS.get(text[-1:])
    digits = text[:-1] if unit else text
    if not digits.replace(".", "", 1).isdigit() or not digits.isascii() or len(digits) > 12:
        return 0
    return int(float(digits) * (unit or 1))


def harmless(s: Subject) -> bool:
    """Whether all that the main containers do is plainly over at once: echo, date, a short sleep."""
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
