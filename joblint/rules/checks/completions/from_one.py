"""Programs that count from 1 and get the completion index, which counts from 0.

Sources: GNU sed 4.9 (line 0 is an error), POSIX cut, coreutils split -n, and the documentation of Jest, Vitest, Playwright,
pytest-split and cargo-nextest (a shard of 0 is rejected).
"""

from __future__ import annotations

from joblint.base.names import names
from joblint.rules.checks.containers.clients import call_hit, calls_of
from joblint.rules.checks.containers.place import short
from joblint.rules.workload.options import options_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.checks.containers.clients import Called
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

_INDEX = "\x00"
_ASSIGNED = "JOB_COMPLETION_INDEX=$(("
_SHARDED = names("jest vitest playwright")
_RUNNERS = names("npx yarn pnpm bunx npm node")


def index_counted_from_one(s: Subject) -> Iterator[Hit]:
    """A line, a field or a shard with the number of the completion index; one finding for each container."""
    total = s.spec.get("completions")
    if s.spec.get("completionMode") != "Indexed" or not isinstance(total, int) or total < 1:
        return
    for i, container in enumerate(s.containers):
        aliases = options_of(s, container, i).aliases
        whole = " ".join([w for w in s.runs[i].words if isinstance(w, str)])
        for called in calls_of(s, i, inner=True):
            found = _counted(called, aliases)
            if found is None or f"{called.name} 0" in whole or called.script is not None and _ASSIGNED in called.script.text:
                continue
            noun, effect = found
            yield call_hit(s, called, command=short(called.text), noun=noun, effect=effect, last=f"{noun} {total}")
            break


def _counted(called: Called, aliases: frozenset[str]) -> tuple[str, str] | None:
    """What a program counts from 1, and what happens with 0; None if the index is not such a number."""
    words = [_marked(w, aliases) for w in (called.texts or called.rest)]
    if not any(_INDEX in w for w in words):
        return None
    name = called.name
    if name == "sed" and any(w in (_INDEX + "p", _INDEX + "q;d", _INDEX + "!d", _INDEX + "{p;q}") for w in words):
        return "line", "gets no line"
    if name == "head" and any(w in (_INDEX, "-n" + _INDEX, "-" + _INDEX) for w in words) and _followed_by_tail(called):
        return "line", "gets no line"
    if name in ("awk", "gawk", "mawk") and _is_line_of_awk(words):
        return "line", "gets no line"
    if name == "cut" and any(w in ("-f" + _INDEX, "--fields=" + _INDEX) or w == _INDEX and "-f" in words for w in words):
        return "field", "fails"
    if name == "split" and any(w.endswith(_INDEX + "/" + w.rpartition("/")[2]) and "/" in w for w in words):
        return "part", "fails"
    runs = [w.rpartition("/")[2] for w in (name, *words[:4])]
    if (name in _SHARDED or name in _RUNNERS and not _SHARDED.isdisjoint(runs)) and _has(words, "--shard", _INDEX + "/"):
        return "shard", "fails"
    if (name == "pytest" or "pytest" in runs) and "--splits" in " ".join(words) and _has(words, "--group", _INDEX):
        return "group", "fails"
    if name == "cargo" and "nextest" in runs and any(f":{_INDEX}/" in w for w in words):
        return "partition", "fails"
    return None


def _has(words: list[str], option: str, begins: str) -> bool:
    return any(
        w.startswith(option + "=" + begins) or w == option and words[n + 1 : n + 2] and words[n + 1].startswith(begins)
        for n, w in enumerate(words)
    )


def _is_line_of_awk(words: list[str]) -> bool:
    """`awk "NR==$INDEX"`, or `awk -v i=$INDEX 'NR==i'`."""
    programs = ["".join(w.split()) for w in words]
    if any(p.startswith(("NR==" + _INDEX, "FNR==" + _INDEX)) for p in programs):
        return True
    variable = next((w.partition("=")[0] for w in words if w.endswith("=" + _INDEX)), "")
    return bool(variable) and any(p == f"NR=={variable}" or p.startswith(f"NR=={variable}{{") for p in programs)


def _followed_by_tail(called: Called) -> bool:
    """Whether the output of `head -n N` goes to `tail -1`."""
    if called.script is None or called.command is None:
        return False
    after = called.script.text[called.command.end :].lstrip()
    return after.startswith(("| tail -1", "| tail -n 1", "| tail -n1", "|tail -1", "|tail -n1", "|tail -n 1"))


def _marked(word: str, aliases: frozenset[str]) -> str:
    """A word without quotes, with a mark in the place of the index."""
    found = word.replace('"', "").replace("'", "")
    for alias in aliases:
        for form in (f"${{{alias}}}", f"$({alias})", f"${alias}"):
            if form in found:
                at = found.find(form)
                after = found[at + len(form) : at + len(form) + 1]
                if form[-1] not in ")}" and (after.isalnum() and not after.islower() or after == "_"):
                    continue
                found = found.replace(form, _INDEX)
    return found
