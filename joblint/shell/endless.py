"""Whether a program ever ends: waiting commands, servers; knows programs and their words, no rules. Scripts: `endless_script`."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.shell.servers import serving_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Words


_LONG = 30 * 86400  # seconds: nobody waits for a longer sleep
_INTERPRETERS = ("node", "python", "python3", "ruby", "bun", "deno")
_SERVER_FILES = ("server.js", "server.mjs", "server.ts", "server.py", "server.rb", "app.js", "main_server.py", "webserver.py")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Endless(Record):
    """What never ends, as it would be typed, whether it is a server, its position in the script (-1: no script), and whether
    that is certain or only likely."""

    what: str
    server: bool
    start: int = -1
    end: int = -1
    sure: bool = True


_RUNNERS = ("npm", "yarn", "pnpm", "bun")


def program(name: str, rest: Words[str]) -> Endless | None:
    """Return what keeps a program running indefinitely with its words; None if it ends or if nothing shows that it does not."""
    if name in ("sleep", "gsleep"):
        length = _seconds(rest)
        return Endless(f"sleep {rest[0]}", False) if length is not None and length >= _LONG else None
    waits = _waits(name, rest)
    if waits:
        return Endless(waits, False)
    served = serving_program(name, rest)
    if served:
        # `start` is defined by package.json: usually a server, but in a Job's image just as likely its task.
        return Endless(served, True, sure=not (name in _RUNNERS and served.endswith((" start", ":start"))))
    if name.startswith("python") and "-c" in rest:
        code = " ".join(rest)
        if "while True:" in code and not any(w in code for w in ("break", "exit", "return", "raise")):
            return Endless("`while True` without a break", False)
    if name in ("node", "bun", "deno") and not {"-e", "--eval"}.isdisjoint(rest):
        code = " ".join(rest)
        if "setInterval(" in code and not any(w in code for w in ("clearInterval", "exit", "unref", "throw", "abort")):
            return Endless("setInterval without clearInterval", False)
    file = next((w for w in rest if not w.startswith("-")), "") if name in _INTERPRETERS else ""
    if file.rsplit("/", 1)[-1] in _SERVER_FILES and len(rest) < 4:
        return Endless(f"{name} {file}", True, sure=False)
    return None


def _seconds(words: Words[str]) -> float | None:
    total = 0.0
    for word in words:
        if word in ("infinity", "inf", "infinite"):
            return float("inf")
        unit = _UNITS.get(word[-1:], 0)
        digits = word[:-1] if unit else word
        if not digits.replace(".", "", 1).isdecimal() or len(digits) > 30:
            return None
        total += float(digits) * (unit or 1)
    return total if words else None


def _waits(name: str, rest: Words[str]) -> str:
    """Programs that wait or watch indefinitely with these words."""
    short = [w for w in rest if w.startswith("-") and not w.startswith("--")]
    if name == "tail":
        following = any("f" in w or "F" in w for w in short) or any(w.startswith("--follow") for w in rest)
        if following and not any(w.startswith("--pid") for w in rest):
            option = "-F" if any("F" in w for w in short) else "-f"
            return f"tail {option} " + (rest[-1] if rest[-1] and not rest[-1].startswith("-") else "…")
    elif name == "pause" or name == "watch":
        return name if name == "pause" or rest else ""
    elif name == "ping":
        return "ping without -c" if rest and not any(w.startswith(("-c", "-w", "-h", "--count", "-W")) for w in rest) else ""
    elif name == "yes":
        return "yes"
    elif name == "journalctl" and ("-f" in rest or "--follow" in rest):
        return "journalctl -f"
    elif name == "inotifywait" and ("-m" in rest or "--monitor" in rest):
        return "inotifywait -m"
    elif (
        name in ("kubectl", "oc")
        and list(rest[:1]) == ["get"]
        and {"-w", "--watch", "--watch-only", "-w=true", "--watch=true"} & set(rest)
    ):
        return f"{name} get --watch"
    return ""
