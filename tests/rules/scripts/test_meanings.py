"""Options and formats with another meaning than the line intends, as the programs' manuals say."""

from __future__ import annotations

import pytest

from tests.rules.helper import cronjob_of, job_of, report_of

from .helper import said, told


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        # wget 1.24: -o is the log, -O the download
        ("wget -o app.tgz https://example.com/app.tgz", ("-o writes wget's messages to app.tgz", "wget -O app.tgz")),
        ("wget -o tool https://example.com/tool\nchmod +x tool", ("messages to tool",)),
        ("wget -o messages https://example.com/tool", ()),
        ("wget -o wget.log.gz https://example.com/tool", ()),
        ("wget -o /dev/null https://example.com/tool > /dev/null", ()),
        ("wget -O app.tgz https://example.com/app.tgz", ()),
        # PostgreSQL 17: -p is the port
        ('psql -h db -p "$DB_PASSWORD" -c "SELECT 1"', ("-p is the port, but it gets the password", "PGPASSWORD")),
        ('pg_dump -p "$PGPWD" -h db shop', ("-p is the port",)),
        ('redis-cli -h cache -p "$REDIS_PASSWORD" ping', ("-p is the port", 'redis-cli -a "$REDIS_PASSWORD"')),
        ('psql -h db -p "$DB_PORT" -c "SELECT 1"', ()),
        ('psql -h db -U "$PASSWORD_OWNER" -c "SELECT 1"', ()),
        # OpenSSH 9: the port is -P for scp and sftp, -p for ssh
        ("scp -p 2222 a host:/b", ("-p keeps times and modes, the port is -P", "scp -P")),
        ("sftp -p 2222 host", ("the port is -P", "sftp -P")),
        ("scp -p a host:/b", ()),
        ("scp -P 2222 a host:/b", ()),
        ("ssh -P 2222 host work", ("-P is not the port", "ssh -p")),
        ("ssh -p 2222 host work", ()),
        # MySQL 8.4: -P is the port, -p the password
        ('mysqldump -h db -P "$DB_PASSWORD" shop', ("-P is the port, but it gets the password", "mysqldump -p")),
        ('mysql -h db -P "$DB_PORT" shop', ()),
        # MongoDB tools: without --authenticationDatabase, the user is looked for in --db
        (
            "mongodump --host db --username root --password x --db shop",
            ("user root in the database shop, not in admin", "--authenticationDatabase admin"),
        ),
        ("mongoexport --host=db -u admin -p x -d=shop -c a", ("user admin in the database shop",)),
        ('mongorestore -h db --username="root" --db="shop" dump', ("user root in the database shop",)),
        ("mongodump --host db --username app --password x --db shop", ()),
        ("mongodump --host db --username root --db admin", ()),
        ("mongodump --host db --username root", ()),
        ("mongodump --host db --db", ()),
        ("mongodump --username root --db shop --authenticationDatabase=admin", ()),
        ("mongodump --username root --db shop --uri mongodb://db/shop", ()),
        ("mongodump --username root --db shop --config /etc/mongo.yaml", ()),
        ("dump --username root --db shop", ()),
        # date: %M is the minute, %m the month, %D mm/dd/yy
        ('tar cf "/backup/$(date +%Y-%M-%d).tar" /data', ("%M is the minute, the month is %m", "date +%Y-%m-%d")),
        ("D=$(date +%y%M)", ("%M is the minute",)),
        ("D=$(date '+%Y-%m-%D')", ("%D is a whole date with slashes", "date +%Y-%m-%d")),
        ("D=$(date +%H:%m)", ("%m is the month, the minute is %M", "date +%H:%M")),
        ("D=$(date +%Y-%m-%d_%H-%m-%S)", ("the minute is %M", "date +%Y-%m-%d_%H-%M-%S")),
        ("D=$(date +%Y-%m-%d_%H-%M-%S)", ()),
        ("D=$(date +%Y%H%M)", ()),
        ("D=$(date +%Y-%d-%T-%M)", ()),
        ("D=$(date +%Y-%m-%d-%M)", ()),
        ("D=$(date +%d.%m.%H)", ()),
        ("D=$(date +%m-%d)", ()),
        ("D=$(date +%Y/%D)", ()),
        ("D=$(date)", ()),
        ("echo +%Y-%M-%d", ()),
        # restic 0.17: --remove-all also removes locks that are in use
        ("restic unlock --remove-all\nrestic backup /data", ("locks that a running backup uses", "removes only stale locks")),
        ("restic unlock\nrestic backup /data", ()),
        ("work unlock --remove-all", ()),
        # Functions and substitutions run as well
        ("f() {\n  ssh -P 22 host work\n}\nf", ("-P is not the port",)),
    ],
)
def test_an_option_means_something_else(script: str, phrases: tuple[str, ...]) -> None:
    said("JL777", script, phrases)


