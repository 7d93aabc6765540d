"""Fixes: what is meant is written, and nothing else of the file changes."""

from __future__ import annotations

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.finding import Edit
from joblint.rules.fixes.apply import Fixed, apply, fix_data
from joblint.rules.fixes.edits import insert_key, remove_entry
from joblint.rules.fixes.moves import move_entry, move_item
from joblint.source.documents import read

ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")


def fixed(text: str, unsafe: bool = False) -> str:
    """The text with its fixes, which must leave nothing more to fix."""
    result = fix_data(ENGINE, text.encode(), "job.yaml", unsafe)
    again = fix_data(ENGINE, result.data, "job.yaml", unsafe)
    assert again.data == result.data and not again.made
    return result.data.decode()


def job(spec: str = "", pod: str = "", container: str = "", head: str = "apiVersion: batch/v1\nkind: Job\n") -> str:
    """A Job with lines put in below spec, the Pod's spec and its container."""
    parts = [head, "metadata:\n  name: pi\nspec:\n", spec, "  template:\n    spec:\n      restartPolicy: Never\n", pod]
    return "".join([*parts, "      containers:\n        - name: main\n          image: perl:5.34.0\n", container])


def cron(spec: str) -> str:
    """A CronJob with these lines below spec."""
    return (
        f"apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: nightly\nspec:\n{spec}"
        "  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n"
        "          containers: [{name: main, image: 'perl:5.34.0'}]\n"
    )


ENV = """\
          env:
            - {{name: A, value: {a}}}  # a
            - name: B
              value: {b}
            - {{name: C, value: {c}}}
"""

MAIN = "        - name: main\n          image"

