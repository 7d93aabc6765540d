"""How long programs run by the limits they are given: sleep, timeout, curl, kubectl wait and the like; knows words alone.

Sources: the programs' own manuals (GNU coreutils 9, curl 8, kubectl 1.36, wait-for-it.sh, dockerize, PostgreSQL 17, the load
generators of `_MEASURED`); botocore's waiters-2.json for `aws … wait`.
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.shell.duration.span import INFINITE, INSTANT, UNKNOWN, Span, fixed, seconds_of, upto

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Words

_INSTANT = names(
    "echo printf true : false date pwd whoami hostname id env printenv uname set trap export local readonly declare typeset "
    "unset shift umask ulimit exit return break continue test [ [[ alias shopt let type hash command basename dirname mkdir "
    "touch chmod chown rm cd kill pkill killall expr seq"
)
# Load generators and similar programs, by the option that says how long they measure.
_MEASURED = {
    "k6": ("-d", "--duration"),
    "hey": ("-z",),
    "wrk": ("-d", "--duration"),
    "wrk2": ("-d", "--duration"),
    "vegeta": ("-duration",),
    "pgbench": ("-T", "--time"),
    "sysbench": ("--time",),
    "locust": ("-t", "--run-time"),
    "iperf3": ("-t", "--time"),
    "stress-ng": ("-t", "--timeout"),
    "stress": ("-t", "--timeout"),
}
# Seconds for which `aws SERVICE wait NAME` asks, the delay times the attempts; "" stands for all other names of a service.
_AWS_WAITS = {
    ("ec2", ""): 600,
    ("rds", ""): 1800,
    ("ecs", "services-stable"): 600,
    ("ecs", "services-inactive"): 600,
    ("ecs", ""): 600,
    ("cloudformation", "stack-exists"): 100,
    ("cloudformation", ""): 3600,
    ("eks", "cluster-active"): 1200,
    ("eks", "nodegroup-active"): 2400,
    ("s3api", ""): 100,
    ("dynamodb", ""): 500,
    ("route53", ""): 1800,
    ("cloudfront", "distribution-deployed"): 2100,
}
_GIVES_UP = 600  # seconds: curl doubles its pause up to this


def timed(name: str, rest: Words[str]) -> Span:
    """Return the bounds of a program's run time with its words ("" for words known only at run time)."""
    if name in _INSTANT:
        return INSTANT
    if name in _MEASURED:
        return _measured(name, rest)
    found = _TIMED.get("python" if name.startswith("python") else name)
    return found(rest) if found is not None else UNKNOWN


def _sleep(rest: Words[str]) -> Span:
    parts = [seconds_of(w) for w in rest]
    if not parts or None in parts:
        return UNKNOWN
    return fixed(sum([p for p in parts if p is not None]))


def _measured(name: str, rest: Words[str]) -> Span:
    seconds = seconds_of(option(rest, *_MEASURED[name]))
    helps = {"--help", "-h", "--version", "version", "inspect"}.intersection(rest[:1])
    return fixed(seconds).then(UNKNOWN) if seconds and not helps else UNKNOWN


def _aws(rest: Words[str]) -> Span:
    verbs = [w for w in rest if w]
    if "wait" not in verbs:
        return UNKNOWN
    at = verbs.index("wait")
    service, what = verbs[at - 1] if at else "", verbs[at + 1] if at + 1 < len(verbs) else ""
    asked = _AWS_WAITS.get((service, what)) or _AWS_WAITS.get((service, ""))
    return upto(asked) if asked else UNKNOWN


def _python(rest: Words[str]) -> Span:
    if "-c" not in rest[:4]:
        return UNKNOWN
    from joblint.shell.duration.python import least_of, patience_of

    at = list(rest).index("-c") + 1
    text = rest[at] if at < len(rest) else ""
    slept, patience = least_of(text), patience_of(text)
    return Span(slept, max(slept, patience)) if slept or patience else UNKNOWN


def _helm(rest: Words[str]) -> Span:
    limit = seconds_of(option(rest, "--timeout"))
    waits = any(w in ("--wait", "--atomic", "--wait-for-jobs", "test") for w in rest)
    return Span(0, limit) if limit and waits else UNKNOWN


def _wait_for_it(rest: Words[str]) -> Span:
    """`wait-for-it.sh HOST:PORT [-t SECONDS] [-- COMMAND …]`: 15 seconds if no other time is given."""
    own = tuple(rest[: _index(rest, "--")])
    limit = seconds_of(option(own, "-t", "--timeout")) if _has(own, "-t", "--timeout") else 15.0
    after = rest[_index(rest, "--") + 1 :]
    wait = upto(limit) if limit else UNKNOWN
    return wait.then(timed(after[0].rsplit("/", 1)[-1], after[1:])) if after and after[0] else wait


