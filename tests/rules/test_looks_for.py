"""What a rule file says that its check looks for is never too much: where it is not there, the check finds nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from joblint.base.late import Late
from joblint.rules import one_object
from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.checks.table import CHECKS
from joblint.rules.engine import Engine
from joblint.rules.finding import Finding, RuleCrash
from joblint.rules.plan import Text
from joblint.rules.subject import Subject
from joblint.source.documents import read

DATA = Path(__file__).parents[1] / "data"
PARTS = 8


class _Everything:
    """Asks besides every check that is not asked, and remembers what these would have found."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = Engine(chosen(builtin(), Selection(profile="strict"), "1.36"), "1.36")
        self.objects = 0
        self.hidden: list[str] = []
        self._check = one_object._check
        monkeypatch.setattr(one_object, "_check", self._asking)

    def _asking(
        self, engine: Engine, subject: Subject, text: Text
    ) -> tuple[list[Finding], list[RuleCrash], list[tuple[str, str, str]]]:
        asked = {rule.name for rule, _ in engine.plans().of(subject, text)}
        for rule in engine.rules:
            check = CHECKS.get(rule.name)
            if check is not None and rule.name not in asked and rule.family != "refused" and subject.kind in rule.kinds:
                self.hidden += [f"{rule.id} {rule.name}: {hit.field}" for hit in check(subject)]
        self.objects += 1
        return self._check(engine, subject, text)


SIMILAR = {"create-1.36": 6, "verdicts": 6, "pod-template": 3, "applies": 3, "podsecurity": 3}
"""Files of many variations of a few objects: one row of so many is asked."""


def _manifests() -> Iterator[str]:
    for file in sorted(DATA.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in islice(lines, 0, None, SIMILAR.get(file.name.partition(".jsonl")[0], 1)):
                case = json.loads(line)
                for key in ("yaml", "sent", "new", "manifest", "cronjob", "job"):
                    if value := case.get(key):
                        yield value if isinstance(value, str) else json.dumps(value)
    for folder in (DATA / "clean", DATA.parents[1] / "examples"):
        yield from [path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))]
    for name, data in builtin_rule_files():
        examples = read_rule_file(name, data)["examples"]
        yield from [example["manifest"] for example in (*examples["bad"], *examples["good"])]


@pytest.mark.parametrize("part", range(PARTS))
def test_no_hit_is_hidden(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    every = _Everything(monkeypatch)
    for n, manifest in enumerate(dict.fromkeys(_manifests())):
        if n % PARTS == part:
            for document in read(manifest.encode("utf-8", "surrogatepass"), "x.yaml"):
                assert not every.engine.run(document).crashes
            assert not every.hidden, manifest
    assert every.objects > 200


def test_checks_of_other_things_are_not_imported() -> None:
    """A plain Job imports no check of CronJobs, shell scripts, hooks or probes."""
    plain = """\
apiVersion: batch/v1
kind: Job
metadata: {name: plain}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: a, image: "a:1"}]
"""
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from joblint.run.api import check\n"
        f"check({plain!r})\n"
        "print(*sorted(m for m in sys.modules if m.startswith('joblint.rules.checks.')))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "joblint.rules.checks.table" in loaded
    families = {name.split(".")[3] for name in loaded}
    assert families <= {"table", "deadlines", "deploy", "hygiene"}, families


def test_every_check_is_behind_a_stand_in() -> None:
    assert all(isinstance(check, Late) for check in CHECKS.values())


def test_every_key_that_is_read_elsewhere_is_looked_for() -> None:
    """The rule file names what the check compares keys with."""
    from joblint.rules.checks.deploy import copied

    rule = next(rule for rule in builtin() if rule.name == "pod-annotation-on-the-job")
    keys = (
        *(*copied._POD_ONLY, *copied._POD_LABELS, *copied._DEPLOYMENT_ONLY),
        *(*copied._OF_NAMESPACES, *copied._ANNOTATIONS_ONLY, *copied._LABELS_ONLY),
    )
    assert all(key.startswith(rule.labels) for key in keys)