SAFE = [
    # typos
    (job("  backofLimit: 3  # tries\n"), job("  backoffLimit: 3  # tries\n")),
    (job('  "backofLimit": 3\n'), job('  "backoffLimit": 3\n')),
    (job("  backofLimit: '3' # tries\n"), job("  backoffLimit: 3 # tries\n")),
    (job("", "", "          imagePullpolicy: always\n"), job("", "", "          imagePullPolicy: Always\n")),
    (job("  ttlSecondsAfterFinish: 60\n  #a\n\n"), job("  ttlSecondsAfterFinished: 60\n  #a\n\n")),
    # misplaced, with their comments
    (
        job("", "      # tries\n      # in all\n      backoffLimit: 3  # three\n\n"),
        job("  # tries\n  # in all\n  backoffLimit: 3  # three\n", "\n"),
    ),
    (job("", "      ttlSecondsAfterFinished: 60\n"), job("  ttlSecondsAfterFinished: 60\n")),
    (
        job("", "      env:\n        - name: A\n          # why\n          value: a\n"),
        job().replace(
            "        - name: main\n",
            "        - name: main\n          env:\n            - name: A\n              # why\n              value: a\n",
        ),
    ),
    (job("  restartPolicy: Never # n\n").replace("      restartPolicy: Never\n", ""), job().replace("Never", "Never # n")),
    # capitals
    (
        cron("  schedule: '0 3 * * *'\n  concurrencyPolicy: forbid # one\n"),
        cron("  schedule: '0 3 * * *'\n  concurrencyPolicy: Forbid # one\n"),
    ),
    (job("  completions: 2\n  completionMode: 'indexed'\n"), job("  completions: 2\n  completionMode: 'Indexed'\n")),
    # types
    (
        job('  backoffLimit: "3"\n  parallelism: \'2\' # two\n  completions: "2"\n'),
        job("  backoffLimit: 3\n  parallelism: 2 # two\n  completions: 2\n"),
    ),
    (job('  suspend: "true"\n'), job("  suspend: true\n")),
    (
        job("", "", ENV.format(a="yes", b="1.10", c="010")),
        job("", "", ENV.format(a='"yes"', b='"1.10"', c='"010"')),
    ),
    (job("", "", "          command: perl\n"), job("", "", "          command: [perl]\n")),
    (
        job("", "", "          env:\n            # a\n            A: one # 1\n\n            B: 2\n            C: 'x: y'\n"),
        job(
            "",
            "",
            "          env:\n            # a\n            - name: A\n              value: one # 1\n\n"
            "            - name: B\n              value: \"2\"\n            - name: C\n              value: 'x: y'\n",
        ),
    ),
    (
        job().replace(
            "        - name: main\n          image", "        # m\n        name: main # n\n        # i\n\n        image"
        ),
        job().replace(
            "        - name: main\n          image", "        # m\n        - name: main # n\n          # i\n\n          image"
        ),
    ),
    (
        job("", "      volumes: {name: a, emptyDir: {}} # v\n"),
        job("", "      volumes: [{name: a, emptyDir: {}}] # v\n"),
    ),
    # versions
    (job(head="apiVersion: batch/v1beta1 # old\nkind: Job\n"), job(head="apiVersion: batch/v1 # old\nkind: Job\n")),
    (job(head="apiVersion: 'v1'\nkind: Job\n"), job(head="apiVersion: 'batch/v1'\nkind: Job\n")),
    # schedules
    (
        cron("  schedule: 'TZ=Europe/Berlin 0 3 * * 7'  # sunday\n"),
        cron("  schedule: '0 3 * * 0'  # sunday\n  timeZone: Europe/Berlin\n"),
    ),
    (
        cron("  schedule: CRON_TZ=Etc/UTC 0 3 * * *\n  timeZone: Etc/UTC\n"),
        cron('  schedule: "0 3 * * *"\n  timeZone: Etc/UTC\n'),
    ),
    (cron("  schedule: '0 3 * * 1-7'\n"), cron("  schedule: '0 3 * * *'\n")),
    (cron("  schedule: '0 3 * * 5-7'\n"), cron("  schedule: '0 3 * * 5-6,0'\n")),
    (cron("  schedule: 0 3 * * 5,7\n"), cron("  schedule: 0 3 * * 5,0\n")),
    # amounts
    (
        job("", "", "          resources:\n            limits: {memory: 512MB, cpu: '1 core'}\n"),
        job("", "", "          resources:\n            limits: {memory: 512M, cpu: '1'}\n"),
    ),
    (
        job("", "", "          resources:\n            limits:\n              memory: 1gi # one\n"),
        job("", "", "          resources:\n            limits:\n              memory: 1Gi # one\n"),
    ),
    (
        job("", "      volumes:\n        - name: keys\n          secret: {secretName: keys, defaultMode: 400} # w\n"),
        job("", "      volumes:\n        - name: keys\n          secret: {secretName: keys, defaultMode: 0400} # w\n"),
    ),
    (
        job("", "      volumes:\n        - name: keys\n          secret: {secretName: keys, defaultMode: 644} # w\n"),
        job("", "      volumes:\n        - name: keys\n          secret: {secretName: keys, defaultMode: 0644} # w\n"),
    ),
    # spellings
    (job("  suspend: no # not yet\n  completions: 1_0\n"), job("  suspend: false # not yet\n  completions: 10\n")),
    (
        job(head="apiVersion: batch/v1\nkind: Job\n").replace("  name: pi\n", "  name: pi\n  labels: {on: demand} # l\n"),
        job(head="apiVersion: batch/v1\nkind: Job\n").replace("  name: pi\n", '  name: pi\n  labels: {"on": demand} # l\n'),
    ),
    (
        job("", "", "          workingDir: | # dir\n            /work\n"),
        job("", "", "          workingDir: |- # dir\n            /work\n"),
    ),
    # equal entries
    (job("  backoffLimit: 3\n  backoffLimit: 3 # three\n"), job("  backoffLimit: 3 # three\n")),
    (job("  backoffLimit: 3 # three\n  # a\n  backoffLimit: 3\n"), job("  backoffLimit: 3 # three\n  # a\n")),
]


@pytest.mark.parametrize(("before", "after"), SAFE)
def test_safe(before: str, after: str) -> None:
    assert fixed(before) == after


