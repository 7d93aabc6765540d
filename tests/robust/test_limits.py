"""Manifests that the API server accepts and that once took minutes or gigabytes: each is judged, and in no time to speak of.

Speed is measured in `benchmarks/`; here a time limit of minutes stands between a hang and a test run that never ends.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from joblint.run.api import check, explain
from joblint.shell.flow import flow
from joblint.shell.grammar import DEEPEST, LONGEST, TOO_DEEP, limit_met, parse

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {{name: x}}
spec:
  backoffLimit: 3{spec}
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: a
        image: a:1{container}
"""


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError("this takes minutes")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def _script(text: str) -> str:
    body = "".join([f"          {line}\n" for line in text.split("\n")])
    return f"\n        command: [sh, -c]\n        args:\n        - |\n{body}"


def _job(spec: str = "", container: str = "") -> str:
    return JOB.format(spec=spec, container=container)


ACCEPTED = {
    "deadline": _job("\n  activeDeadlineSeconds: 1000000000000").replace("backoffLimit: 3", "backoffLimit: 2147483647"),
    "completions": _job("\n  completions: 2147483647\n  parallelism: 2147483647"),
    "lines": _job(container=_script("\n".join([f"tool{i} --x | grep x && echo $A_{i}" for i in range(3000)]))),
    "aftercare": _job(container=_script("work\n" + "echo done\n" * 3000)),
    "loops": _job(container=_script("if test -f x; then\nwhile sleep 1; do work; done; fi\n" * 1500)),
    "directories": _job(container=_script("".join([f"mkdir /d{i}\ncat /d{i}/x > /d{i}/y\n" for i in range(1500)]))),
    "here-documents": _job(container=_script("".join([f"mysql <<EOF\nSELECT {i};\nEOF\n" for i in range(1500)]))),
    "moves": _job(container=_script("".join([f"mv /in{i}/file{i} /out/\n" for i in range(1500)]))),
    "loops in a row": _job(container=_script("while a; do b; done\n" * 3000)),
    "beyond ascii": _job(container=_script("echo ä ü | tee x\n" * 3000)),
    "cases": _job(container=_script("case $1 in\n" + "a) echo;;\n" * 4000 + "esac")),
    "and": _job(container=_script(" && ".join(["true"] * 5000))),
    "substitutions": _job(container=_script('"$(' * 140 + "x" + ')"' * 140)),
    "deep substitutions": _job(container=_script('"$(' * 14_000 + "x" + ')"' * 14_000)),
    "deep branches": _job(container=_script("if true; then " * 3000 + "x" + "; fi" * 3000)),
    "deep parentheses": _job(container=_script("( " * 5000 + "x" + " )" * 5000)),
    "open braces": _job(container="\n        args: ['" + "${" * 200_000 + "}']"),
    "dollars": _job(container="\n        args: ['" + "$" * 400_000 + "a$(']"),
    "digits": _job(container=f'\n        resources: {{limits: {{cpu: "{"9" * 1_000_000}"}}}}'),
    "fraction": _job(container=f'\n        resources: {{limits: {{memory: "0.{"9" * 1_000_000}Gi"}}}}'),
    "variables": _job(
        container="\n        env:\n" + "".join([f"        - {{name: A{i}, value: $A{i - 1}}}\n" for i in range(2000)])
    ),
    "scalar": _job(container=f'\n        env: [{{name: A, value: "{"x" * 10_000_000}"}}]'),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_is_accepted_is_judged(name: str) -> None:
    report = check(ACCEPTED[name])
    assert report.crashes == ()
    assert [d.judged.verdict.accepted for d in report.documents] == [True]


MOUNTS = _job(
    container=f"\n        volumeMounts: [{{name: '{'x${A}' * 12}x', mountPath: /a}}]\n      volumes: [{{name: {'x' * 300}y}}]"
)
PATTERNS = {
    "spaces behind a kind": "a: [\nkind:" + " " * 400_000 + "#\n",
    "spaces behind a version": "a: [\napiVersion:" + " " * 400_000 + "#\nkind: Job\n",
    "kinds in a row": "a: 'x\n" + "kind:" * 100_000 + "\n",
    "entries in a row": "a: [\n" + "{kind: " * 50_000 + "\n",
    "names with placeholders": MOUNTS,
    "backslashes": JOB.format(spec="", container="") + '        args: ["' + "\\\\" * 200_000 + '\\/"]\n',
    "actions that do not end": "{{ " * 100_000 + "\n" + _job() + "{{ x }}\n",
    "quotes in actions that do not end": '{{ `"' * 100_000 + "\n" + _job(),
    "comments that do not end": "{{/* " * 100_000 + "*/\n" + _job() + "{{ x }}\n",
    "spaces in an action": "{{" + " " * 100_000 + "'\n" + _job() + "{{ x }}\n",
    "tags that do not end": _job() + "{% x %}\n" + "{#{%" * 100_000 + "{{" * 100_000,
    "quotes in tags that do not end": _job() + "{% x %}\n" + "{% \"'" * 100_000,
    "dashes in a template": _job() + "{{ x }}\n" + "- " * 100_000 + "|",
    "spaces in a template": _job() + "{{ x }}\n" + " " * 100_000 + "x",
    "private characters in a template": _job() + "{{ x }}\n# " + "\ue07b\ue07b" * 100_000,
    "brackets in a key": JOB.format(spec="\n  '" + ".env[" * 100_000 + "': 1", container=""),
    "anchors": JOB.format(spec="", container="") + "        args: [! x, " + "&a " * 100_000 + "]\n",
}


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_over_a_text_takes_longer_than_the_text_is_long(name: str) -> None:
    assert check(PATTERNS[name]).crashes == ()


def test_retries_are_not_counted_one_by_one() -> None:
    (finding,) = [f for f in check(ACCEPTED["deadline"]).findings if f.rule == "JL301"]
    assert "2147483647" in finding.message
    assert (
        finding.fix is not None and finding.fix.title == "backoffLimit: 2147483647 → 6459704"
    )  # so many seconds overflow: the deadline is 122 years


@pytest.mark.parametrize("policy", ["Never", "OnFailure"])
@pytest.mark.parametrize("deadline", [1, 10, 11, 310, 600, 631, 632, 989, 990, 991, 1000, 5000])
def test_the_limit_that_fits_is_the_largest_that_does(policy: str, deadline: int) -> None:
    from joblint.controller.job.backoff import SECOND, delays_sum, restart_delays_sum

    spec = f"\n  activeDeadlineSeconds: {deadline}"
    manifest = _job(spec).replace("backoffLimit: 3", "backoffLimit: 100").replace("Never", policy)
    (finding,) = [f for f in check(manifest).findings if f.rule == "JL301"]
    needed = delays_sum if policy == "Never" else restart_delays_sum
    fitting = max([n for n in range(100) if needed(n) // SECOND < deadline])
    if policy == "OnFailure" and fitting <= 1:
        assert finding.fix is None  # with OnFailure a limit of 1 retries nothing
    else:
        assert finding.fix is not None and finding.fix.title == f"backoffLimit: 100 → {fitting}"


@pytest.mark.parametrize(
    "text",
    [
        "( " * (DEEPEST + 5) + "x" + " )" * (DEEPEST + 5),
        '"$(' * (DEEPEST + 5) + "x" + ')"' * (DEEPEST + 5),
        " && ".join(["a"] * 500),
        "{ " * 5000 + "x" + "; }" * 5000,
    ],
)
def test_a_script_that_is_nested_too_deeply_is_not_followed_at_all(text: str) -> None:
    assert parse(text) is TOO_DEEP
    assert "levels deep" in limit_met(text, parse(text))


def test_a_script_that_is_too_long_is_not_followed() -> None:
    text = "echo a | b\n" * (LONGEST // 10)
    assert parse(text).parts == ()
    assert str(len(text)) in limit_met(text, parse(text))
    assert limit_met("echo a | b", parse("echo a | b")) == ""


def test_a_long_list_is_read_as_the_shell_reads_it() -> None:
    (list_,) = parse("a && b || c && d").parts
    assert [list_.operator, list_.left.operator, list_.left.left.operator] == ["&&", "||", "&&"]  # type: ignore[union-attr]
    text = " && ".join([f"work{i}" for i in range(100)])
    lost = flow(parse(f"{text}\necho"), frozenset()).losses
    assert len(lost) == 100


def test_places_beyond_ascii_count_characters() -> None:
    script = parse("echo 'ä€😀' | x\nö | y")
    assert [(p.start, p.end) for p in script.parts] == [(0, 14), (15, 20)]


ENDLESS = {
    "an Ignore rule for every failure": (
        "\n  completions: 500\n  parallelism: 50\n  podFailurePolicy:\n    rules:\n"
        "    - {action: Ignore, onExitCodes: {operator: NotIn, values: [0]}}"
    ),
    "the largest limit": "\n  completions: 1000\n  parallelism: 100\n  backoffLimit: 2147483647",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_of_a_job_that_retries_indefinitely_only_the_beginning_is_simulated(name: str) -> None:
    from joblint.controller.job.simulate import MOST_ENDLESS
    from joblint.controller.prediction.outlook import ENDLESS_EVENTS

    (told,) = explain(JOB.replace("  backoffLimit: 3", "").format(spec=ENDLESS[name], container="")).explanations
    fail = told.scenarios[0]
    assert fail.end.outcome == "for-ever" and fail.text.startswith("it continues indefinitely")
    assert fail.run.pods <= MOST_ENDLESS + 500
    assert len(fail.run.events) == ENDLESS_EVENTS and fail.run.events_until == fail.run.events[-1].t
    assert all(e.t_min is not None and e.t_max is not None and e.t_min <= e.t <= e.t_max for e in fail.run.events)


@pytest.mark.parametrize("completions", [1_500, 9_000, 100_000, 2_147_483_647])
def test_of_many_pods_that_come_one_after_the_other_the_first_are_looked_at_one_by_one(
    completions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joblint.controller.job import leap, simulate, sync

    syncs, steps = [0], [0]

    def counted(world: object) -> None:
        syncs[0] += 1
        sync.sync(world)  # type: ignore[arg-type]

    def after(self: leap.Orbit, many: int) -> object:
        steps[0] += 1
        return real(self, many)

    real = leap.Orbit.after
    monkeypatch.setattr(simulate, "sync", counted)
    monkeypatch.setattr(leap.Orbit, "after", after)
    (told,) = explain(_job(f"\n  completions: {completions}")).explanations
    assert told.scenarios[1].end.outcome == "complete" and told.scenarios[1].end.succeeded == completions
    assert syncs[0] < 15_000 and steps[0] < 20_000


def test_a_deadline_ends_what_would_retry_indefinitely() -> None:
    spec = ENDLESS["the largest limit"] + "\n  activeDeadlineSeconds: 864000000"
    (told,) = explain(JOB.replace("  backoffLimit: 3", "").format(spec=spec, container="")).explanations
    fail = told.scenarios[0]
    assert fail.end.outcome == "too-many"
    assert "activeDeadlineSeconds fails it after 27y at the latest" in fail.text


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([f"f{i}() {{ f{i - 1}; }}" for i in range(3000)]) + "\nf2999",
        "\n".join([f"f{i}() {{ f{i - 1} | cat && x; }}" for i in range(1000)]) + "\nf999",
        "echo " + "${A:-" * 1000 + "x" + "}" * 1000,
        "echo $((" + "${A:-$((" * 500 + "1" + "))}" * 500 + "))",
        "work\n" + "xargs " * 2000 + "tool",
    ],
    ids=["functions", "functions in pipes", "parameters", "arithmetic", "xargs"],
)
def test_what_calls_or_contains_itself_any_number_of_levels_deep_is_judged(text: str) -> None:
    assert check(_job(container=_script(text))).crashes == ()


def test_a_function_is_followed_through_any_number_of_calls() -> None:
    text = "f0() { tail -f /dev/null; }\n" + "\n".join([f"f{i}() {{ f{i - 1}; }}" for i in range(1, 500)]) + "\nf499"
    assert "JL720" in [f.rule for f in check(_job(container=_script(text))).findings]


def test_of_a_pod_with_many_containers_the_first_are_simulated_and_it_says_so() -> None:
    many = "".join([f"\n      - {{name: a{i}, image: 'a:1', command: [sh, -c, sleep {i}]}}" for i in range(500)])
    inits = "\n      initContainers:" + many.replace("name: a", "name: b")
    (found,) = explain(_job(container=many + inits)).explanations
    assert dict(found.notes)["containers"] == (
        "only the first 100 of the 500 init containers of a Pod are simulated; "
        "only the first 100 of the 501 containers of a Pod are simulated"
    )
    assert all(told.run.pods for told in found.scenarios)


def test_findings_do_not_list_everything_that_they_were_compared_with() -> None:
    count = 300
    mounts = "".join([f"\n        - {{name: w{i}, mountPath: /{i}}}" for i in range(count)])
    volumes = "".join([f"\n      - {{name: volume-{i}, emptyDir: {{}}}}" for i in range(count)])
    report = check(_job(container=f"\n        volumeMounts:{mounts}\n      volumes:{volumes}"))
    assert len(report.findings) >= count
    assert all(len(f.message) < 1500 for f in report.findings)
    assert any("volume-49 and 250 more" in f.message for f in report.findings)


def test_names_are_not_compared_each_with_each() -> None:
    entries = "".join([f"\n        - {{name: NAME_{i}, value: $(NAM_{i})}}" for i in range(1500)])
    assert check(_job(container=f"\n        env:{entries}")).crashes == ()


def test_a_long_duration_is_read_once() -> None:
    cron = f'apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: x}}\nspec: {{schedule: "@every {"1s" * 50_000}"}}\n'
    assert check(cron).crashes == ()


LONG = {
    "name": _job().replace("{name: x}", "{name: " + "a" * 200_000 + "}"),
    "container": _job().replace("name: a\n", "name: " + "A" * 200_000 + "\n"),
    "image": _job().replace("a:1", "A" * 200_000),
    "mount": _job(container="\n        volumeMounts: [{name: " + "m" * 200_000 + ", mountPath: /a}]"),
    "policy": _job().replace("Never", "N" * 200_000),
    "quantity": _job(container="\n        resources: {limits: {cpu: " + "9x" * 100_000 + "}}"),
    "key": _job(container="\n        " + "k" * 200_000 + ": 1"),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_value_is_not_printed_again_and_again(name: str) -> None:
    """The errors of the API server are complete in JSON; what joblint itself says of them is short."""
    report = check(LONG[name])
    assert report.findings and report.crashes == ()
    for finding in report.findings:
        assert all(len(text) < 15_000 for text in (finding.message, finding.why, finding.fix_text, finding.label, *finding.also))


def test_a_place_is_found_in_many_branches_at_once() -> None:
    from joblint.rules.checks.containers.arguments import _Guarded, _guards
    from joblint.shell.grammar import parse

    text = (
        "a; if b; then c; while d; do e; done; fi; f | g\ncase $1 in h) i;; esac; until j; do k; done\nfor l in m; do n; done\n"
    )
    statements = parse(text * 20)
    found = _Guarded(statements)
    for place in range(len(text) * 20 + 1):
        assert found.at(place) == any(n.start <= place < n.end for n in _guards(statements)), place
