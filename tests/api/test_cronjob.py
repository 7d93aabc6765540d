"""What the API server says of a CronJob's own fields and of what its jobTemplate may not hold."""

from __future__ import annotations

from typing import Any

import pytest

from joblint.api.judge import judge


def _errors(name: str = "cj", job: dict[str, Any] | None = None, **spec: Any) -> list[str]:
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]}}
    body = {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": template, **(job or {})}}, **spec}
    verdict = judge({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name}, "spec": body})
    assert verdict is not None
    return [f"{e.field.removeprefix('spec.')}: {e.message}" for e in verdict.errors]


def test_the_name_leaves_room_for_that_of_its_jobs() -> None:
    assert _errors("c" * 52) == []
    assert _errors("c" * 53) == [f'metadata.name: Invalid value: "{"c" * 53}": must be no more than 52 characters']


def test_a_zone_in_the_schedule_is_refused_however_right_it_is() -> None:
    text = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
    assert _errors(schedule="TZ=Etc/UTC 0 0 * * *") == [f'schedule: Invalid value: "TZ=Etc/UTC 0 0 * * *": {text}']
    assert len(_errors(schedule="TZ=Nowhere/Land 0 0 * * *")) == 2


@pytest.mark.parametrize(
    ("zone", "texts"),
    [
        ("Europe/Berlin", []),
        ("Etc/UTC", []),
        ("", ["timeZone must be nil or non-empty string"]),
        ("Nowhere/Land", ["unknown time zone Nowhere/Land"]),
        ("../etc/passwd", ["unknown time zone ../etc/passwd"]),
        ("Europe/AVeryLongCityName", ["unknown time zone Europe/AVeryLongCityName"]),
        ("Local", ["timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"]),
    ],
)
def test_zones(zone: str, texts: list[str]) -> None:
    assert _errors(timeZone=zone) == [f'timeZone: Invalid value: "{zone}": {text}' for text in texts]


def test_the_words_of_the_concurrency_policy() -> None:
    assert _errors(concurrencyPolicy="Forbid") == []
    assert _errors(concurrencyPolicy="forbid") == [
        'concurrencyPolicy: Unsupported value: "forbid": supported values: "Allow", "Forbid", "Replace"'
    ]


def test_limits_are_not_negative() -> None:
    limits = ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    good: dict[str, Any] = dict.fromkeys(limits, 0)
    bad: dict[str, Any] = dict.fromkeys(limits, -1)
    assert _errors(**good) == []
    assert _errors(**bad) == [f"{field}: Invalid value: -1: must be greater than or equal to 0" for field in limits]


def test_the_selector_of_its_jobs_is_generated() -> None:
    assert _errors(job={"manualSelector": False}) == []
    assert _errors(job={"selector": {"matchLabels": {"b": "1", "a": "2"}}, "manualSelector": True}) == [
        'jobTemplate.spec.selector: Invalid value: {"matchLabels":{"a":"2","b":"1"}}: `selector` will be auto-generated',
        'jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ]


def test_the_job_template_is_validated_like_a_job() -> None:
    assert _errors(job={"backoffLimit": -1, "completionMode": "Indexed"}) == [
        "jobTemplate.spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0",
        "jobTemplate.spec.completions: Required value: when completion mode is Indexed",
    ]
