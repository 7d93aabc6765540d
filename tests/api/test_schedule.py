"""Schedules are read as robfig/cron v3.0.1 reads them: same masks, same error texts (recorded from that library)."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conformance.schedule.agreement import mine
from joblint.api.go.schedule import STAR, Schedule, ScheduleError, parse_duration, parse_standard

DATA = Path(__file__).parents[1] / "data" / "schedules.json.gz"


def test_every_recorded_text_gives_the_same_masks_or_the_same_error() -> None:
    cases = json.loads(gzip.decompress(DATA.read_bytes()))["texts"]
    wrong = [(case, got) for case in cases if (got := mine(case["question"], case["answer"])) != case["answer"]]
    assert wrong == []
    assert len(cases) == 2500
    assert sum("masks" in case["answer"] for case in cases) > 300


@pytest.mark.parametrize(
    "text",
    ["? * * * *", "5/15 * * * *", "*/90 * * * *", "*/61 * * * *", "1,,2 * * * *", "@every -1h", "0 0 31 2 *", "0 0 * JAN MON-fri"]
    + ["@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every 90m"],
)
def test_taken(text: str) -> None:
    assert isinstance(parse_standard(text), Schedule)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0 * * 7", "end of range (7) above maximum (6): 7"),
        ("0 0 L * *", 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax'),
        ("0 0 15W * *", 'failed to parse int from 15W: strconv.Atoi: parsing "15W": invalid syntax'),
        ("0 0 * * 1#2", 'failed to parse int from 1#2: strconv.Atoi: parsing "1#2": invalid syntax'),
        ("0 0 0 * * *", "expected exactly 5 fields, found 6: [0 0 0 * * *]"),
        ("@reboot", "unrecognized descriptor: @reboot"),
        ("", "empty spec string"),
        ("TZ=0", "invalid schedule format: runtime error: slice bounds out of range [:-1]"),
        ("TZ=Mars/Base 0 0 * * *", "provided bad location Mars/Base: unknown time zone Mars/Base"),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ScheduleError) as error:
        parse_standard(text)
    assert str(error.value) == message


def test_a_question_mark_is_a_star() -> None:
    assert parse_standard("? ? ? ? ?") == parse_standard("* * * * *")


def test_a_step_takes_the_star_away_unless_it_is_one() -> None:
    assert parse_standard("0 0 */1 * *").dom & STAR
    assert not parse_standard("0 0 */2 * *").dom & STAR


def test_steps_count_from_the_least_value_and_not_on_into_the_next_hour() -> None:
    assert parse_standard("*/90 * * * *").minute == 1
    assert parse_standard("*/45 * * * *").minute == 1 | 1 << 45
    assert parse_standard("5/15 * * * *").minute == 1 << 5 | 1 << 20 | 1 << 35 | 1 << 50


def test_every_rounds_to_whole_seconds_and_one_at_least() -> None:
    assert parse_standard("@every 1500ms").every == 1
    assert parse_standard("@every -1h").every == 1
    assert parse_standard("@every 1h30m").every == 5400


def test_a_zone_in_front_is_kept_but_means_nothing_to_every() -> None:
    assert parse_standard("CRON_TZ=Europe/Berlin 0 2 * * *").zone == "Europe/Berlin"
    assert parse_standard("TZ=Europe/Berlin @daily").zone == "Europe/Berlin"
    assert parse_standard("TZ=Europe/Berlin @every 5m").zone is None


@given(st.text() | st.text(alphabet="*/-,0123456789 @TZ=UCeverymonhs.", max_size=40))
@example("9" * 5000 + " * * * *")
@example("@every " + "9" * 5000 + "h")
@example("* * * * *\x1c")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        schedule = parse_standard(text)
    except ScheduleError as error:
        assert str(error)
    else:
        assert schedule.every is None or schedule.every >= 1


@given(st.integers(0, 59), st.integers(1, 70))
def test_a_step_sets_every_nth_bit(start: int, step: int) -> None:
    mask = parse_standard(f"{start}/{step} * * * *").minute
    assert [n for n in range(64) if mask >> n & 1] == list(range(start, 60, step))


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_nanoseconds_are_read_exactly(nanoseconds: int) -> None:
    assert parse_duration(f"{nanoseconds}ns") == nanoseconds
