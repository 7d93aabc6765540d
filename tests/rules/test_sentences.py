"""What a finding says where there are several things to name, long values, or numbers at a bound."""

from __future__ import annotations

import pytest

from .helper import cronjob_of, job_of, report_of, script_of


def _said(manifest: str, rule: str) -> list[str]:
    report = report_of(manifest, "1.37")
    assert not report.crashes
    return [f.message for f in report.findings if f.rule == rule]


@pytest.mark.parametrize(
    ("script", "names"),
    [
        ("./extract\n./load\n", "`./extract`"),
        ("./extract\n./check\n./load\n", "`./extract` or `./check`"),
        ("./extract\n./check\n./clean\n./load\n", "`./extract`, `./check` or 1 other"),
        ("./extract\n./check\n./clean\n./mail\n./load\n", "`./extract`, `./check` or 2 others"),
    ],
)
def test_commands_that_may_fail_are_named(script: str, names: str) -> None:
    (message,) = _said(job_of(script_of(script)), "JL705")
    assert names in message


@pytest.mark.parametrize(
    ("name", "right"),
    [("My_Job", "my-job"), ("x" * 59 + "_y.Z", "x" * 59 + "-y.z"), ("_", None)],
)
def test_a_wrong_name_and_the_right_one(name: str, right: str | None) -> None:
    found = [f for f in report_of(job_of().replace("name: x\n", f"name: {name}\n", 1)).findings if f.field == "metadata.name"]
    texts = [f"{f.message} {f.fix_text}" for f in found]
    assert texts and all((f"name: {right}" in text) == (right is not None) for text in texts), texts


@pytest.mark.parametrize(("value", "shown"), [(37 * "7", 35 * "7" + "…"), (36 * "7", 36 * "7")])
def test_a_long_value_is_cut(value: str, shown: str) -> None:
    found = [f for f in report_of(job_of(spec=f"suspend: {value}\n")).findings if f.severity == "error"]
    assert len(found) == 1 and shown in found[0].message and shown + "7" not in found[0].message


@pytest.mark.parametrize(("key", "verb"), [("weight", "has"), ("delete-policy", "has"), ("both", "have")])
def test_hook_words_without_a_hook(key: str, verb: str) -> None:
    words = {"weight": 'helm.sh/hook-weight: "1"\n', "delete-policy": "helm.sh/hook-delete-policy: hook-succeeded\n"}
    lines = words.get(key) or "".join(words.values())
    meta = "annotations:\n" + "".join(f"  {line}\n" for line in lines.splitlines())
    (message,) = [m for f in [_said(job_of(meta=meta), rule) for rule in ("JL625",)] for m in f] or [""]
    assert f" {verb} " in message, message


def test_days_on_which_either_field_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1_767_225_600.0)  # 2026-01-01, a Thursday; 2027-01-01 is no longer in the year
    (message,) = _said(cronjob_of("0 3 1 * 5"), "JL504")
    assert "63 days a year" in message and "only 1 match" in message, message


def test_the_branches_of_a_case_are_counted_from_0() -> None:
    script = 'case "$JOB_COMPLETION_INDEX" in\n0) f=a ;;\n1) f=b ;;\n2) f=c ;;\nesac\n/app/x $f\n'
    (message,) = _said(job_of(script_of(script), "completionMode: Indexed\ncompletions: 8\nparallelism: 4\n"), "JL412")
    assert "case $JOB_COMPLETION_INDEX in 0) … 2)" in message, message


@pytest.mark.parametrize(("sleeps", "enough"), [(50, 60), (51, 70), (590, 600), (591, 660), (7190, 7200), (7191, 7800)])
def test_a_grace_period_that_is_enough(sleeps: int, enough: int) -> None:
    hook = f'command: [./load]\nlifecycle: {{preStop: {{exec: {{command: [sleep, "{sleeps}"]}}}}}}\n'
    (found,) = [f for f in report_of(job_of(hook), "1.37").findings if f.rule == "JL314"]
    assert found.fix_text is not None and f"terminationGracePeriodSeconds: {enough}" in found.fix_text, found.fix_text