def _dockerize(rest: Words[str]) -> Span:
    if "-wait" not in rest:
        return UNKNOWN
    limit = seconds_of(option(rest, "-timeout")) if _has(rest, "-timeout") else 10.0
    return Span(0, limit) if limit else UNKNOWN


def _netcat(rest: Words[str]) -> Span:
    limit = seconds_of(option(rest, "-w", "-G"))
    probes = any(w.startswith("-") and not w.startswith("--") and "z" in w for w in rest)
    return upto(limit) if limit and probes else UNKNOWN


def _pg_isready(rest: Words[str]) -> Span:
    limit = seconds_of(option(rest, "-t", "--timeout"))
    return upto(limit) if limit else Span(0, 0, INFINITE if limit == 0 else 3)


def _wget(rest: Words[str]) -> Span:
    limit, tries = seconds_of(option(rest, "-T", "--timeout")), seconds_of(option(rest, "-t", "--tries"))
    return Span(0, limit * tries) if limit and tries else UNKNOWN


def bounded(name: str, rest: Words[str]) -> tuple[float, int] | None:
    """Return, for `timeout [OPTION] DURATION COMMAND …`, the duration in seconds and the index of the command's first word."""
    if name not in ("timeout", "gtimeout"):
        return None
    at, extra = 0, 0.0
    busybox = False
    while at < len(rest) and rest[at].startswith("-") and rest[at] != "-":
        word = rest[at]
        if word == "--":
            at += 1
            break
        if word in ("-k", "-s", "--kill-after", "--signal", "-t"):
            if word == "-t":
                busybox = True
                break
            extra = seconds_of(rest[at + 1]) or 0.0 if word in ("-k", "--kill-after") and at + 1 < len(rest) else extra
            at += 2
        else:
            at += 1
    if busybox:  # BusyBox before 1.30: timeout -t SECONDS PROGRAM
        at += 1
    limit = seconds_of(rest[at]) if at < len(rest) else None
    return (limit + extra, at + 1) if limit else None


def _curl(rest: Words[str]) -> Span:
    limit = seconds_of(option(rest, "-m", "--max-time"))
    retries = seconds_of(option(rest, "--retry")) or 0
    delay = seconds_of(option(rest, "--retry-delay"))
    whole = seconds_of(option(rest, "--retry-max-time"))
    pauses = retries * delay if delay else sum([min(2.0**n, _GIVES_UP) for n in range(min(int(retries), 1000))])
    if whole:
        pauses = min(pauses, whole)
    if not limit:
        return Span(0, pauses)
    most = limit * (retries + 1) + pauses
    return upto(min(most, whole + limit) if whole and retries else most)


def _kubectl(rest: Words[str]) -> Span:
    from joblint.shell.kubectl import verb_of

    verb = verb_of(rest)
    given = _has(rest, "--timeout")
    limit = seconds_of(option(rest, "--timeout")) if given else None
    if verb == "wait":
        if not given:
            return upto(30)
        # kubectl waits for several objects one after the other, with the full timeout for each.
        return upto(limit) if limit else Span(0, 0, INFINITE)
    if verb in ("rollout", "delete", "drain") and limit:
        return Span(0, limit)
    return UNKNOWN


def option(words: Words[str], *names: str) -> str:
    """Return the value of an option: `-t 5`, `-t5`, `--timeout 5`, `--timeout=5`; "" if it is not given or known only at run
    time."""
    for i, word in enumerate(words):
        for name in names:
            if word == name:
                return words[i + 1] if i + 1 < len(words) else ""
            if word.startswith(name + "="):
                return word[len(name) + 1 :]
            if len(name) == 2 and word.startswith(name) and word[2:3].isdigit():
                return word[2:]
    return ""


def _has(words: Words[str], *names: str) -> bool:
    return any(
        w == n or w.startswith(n + "=") or len(n) == 2 and w.startswith(n) and w[2:3].isdigit() for w in words for n in names
    )


def _index(words: Words[str], word: str) -> int:
    return list(words).index(word) if word in words else len(words)


_TIMED: dict[str, Callable[[Words[str]], Span]] = {
    **dict.fromkeys(("sleep", "gsleep"), _sleep),
    **dict.fromkeys(("kubectl", "oc"), _kubectl),
    **dict.fromkeys(("nc", "ncat", "netcat"), _netcat),
    **dict.fromkeys(("wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "waitforit"), _wait_for_it),
    "aws": _aws,
    "curl": _curl,
    "dockerize": _dockerize,
    "helm": _helm,
    "pg_isready": _pg_isready,
    "python": _python,
    "wget": _wget,
}
