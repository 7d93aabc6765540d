"""Programs that run another program (`tini --`, `env A=b`, `timeout 60`): where in a list of words the real one begins.

Knows words alone: those of a container's command and those of a command in a script.
"""

from __future__ import annotations

from joblint.base.names import names

SHELLS = names("sh bash ash dash zsh ksh mksh rbash hush")

# How many arguments a wrapper has after its options; a word beginning with "-" is an option.
_WRAPPERS = {
    "tini": 0,
    "tini-static": 0,
    "dumb-init": 0,
    "catatonit": 0,
    "docker-init": 0,
    "pid1": 0,
    "env": 0,
    "nice": 0,
    "ionice": 0,
    "chrt": 1,
    "nohup": 0,
    "time": 0,
    "command": 0,
    "exec": 0,
    "stdbuf": 0,
    "unbuffer": 0,
    "setsid": 0,
    "sudo": 0,
    "doas": 0,
    "gosu": 1,
    "su-exec": 1,
    "s6-setuidgid": 1,
    "chroot": 1,
    "setpriv": 0,
    "timeout": 1,
    "gtimeout": 1,
    "flock": 1,
    "xvfb-run": 0,
    "linkerd-await": 0,
    "scuttle": 0,
    "docker-entrypoint.sh": 0,
    "busybox": 0,
    "toybox": 0,
    "strace": 0,
    "catchsegv": 0,
}
# Options of a wrapper that use the next word.
_TAKES = {
    "env": ("-u", "--unset", "-C", "--chdir"),
    "nice": ("-n", "--adjustment"),
    "ionice": ("-c", "-n", "--class", "--classdata"),
    "stdbuf": ("-i", "-o", "-e"),
    "sudo": ("-u", "-g", "-h", "-p", "-C"),
    "timeout": ("-k", "-s", "--kill-after", "--signal"),
    "gtimeout": ("-k", "-s", "--kill-after", "--signal"),
    "tini": ("-e", "-p"),
    "flock": ("-w", "-E"),
    "setpriv": ("--reuid", "--regid"),
    "exec": ("-a",),
    "time": ("-o", "-f"),
    "linkerd-await": ("-p", "-t"),
    "xvfb-run": ("-n", "-s", "-e", "-f"),
}
# Two words that run the command after them.
_PAIRS = frozenset(
    (
        ("poetry", "run"),
        ("pipenv", "run"),
        ("pdm", "run"),
        ("hatch", "run"),
        ("uv", "run"),
        ("bundle", "exec"),
        ("doppler", "run"),
        ("op", "run"),
        ("infisical", "run"),
        ("conda", "run"),
        ("npm", "exec"),
        ("yarn", "exec"),
        ("pnpm", "exec"),
    )
)


def basename(word: str) -> str:
    """Return the last part of a path: `/bin/sh` → `sh`."""
    return word.rsplit("/", 1)[-1] if "/" in word else word


def unwrap(words: list[str] | tuple[str, ...]) -> tuple[int, bool]:
    """Return the index of the real program in a list of words, and whether `timeout` limits it.

    The index is at most that of the last word; words whose value is not known are "".
    """
    at, bounded, last = 0, False, len(words) - 1
    for _ in range(8):
        if at >= last:
            break
        name = basename(words[at])
        if name in _WRAPPERS:
            after = _after_options(name, words, at + 1)
            if name == "command" and words[at + 1] in ("-v", "-V"):
                break
            after += _WRAPPERS[name]
            if name == "env":
                while after < last and "=" in words[after]:
                    after += 1
            elif name in ("timeout", "gtimeout"):
                bounded = words[after - 1] not in ("0", "0s") if after - 1 <= last else False
            if words[after : after + 1] == ["--"] or words[after : after + 1] == ("--",):
                after += 1
        elif (name, words[at + 1]) in _PAIRS:
            after = _after_options(name, words, at + 2)
        else:
            break
        if after > last:
            break
        at = after
    return at, bounded


def _after_options(name: str, words: list[str] | tuple[str, ...], at: int) -> int:
    takes = _TAKES.get(name, ())
    while at < len(words) and words[at].startswith("-") and words[at] != "-":
        if words[at] == "--":
            return at + 1
        at += 2 if words[at] in takes else 1
    return at