def test_one_finding_a_script() -> None:
    found = told("JL777", job_of("command: [sh, -c, 'ssh -P 22 a b; ssh -P 23 a b']\n"))
    assert found.count("-P is not the port") == 1 and "ssh -P 22 a b" in found


def test_a_job_that_removes_locks_is_usually_started_by_hand() -> None:
    words = "restic, unlock, --remove-all"
    (by_hand,) = report_of(job_of(f"command: [{words}]\n"), select=("JL777",)).findings
    assert by_hand.severity == "info" and by_hand.confidence == "hint"
    manifest = cronjob_of("0 3 * * *").replace("[./load]", f"[{words}]")
    (scheduled,) = report_of(manifest, select=("JL777",)).findings
    assert scheduled.severity == "warning" and scheduled.field.endswith("command[0]")
    assert "restic unlock --remove-all" in scheduled.message
    of_image = job_of("args: [unlock, --remove-all]\n", image="restic/restic:0.17.3")
    assert "removes only stale locks" in told("JL777", of_image)
    assert not told("JL777", job_of("args: [unlock, --remove-all]\n"))
    assert not told("JL777", job_of("args: [unlock]\n", image="restic/restic:0.17.3"))


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ('T=$(curl -s http://api | jq .token)\ncurl -H "X: $T" http://b', ("T", ".token")),
        ("T=$(jq '.auth.access_token' f)\nvault login ${T}", (".auth.access_token",)),
        ("T=$(jq .items[].name f)\nkubectl get pod $T", (".items[].name",)),
        ('T=$(jq -r .token f)\ncurl -H "X: $T" http://b', ()),
        ('T=$(jq -j .token f)\ncurl -H "X: $T" http://b', ()),
        ('T=$(jq -cr .token f)\ncurl -H "X: $T" http://b', ()),
        ('T=$(jq --raw-output .token f)\ncurl -H "X: $T" http://b', ()),
        ('T=$(jq --join-output .token f)\ncurl -H "X: $T" http://b', ()),
        ('T=$(jq --arg x y .token f)\ncurl -H "X: $T" http://b', (".token",)),
        ('T=$(jq -c .token f)\ncurl -H "X: $T" http://b', (".token",)),
        ('T=$(jq .token f | tr -d \'"\')\ncurl -H "X: $T" http://b', ()),
        ("T=$(jq .token f | sed 's/x//')\ncurl -H \"X: $T\" http://b", ()),
        ('T=$(jq .count f)\ncurl -H "X: $T" http://b', ()),
        ("T=$(jq '.a[0].name' f)\ncurl -H \"X: $T\" http://b", ()),
        ('T=$(jq .token f)\necho "$T"', ()),
        ("T=$(jq .token f)\ncurl http://b", ()),
        ('curl -d "$T" http://b\nT=$(jq .token f)', ()),
        ('jq .token f\ncurl -H "X: $T" http://b', ()),
        ('T=$(cat .token)\ncurl -H "X: $T" http://b', ()),
        ('T=x\ncurl -H "X: $T" http://b', ()),
    ],
)
def test_jq_prints_quotes_without_r(script: str, phrases: tuple[str, ...]) -> None:
    said("JL778", script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("trap 'rm -f /tmp/x' EXIT\nexec ./load", ("trap 'rm -f /tmp/x' EXIT", "exec ./load")),
        ("trap cleanup TERM EXIT\nexec ./load", ("trap cleanup TERM EXIT",)),
        ("exec ./load\ntrap cleanup EXIT", ()),
        ("trap cleanup TERM\nexec ./load", ()),
        ("trap - EXIT\nexec ./load", ()),
        ("trap '' EXIT\nexec ./load", ()),
        ("trap cleanup EXIT\nexec > /tmp/log", ()),
        ("trap cleanup EXIT\nexec -a x ./load", ()),
        ("trap cleanup EXIT\n./load", ()),
        ("trap cleanup EXIT\nif true; then exec ./load; fi", ()),
        ("trap EXIT\nexec ./load", ()),
    ],
)
def test_exec_loses_a_trap(script: str, phrases: tuple[str, ...]) -> None:
    said("JL779", script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("set -e\nkubectl delete job load\nkubectl create job load --image=x", ("kubectl delete job load --ignore-not-found",)),
        ("set -e\nkubectl -n shop delete jobs load\nkubectl -n shop create job load --image=x", ("--ignore-not-found",)),
        ("set -e\noc delete secret/api\noc create secret generic api", ("oc delete secret/api --ignore-not-found",)),
        ("set -e\nkubectl delete job load\nkubectl create job other --image=x", ()),
        ("set -e\nkubectl delete job load\noc create job load --image=x", ()),
        ("set -e\nkubectl delete job load\nkubectl create secret load", ()),
        ("set -e\nkubectl create job load --image=x\nkubectl delete job load", ()),
        ("set -e\nkubectl get job load\nkubectl delete job load\nkubectl create job load --image=x", ()),
        ("set -e\nkubectl get job other\nkubectl delete job load\nkubectl create job load --image=x", ("--ignore-not-found",)),
        ("set -e\nkubectl delete job load --ignore-not-found\nkubectl create job load --image=x", ()),
        ("set -e\nkubectl delete job -l app=load\nkubectl create job load --image=x", ()),
        ("set -e\nkubectl delete job load || true\nkubectl create job load --image=x", ()),
        ("set -e\nif kubectl delete job load; then echo; fi\nkubectl create job load --image=x", ()),
        ("kubectl delete job load\nkubectl create job load --image=x", ()),
        ("set -e\nkubectl delete job $JOB\nkubectl create job $JOB --image=x", ()),
        ("set -e\nhelm uninstall shop\nhelm install shop ./chart", ("helm uninstall shop --ignore-not-found",)),
        ("set -e\nhelm delete shop -n a\nhelm upgrade --install shop ./chart", ("--ignore-not-found",)),
        ("set -e\nhelm uninstall shop --ignore-not-found\nhelm install shop ./chart", ()),
        ("set -e\nhelm uninstall other\nhelm install shop ./chart", ()),
        ("set -e\nhelm uninstall shop\nhelm template shop ./chart", ()),
        ("set -e\nhelm uninstall $R\nhelm install $R ./chart", ()),
        ("set -e\ndropdb -h db shop\ncreatedb -h db shop", ("dropdb --if-exists",)),
        ("set -e\ndropdb --if-exists -h db shop\ncreatedb -h db shop", ()),
        ("set -e\ndropdb -h db shop\ncreatedb -h db other", ()),
        ("set -e\ndropdb -h db shop\npsql -h db shop", ()),
    ],
)
def test_a_deletion_fails_on_the_first_run(script: str, phrases: tuple[str, ...]) -> None:
    said("JL776", script, phrases)