UNSAFE = [
    (job().replace("      restartPolicy: Never\n", ""), job()),
    (
        job().replace("restartPolicy: Never", "restartPolicy: Always # indefinitely"),
        job().replace("Never", "Never # indefinitely"),
    ),
    (job().replace("restartPolicy: Never", "restartPolicy:"), job()),
    (job("  activeDeadlineSeconds: 60 # s\n"), job("  activeDeadlineSeconds: 60 # s\n  backoffLimit: 2\n")),
    (job("  backoffLimit: 010 # ten\n"), job("  backoffLimit: 10 # ten\n")),
]


@pytest.mark.parametrize(("before", "after"), UNSAFE)
def test_a_choice_is_made_only_where_asked_for(before: str, after: str) -> None:
    assert fixed(before) == before
    assert fixed(before, unsafe=True) == after


LEFT = [
    job("  backoffLimit: 3 # one\n  backoffLimit: 3 # two\n"),  # two comments: neither may go
    job("  backoffLimit: 3\n  backoffLimit: 4\n"),
    job("  activeDeadlineSeconds: &a 60\n", "      terminationGracePeriodSeconds: *a\n"),
    job("  backofLimit: 3\n  backoffLimit: 2\n"),  # which of the two?
    job("", "      labels: {a: b}\n"),  # of the Job, or of its Pods?
]


@pytest.mark.parametrize("text", LEFT)
def test_left_alone(text: str) -> None:
    assert fixed(text) == text


def test_what_an_alias_shares_stays() -> None:
    text = "a: &x\n  - name: main\n    image: perl:5.34.0\n    imagePullpolicy: Always\n"
    shared = job().replace(
        "      containers:\n        - name: main\n          image: perl:5.34.0\n",
        "      initContainers: *x\n      containers: *x\n",
    )
    assert fixed(text + shared) == text + shared


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(ending: str, bom: str) -> None:
    before = job("", "      backoffLimit: 3 # é ü 漢\n").replace("\n", ending)
    after = job("  backoffLimit: 3 # é ü 漢\n").replace("\n", ending)
    assert fixed(bom + before) == bom + after


def test_each_document_and_item_is_fixed() -> None:
    bad, good = job("  backofLimit: 3\n"), job("  backoffLimit: 3\n")
    other = "apiVersion: v1\nkind: ConfigMap\ndata:\n  backofLimit: 3\n"
    assert fixed(f"---\n{bad}---\n{other}--- # next\n{bad}") == f"---\n{good}---\n{other}--- # next\n{good}"
    items = "".join("- " + text.replace("\n", "\n  ").rstrip(" ") for text in (bad, bad))
    right = "".join("- " + text.replace("\n", "\n  ").rstrip(" ") for text in (good, good))
    head = "apiVersion: v1\nkind: List\nitems:\n"
    assert fixed(head + items) == head + right


def test_json_stays_json() -> None:
    import json

    value = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "pi"}, "spec": {"backofLimit": "3", "template": {
        "spec": {"containers": [{"name": "main", "image": "perl:5.34.0"}]}}}}  # fmt: skip
    for indent in (None, 2):
        text = fixed(json.dumps(value, indent=indent), unsafe=True)
        spec = json.loads(text)["spec"]
        assert spec["backoffLimit"] == 3 and spec["template"]["spec"]["restartPolicy"] == "Never"


def test_a_fix_that_makes_nothing_better_is_undone_and_told() -> None:
    text = job("", "      completions: 2\n").replace("      restartPolicy: Never\n", "      restartpolicy: Always\n")
    result: Fixed = fix_data(ENGINE, text.encode(), "job.yaml")
    assert "restartpolicy: Always" in result.data.decode()
    assert [left.rule for left in result.left] == ["JL105"]
    assert [made.title for made in result.made] == ["completions moves to spec"]


def test_the_text_beside_an_action_is_fixed_and_the_action_left() -> None:
    assert fixed(job("  backofLimit: {{ .Values.tries }}\n")) == job("  backoffLimit: {{ .Values.tries }}\n")


