"""The rules on scripts, run on those of ConfigMaps in the same set of files: `sh /scripts/run.sh` instead of `sh -c`.

Knows the Job's document and the ConfigMap's; the hits are on the ConfigMap.
"""

from __future__ import annotations

from joblint.api.judge import judge
from joblint.base.record import replace
from joblint.rules.facts.folder import beside
from joblint.rules.finding import Hit
from joblint.rules.plan import Text
from joblint.rules.subject import Subject, as_dict
from joblint.shell.invocation import Invocation
from joblint.shell.wrappers import SHELLS, basename

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from joblint.rules.catalogue.rule import Rule
    from joblint.rules.engine import Engine
    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.jobs import CronJobFacts, JobFacts
    from joblint.rules.facts.origin import Origin
    from joblint.rules.workload.mounted_scripts import MountedScript
    from joblint.source.documents import Document

_LONGEST = 65536  # characters of a script


def matches(folder: Folder) -> Iterator[tuple[JobFacts | CronJobFacts, MountedScript, Origin]]:
    """Yield the workloads that run a script of a ConfigMap in the files, with the script and the ConfigMap's origin."""
    for workload in folder.workloads:
        for mounted in workload.needs.mounted:
            for config in folder.configs:
                same = config.origin.kind == "ConfigMap" and config.origin.name == mounted.config and mounted.key in config.keys
                if same and beside(config.origin, workload.origin):
                    yield workload, mounted, config.origin
                    break


def check(
    engine: Engine, document: Document, workload: Origin, mounted: MountedScript, text_in: Document, config: Origin
) -> Iterator[tuple[Rule, Origin, Hit]]:
    """Yield what the rules find in a script: `document` is the workload's, `text_in` the ConfigMap's."""
    held = text_in.object(config.prefix)
    text = as_dict(as_dict(held).get("data")).get(mounted.key)
    value = document.object(workload.prefix)
    if not isinstance(text, str) or len(text) > _LONGEST or not isinstance(value, dict):
        return
    shell, flags = _shell(text, mounted)
    verdict = judge(value, engine.version) if shell else None
    if verdict is None or verdict.defaulted is None:
        return
    subject = Subject(text_in, config.prefix, value, verdict, verdict, engine.version)
    if mounted.container >= len(subject.containers):
        return
    field = f"data[{mounted.key}]"
    runs = list(subject.runs)
    # Nothing of the manifest is replaced in the text: neither $$ nor $(NAME).
    words = (shell, "-c", text.replace("$$", "$$$$"), mounted.key, *mounted.args)
    runs[mounted.container] = Invocation(words, (field,) * len(words), True, 0, False, shell, 2, flags | {"c"})
    subject.run_instead(tuple(runs))
    within = f'{mounted.key} (run by {workload.kind} "{workload.name}"): '
    yield from _without_shell(engine, subject, mounted, shell, Hit(field, {}, within=within), config)
    for rule, function in engine.plans().of(subject, Text(text_in).filled()):
        for hit in function(subject) if rule.mounted else ():
            if hit.field == field:
                yield rule, config, replace(hit, fix=None, within=within)
    subject.forget()


def _without_shell(
    engine: Engine, subject: Subject, mounted: MountedScript, shell: str, hit: Hit, config: Origin
) -> Iterator[tuple[Rule, Origin, Hit]]:
    """The shell of a script's first line that the image does not have: the script cannot be started."""
    rule = engine.rule("program-not-in-image")
    if mounted.shell or rule is None:
        return
    from joblint.shell.images import lacks

    image = subject.containers[mounted.container].data.get("image")
    where = lacks(image, shell) if isinstance(image, str) else ""
    if where:
        effect = f"the script starts with #!…{shell} and cannot be started"
        advice = f"#!/bin/sh    or an image that has {shell}"
        yield rule, config, replace(hit, values={"program": shell, "image": where, "effect": effect, "advice": advice})


def _shell(text: str, mounted: MountedScript) -> tuple[str, frozenset[str]]:
    """The shell that runs a script, with its options; "" if it is not a shell's script."""
    first, _, _ = text.partition("\n")
    words = first[2:].split() if first.startswith("#!") else []
    if words and basename(words[0]) == "env":
        words = [w for w in words[1:] if w != "-S"]
    named = basename(words[0]) if words else ""
    if mounted.shell:
        return mounted.shell, frozenset(mounted.flags)
    flags: set[str] = set()
    for word in words[1:]:
        if word.startswith("-") and not word.startswith("--"):
            flags.update(word[1:])
    return (named if named in SHELLS else ""), frozenset(flags)
