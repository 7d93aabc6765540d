"""redis-cli without -e, whose exit code is 0 for an error response: NOAUTH, NOPERM, READONLY.

Source: redis 7.2 src/redis-cli.c (cliReadReply, issueCommandRepeat: an error response ends the program only with -e, which 7.0
added; a connection that fails is an error in any case).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.deciding import deciding
from joblint.rules.checks.containers.errexit import asked
from joblint.rules.checks.containers.place import short
from joblint.shell.images import name_and_tag
from joblint.shell.syntax import Pipe, commands, every
from joblint.shell.weight import WORK, program, weight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject
    from joblint.rules.workload.scripts import Script

_TAKES = names("-h -p -s -a -u -n -r -i -d -D -t -X --user --pass --cacert --cacertdir --cert --key --sni --tls-ciphers")
_TAKES |= names("--tls-ciphersuites --show-pushes")
_OWN_MODES = names("-e --pipe --rdb --functions-rdb --cluster --scan --bigkeys --memkeys --hotkeys --latency --latency-history")
_OWN_MODES |= names("--latency-dist --intrinsic-latency --stat --lru-test --replica --slave --help --version -v --quoted-pattern")
_READS = names(
    "ping info get mget keys scan dbsize exists ttl pttl type monitor client command memory time lastsave hgetall hget hlen "
    "lrange llen smembers scard zrange zcard strlen xlen xinfo echo latency slowlog randomkey role wait subscribe psubscribe "
    "object getrange hkeys hscan sscan zscan auth hello quit select shutdown"
)


def redis_error_is_success(s: Subject) -> Iterator[Hit]:
    """A command that changes data, and whose exit code decides; one finding for each container."""
    for i, container in enumerate(s.containers):
        if container.role == "sidecar":
            continue
        found: dict[str, dict[int, str]] = {}
        for called in calls_of(s, i):
            if called.name != "redis-cli" or not _changes(called):
                continue
            if called.script is None:
                effect = _DONE if container.role == "main" else "the next container starts"
            else:
                script = called.script
                if script.text not in found:
                    found[script.text] = _effects(script)
                effect = found[script.text].get(called.command.start if called.command else -1, "")
            if effect:
                grave = effect != _DONE
                yield call_hit(
                    s,
                    called,
                    severity="" if grave else "info",
                    confidence="" if grave else "hint",
                    command=short(called.text),
                    effect=effect,
                    better=_better(called, str(container.data.get("image") or "")),
                )
                break


_DONE = "the Job completes"


def _changes(called: Called) -> bool:
    """Whether a call sends commands that are not only read, and does not say what an error does."""
    words, texts = called.rest, called.texts or called.rest
    if not _OWN_MODES.isdisjoint(words):
        return False
    skip = False
    for word, text in zip(words, texts, strict=False):
        if skip:
            skip = False
        elif word in _TAKES:
            skip = True
        elif word == "--eval":
            return True
        elif not word.startswith("-") and (word or not text.startswith("$")):
            rest = {w.lower() for w in words}
            if word.lower() == "config" and "get" in rest or word.lower() == "cluster" and not rest & _OF_CLUSTER:
                return False
            return word.lower() not in _READS and "nx" not in rest
    command = called.command
    return command is not None and any(r.startswith("<") and not r.startswith("<(") for r in command.redirects)


_OF_CLUSTER = names("reset failover meet forget addslots delslots replicate flushslots")


def _effects(script: Script) -> dict[int, str]:
    """For each call whose exit code decides, what happens after an error; none if the script checks responses in another way."""
    listed = list(commands(script.statements, functions=True, inner=True))
    outside = {c.start for c in commands(script.statements, functions=True)}
    calls = [c for c in listed if program(c)[0] == "redis-cli"]
    if any(c.start not in outside for c in calls):
        return {}
    piped = {c.start for node in every(script.statements) if isinstance(node, Pipe) for p in node.parts[:-1] for c in commands(p)}
    piped |= {loss.command.start for loss in script.flow.losses if loss.fate.reason == "or"}  # `… || true`
    decide, checked = deciding(script), asked(script)
    work = [c for c in listed if weight(c) == WORK]
    last = max((c.start for c in listed), default=0)
    effects = {}
    at = len(work)
    for call in reversed(calls):
        while at and work[at - 1].start > call.start:
            at -= 1
        written = any(r.lstrip("1").startswith(">") and "/dev/null" not in r and "&" not in r for r in call.redirects)
        if call.start in piped or written or call.start not in decide and call.start not in checked:
            continue
        following = work[at] if at < len(work) else None
        effects[call.start] = f"`{short(following.text)}` still runs" if following is not None else _DONE
        if following is None and call.start in checked and call.start < last:
            effects[call.start] = "the script continues as after a success"
    return effects


def _better(called: Called, image: str) -> str:
    """The same command with -e, if the program of the image has it; otherwise a comparison of the response."""
    name, tag = name_and_tag(image)
    words = [w for w in called.text.split() if w != "\\"]
    text = " ".join(words)
    major = tag.partition(".")[0]
    if name in ("redis", "bitnami/redis") and major.isdecimal() and int(major) < 7:
        return f'[ "$({text})" = OK ]    redis-cli {major} has no -e'
    return text.replace("redis-cli", "redis-cli -e", 1) + "    the exit code is then 1 (redis-cli 7.0 or newer)"