def test_utf_16_is_left() -> None:
    data = job("  backofLimit: 3\n").encode("utf-16")
    assert fix_data(ENGINE, data, "job.yaml").data == data


def test_edits_do_not_overlap_nor_leave_the_text() -> None:
    assert apply(b"abc\ndef\n", [Edit(1, 1, 1, 3, "x"), Edit(2, 4, 2, 4, "!\ny")]) == b"xc\ndef!\ny\n"
    assert apply(b"abc\r\n", [Edit(1, 4, 1, 4, "\nd")]) == b"abc\r\nd\r\n"
    assert apply(b"abc\n", [Edit(1, 1, 1, 3, "x"), Edit(1, 2, 1, 3, "y")]) is None
    assert apply(b"abc\n", [Edit(5, 1, 5, 1, "x")]) is None


def _edited(text: str, edits: object) -> str:
    assert isinstance(edits, tuple)
    data = apply(text.encode(), list(edits))
    assert data is not None
    return data.decode()


REMOVED = [
    ("a: 1\n# one\nb:  # two\n  c: 2\n  # in\n\n# three\nd: 4\n", "b", "a: 1\n# one\n  # in\n\n# three\nd: 4\n"),
    ("a: 1\nb: |\n  x\n\n  y\n\nc: 3\n", "b", "a: 1\n\nc: 3\n"),
    ("a: 1\nb:\nc: 3\n", "b", "a: 1\nc: 3\n"),
    ("a: 1\nb: 2", "b", "a: 1"),
    ("a: {b: 1, c: 2, d: 3}\n", "a.c", "a: {b: 1, d: 3}\n"),
    ("a: {b: 1, c: 2}\n", "a.c", "a: {b: 1}\n"),
    ("a: {b: 1}\nc: 2\n", "a.b", "a: {}\nc: 2\n"),
    ("a:\n  b: 1  # only\nc: 2\n", "a.b", None),
    ("a:\n  b: 1\nc: 2\n", "a.b", "a:\n  {}\nc: 2\n"),
    ("a:\n- b: 1\n  c: 2\n", "a[0].b", "a:\n- c: 2\n"),
    ("a:\n- b: 1 # why\n  c: 2\n", "a[0].b", None),
    ("a: &x {b: 1}\nc: *x\n", "a", None),
    ("a: &x {b: 1}\nc: *x\n", "c.b", None),
    ("a: 1\n", "b", None),
    ('{"a": 1,\n "b": 2}\n', "b", '{"a": 1}\n'),
]


@pytest.mark.parametrize(("text", "field", "expected"), REMOVED)
def test_remove_entry(text: str, field: str, expected: str | None) -> None:
    edits = remove_entry(read(text.encode(), "x")[0], field)
    assert (edits is None) if expected is None else _edited(text, edits) == expected


POD = """\
spec:
  containers:
  # the work
  - name: main
    image: a
  # beside it
  - name: proxy  # p
    image: b
    args:
    - x
  volumes: []
"""


def test_an_item_moves_to_a_new_list() -> None:
    document = read(POD.encode(), "x")[0]
    edits = move_item(document, "spec.containers[1]", "spec.initContainers", (("restartPolicy", "Always"),))
    assert _edited(POD, edits) == (
        "spec:\n  initContainers:\n  # beside it\n  - restartPolicy: Always\n"
        "    name: proxy  # p\n    image: b\n    args:\n    - x\n"
        "  containers:\n  # the work\n  - name: main\n    image: a\n  volumes: []\n"
    )


def test_an_item_moves_to_the_end_of_a_list() -> None:
    text = "spec:\n  initContainers:\n    - name: first # f\n" + POD.removeprefix("spec:\n")
    edits = move_item(read(text.encode(), "x")[0], "spec.containers[0]", "spec.initContainers")
    assert _edited(text, edits) == (
        "spec:\n  initContainers:\n    - name: first # f\n    # the work\n    - name: main\n      image: a\n"
        "  containers:\n  # beside it\n  - name: proxy  # p\n    image: b\n    args:\n    - x\n  volumes: []\n"
    )


