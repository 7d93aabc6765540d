"""Where a check changes its answer: names that are nearly another, tags of images, waits of kubectl, days that a month lacks."""

from __future__ import annotations

import pytest

from joblint.rules.checks.pods.references import is_slip

from .helper import cronjob_of, job_of, report_of, script_of


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("db-login", "db-logn", True),  # one letter is missing
        ("db-login", "db-logins", True),
        ("db-login", "db-lgoin", True),  # two are swapped
        ("db-login", "db-lgion", False),
        ("db-login", "dblogin", True),
        ("db.login", "db-login", True),
        ("db-login", "login-db", True),
        ("login", "nigol", False),
        ("db-login", "db-logxyn", False),
        ("db-login", "db-xxgin", False),
        ("db-login1", "db-login2", False),  # numbered names are meant
        ("db-login", "db-login2", False),
        ("aab", "ab", True),
        ("ab", "ba", True),
        ("abc", "cba", False),
        ("", "a", True),
        ("a-b", "a-c", True),
    ],
)
def test_names_that_are_nearly_the_same(one: str, other: str, found: bool) -> None:
    assert is_slip(one, other) is found
    assert is_slip(other, one) is found


@pytest.mark.parametrize("length", [6, 7, 8, 9, 10, 11, 12, 13, 39, 40, 41])
@pytest.mark.parametrize("prefix", ["", "sha-", "git-"])
def test_the_tag_of_a_commit_has_the_length_of_a_commit(length: int, prefix: str) -> None:
    """Seven or eight digits as git shortens, ten and twelve as others do, forty in full: then the template changes each time."""
    tag = prefix + ("a1b2c3d4e5" * 5)[:length]
    manifest = job_of(image=f"example.com/etl:{tag}", meta="annotations: {app.kubernetes.io/managed-by: x}\n")
    rules = {f.rule for f in report_of(manifest).findings if "(a commit)" in f.message + f.label + str(f.also)}
    assert bool(rules) is (length in (7, 8, 10, 12, 40))


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("cd /data/old\nrm -rf *", True),
        ("cd /data/old\nrm -rf ./*", True),
        ("cd /data/old\nfind . -delete", True),
        ("cd /data/old\nfind . -type f -exec rm {} +", True),
        ("cd /data/old\necho gone\nfind . -delete", True),
        ("cd /data/old\nfind /data/old -delete", False),
        ("cd /data/old\nfind . -print", False),
        ("cd /data/old\nrm -rf /data/old/x", False),
        ("cd /data/old\ncp -delete . /y", False),
        ("set -e\ncd /data/old\nfind . -delete", False),
        ("cd /data/old || exit 1\nfind . -delete", False),
    ],
)
def test_what_is_deleted_where_cd_failed(script: str, found: bool) -> None:
    messages = [f.message for f in report_of(job_of(script_of(script))).findings]
    assert any("cd /data/old" in m and ("delete" in m or "rm" in m or "find" in m) for m in messages) is found


@pytest.mark.parametrize(
    ("schedule", "possible"),
    [
        ("0 0 30 2 *", "0 0 28 2 *"),
        ("0 0 31 4 *", "0 0 30 4 *"),
        ("0 0 31 2,4 *", "0 0 28 2,4 *"),
        ("0 0 31 6,9,11 *", "0 0 30 6,9,11 *"),
        ("0 0 31 4,6 *", "0 0 30 4,6 *"),
    ],
)
def test_the_last_day_that_all_months_have(schedule: str, possible: str) -> None:
    found = [f for f in report_of(cronjob_of(schedule)).findings if f.field == "spec.schedule" and possible in f.fix_text]
    assert found, report_of(cronjob_of(schedule)).findings