def test_the_last_item_of_a_list_stays() -> None:
    text = "spec:\n  containers:\n  - name: main\n"
    assert move_item(read(text.encode(), "x")[0], "spec.containers[0]", "spec.initContainers") is None


INSERTED = [
    ("a:\n  b: 1 # b\n", "a", "", "a:\n  k: v\n  b: 1 # b\n"),
    ("a:\n  b: 1 # b\n  c: 2\n", "a", "b", "a:\n  b: 1 # b\n  k: v\n  c: 2\n"),
    ("a:\n  # above\n  b: 1 # b\n", "a", "", "a:\n  # above\n  b: 1 # b\n  k: v\n"),
    ("a:\n  b: |+\n    x\n\n", "a", "b", None),
    ("a: {}\n", "a", "", "a: {k: v}\n"),
    ("a: {b: 1}\n", "a", "", "a: {k: v, b: 1}\n"),
    ("a: {b: 1}\n", "a", "b", "a: {b: 1, k: v}\n"),
    ("- b: 1\n", "[0]", "", "- k: v\n  b: 1\n"),
    ('{"a": {\n  "b": 1\n}}\n', "a", "b", '{"a": {\n  "b": 1,\n  "k": v\n}}\n'),
    ("a:\n  k: 1\n", "a", "", None),
]


@pytest.mark.parametrize(("text", "parent", "after", "expected"), INSERTED)
def test_insert_key(text: str, parent: str, after: str, expected: str | None) -> None:
    edits = insert_key(read(text.encode(), "x")[0], parent, "k", "v", after)
    assert (edits is None) if expected is None else _edited(text, edits) == expected


def test_a_file_without_a_last_line_end_keeps_to_it() -> None:
    text = "spec:\n  b: 1\n  c: {d: 2}"
    document = read(text.encode(), "x")[0]
    assert _edited(text, move_entry(document, "spec.b", "spec.c")) == "spec:\n  c: {b: 1, d: 2}"
    assert _edited(text, insert_key(document, "spec", "k", "v", "c")) == text + "\n  k: v"


EXPORTED = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
  labels: {team: a}
spec:
  completions: 1
  selector:
    matchLabels:
      batch.kubernetes.io/controller-uid: 1f
  template:
    metadata:
      creationTimestamp: null
      labels:
        batch.kubernetes.io/controller-uid: 1f
        batch.kubernetes.io/job-name: pi
        controller-uid: 1f
        job-name: pi
    spec:
      restartPolicy: Never  # n
      containers: [{name: main, image: "perl:5.34.0"}]
"""


def test_an_exported_job_loses_what_the_server_made() -> None:
    begin, end = EXPORTED.index("  selector:"), EXPORTED.index("  template:")
    first, last = EXPORTED.index("    metadata:"), EXPORTED.index("    spec:")
    bare = EXPORTED[:begin] + EXPORTED[end:first] + EXPORTED[last:]
    assert fixed(EXPORTED) == bare
    own = EXPORTED.replace("        job-name: pi\n", "        job-name: pi\n        # of ours\n        team: a\n")
    assert fixed(own) == bare.replace(
        "    spec:\n",
        "    metadata:\n      creationTimestamp: null\n      labels:\n        # of ours\n        team: a\n    spec:\n",
    )


def test_many_fixes_in_many_documents() -> None:
    values = "".join(f"            - {{name: V{i}, value: {i}}}\n" for i in range(70))
    text = job("  backofLimit: 3\n", "", "          env:\n" + values)
    quoted = "".join(f'            - {{name: V{i}, value: "{i}"}}\n' for i in range(70))
    assert fixed(text) == job("  backoffLimit: 3\n", "", "          env:\n" + quoted)
    bad, stuck = job("  backofLimit: 3\n"), job("").replace("      restartPolicy: Never\n", "      restartpolicy: Always\n")
    assert fixed("---\n".join([bad, stuck] * 10)) == "---\n".join([bad.replace("backof", "backoff"), stuck] * 10)
