"""What programs are for, by their names and words: wrappers, how much a failure matters, what they create and write."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from joblint.shell import statements, weight
from joblint.shell.creates import creation
from joblint.shell.grammar import parse
from joblint.shell.syntax import Command, Pipe, commands
from joblint.shell.wrappers import unwrap
from joblint.shell.writes import outputs, written

if TYPE_CHECKING:
    from joblint.shell.syntax import Node

NOTHING, LITTLE, WORK = weight.NOTHING, weight.LITTLE, weight.WORK


@pytest.mark.parametrize(
    ("line", "program", "bounded"),
    [
        ("load a", "load", False),
        ("tini -- load", "load", False),
        ("/sbin/tini -e 143 -- load", "load", False),
        ("env load", "load", False),
        ("env -i A=b C=d load", "load", False),
        ("env -u A load", "load", False),
        ("env A=b", "A=b", False),
        ("timeout 60 load", "load", True),
        ("timeout -k 5 60 load", "load", True),
        ("timeout --signal=KILL 60 load", "load", True),
        ("timeout 0 load", "load", False),
        ("timeout 0s load", "load", False),
        ("gtimeout 60 -- load", "load", True),
        ("nice -n 5 load", "load", False),
        ("gosu app load", "load", False),
        ("gosu app env A=b timeout 5 load", "load", True),
        ("exec -a name load", "load", False),
        ("command load", "load", False),
        ("command -v load", "command", False),
        ("command -V load", "command", False),
        ("sudo -u app - load", "-", False),
        ("poetry run load", "load", False),
        ("bundle exec load", "load", False),
        ("npm exec -- load", "load", False),
        ("uv run --frozen load", "load", False),
        ("poetry install load", "poetry", False),
        ("poetry run", "poetry", False),
        ("exec", "exec", False),
        ("flock -w 5 /lock load", "load", False),
        ("nice " * 8 + "load", "load", False),
        ("nice " * 9 + "load", "nice", False),
    ],
)
def test_wrappers(line: str, program: str, bounded: bool) -> None:
    words = line.split()
    for given in (words, tuple(words)):
        at, limited = unwrap(given)
        assert (given[at], limited) == (program, bounded)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/usr/bin/load a", "load"),
        ("/usr/local/bin/sync a", "sync"),
        ("/app/sync a", "/app/sync"),
        ("./sync a", "sync"),
        ("./export a", "./export"),
        ("bin/export a", "bin/export"),
        ("sync", "sync"),
        ("timeout 5 /app/export", "/app/export"),
        ("A=b", ""),
    ],
)
def test_the_program_of_a_command(line: str, name: str) -> None:
    (command,) = commands(parse(line))
    assert weight.program(command)[0] == name


@pytest.mark.parametrize(
    ("line", "much"),
    [
        ("echo a", NOTHING),
        ("log_info a", NOTHING),
        ("print_usage", NOTHING),
        ("mylog a", WORK),
        ("log-info a", WORK),
        ("mkdir a", LITTLE),
        ("git pull", LITTLE),
        ("git push", WORK),
        ("git clone x", WORK),
        ("pg_ctl stop", LITTLE),
        ("pg_ctl start", WORK),
        ("mysqladmin shutdown", LITTLE),
        ("mariadb-admin shutdown", LITTLE),
        ("mysqladmin create x", WORK),
        ("kubectl delete job a", LITTLE),
        ("kubectl -n a delete job b", LITTLE),
        ("kubectl apply -f delete", LITTLE),  # looks like one; the rules are silent rather than wrong
        ("kubectl apply -f a -n b -l delete", WORK),
        ("load delete", WORK),
        ("aws s3 ls", LITTLE),
        ("rclone lsf a:", LITTLE),
        ("load ls", WORK),
        ("psql -c '\\l'", LITTLE),
        ("psql -tc ' \\dt'", LITTLE),
        ("psql -l", LITTLE),
        ("psql --list", LITTLE),
        ("psql -c '\\l' -c 'DELETE'", WORK),
        ("psql -c DELETE -l", WORK),
        ("psql a", WORK),
        ("load --version", LITTLE),
        ("load help", LITTLE),
        ("load -x status", LITTLE),
        ("load --version --all", WORK),
        ("load", WORK),
        ("xargs rm", LITTLE),
        ("xargs -n 1 load", WORK),
        ("xargs -0 load", WORK),
        ("xargs echo", LITTLE),
        ("xargs", LITTLE),
        ("xargs xargs load", WORK),
        ("xargs xargs rm", LITTLE),
        ("A=b", NOTHING),
        ("A=$(load)", LITTLE),
        ("A=$(load | cat)", LITTLE),
        ("> x", NOTHING),
        ("timeout 5 load", WORK),
    ],
)
def test_how_much_a_failure_matters(line: str, much: int) -> None:
    found = next(iter(commands(parse(line))))
    assert weight.weight(found) == much
    if found.words and "$" not in line:
        assert weight.weight_of(found.words) == much
    assert weight.weight_of(()) == NOTHING


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("xargs -I {} load a", ["load", "a"]),
        ("xargs -n 1 -P 4 load", ["load"]),
        ("xargs -0 -r load", ["load"]),
        ("xargs", ["xargs"]),
        ("timeout 5 xargs load", ["load"]),
        ("load a", ["load", "a"]),
    ],
)
def test_behind_xargs(line: str, runs: list[str]) -> None:
    assert list(weight.behind_xargs(tuple(line.split()))) == runs


@pytest.mark.parametrize(
    ("line", "test", "notice"),
    [
        ("[ -f a ]", True, False),
        ("grep a b", True, False),
        ("curl http://a", True, True),
        ("curl -F a=b http://a", True, False),
        ("curl --upload-file a http://a", True, False),
        ("wget http://a", False, True),
        ("wget -q http://a", True, True),
        ("mail a", False, True),
        ("flock /a load", False, False),
        ("flock -n 9", True, False),
        ("restic a lock", True, False),
        ("redis-cli PING", True, False),
        ("redis-cli get a", False, False),
        ("mysqladmin ping", True, False),
        ("kubectl get a", True, False),
        ("oc wait a", True, False),
        ("kubectl apply -f a", False, False),
        ("aws s3 ls", True, False),
        ("docker inspect a", True, False),
        ("docker run a b ls", False, False),
        ("load ls", False, False),
    ],
)
def test_tests_and_notices(line: str, test: bool, notice: bool) -> None:
    (command,) = commands(parse(line))
    assert (weight.is_test(command), weight.is_notice(command)) == (test, notice)


def _node(script: str) -> Node:
    return parse(script).parts[0]


@pytest.mark.parametrize(
    ("script", "fails"),
    [
        ("{ exit 1; }", True),
        ("{ return 1; }", True),
        ("{ exit 0; }", False),
        ("{ exit; }", True),
        ("{ echo a; exit; }", False),
        ("{ printf a; exit; }", False),
        ("{ echo a; exit 1; }", True),
        ("false", True),
        ("kill 1", True),
        ("break", True),
        ("FAILED=1", True),
        ("export A=b", True),
        ("((n++))", True),
        ("die", True),
        ("echo a", False),
        ("sleep 5", False),
    ],
)
def test_a_branch_that_makes_a_failure_known(script: str, fails: bool) -> None:
    assert statements.fails_on_purpose(_node(script)) == fails


@pytest.mark.parametrize(
    ("script", "harmless", "after", "forced", "ends"),
    [
        ("echo a", True, True, False, False),
        ("sleep 5", True, True, False, False),
        ("A=b", False, False, False, False),
        ("true", True, True, True, False),
        (":", True, True, True, False),
        ("/bin/true", True, True, True, False),
        ("exit 0", True, True, True, True),
        ("return 0", True, True, True, True),
        ("exit 1", True, False, False, True),
        ("A=b true", False, False, False, False),
        ("rm a", False, True, False, False),
        ("curl http://a", False, True, False, False),
        ("load", False, False, False, False),
        ("{ true; }", True, True, False, False),
    ],
)
def test_what_a_statement_is_for(script: str, harmless: bool, after: bool, forced: bool, ends: bool) -> None:
    node = _node(script)
    found = [f(node) for f in (statements.is_harmless, statements.is_aftercare, statements.is_forced, statements.is_exit)]
    assert found == [harmless, after, forced, ends]


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("[ $? -eq 3 ]", True),
        ("! [ -f a ]", True),
        ("{ load; [ -f a ]; }", True),
        ("{ [ -f a ]; load; }", False),
        ("load | grep -q a", True),
        ("grep a b | load", False),
        ("load && [ -f a ]", True),
        ("[ -f a ] && load", False),
        ("curl http://a", False),
        ("for i in a; do [ -f a ]; done", False),
    ],
)
def test_a_statement_that_answers_a_question(script: str, answers: bool) -> None:
    assert statements.is_answer(_node(script)) == answers


@pytest.mark.parametrize(
    ("reader", "quits"),
    [
        ("head -1", True),
        ("grep -q a", True),
        ("grep -m1 a", True),
        ("grep --quiet a", True),
        ("grep --max-count a", True),
        ("grep a", False),
        ("grep --mmap a", False),
        ("pg_restore -l", True),
        ("pg_restore --list", True),
        ("pg_restore -d a", False),
        ("sed 5q", True),
        ("sed -n '/a/{p;q}'", True),
        ("sed '1p;q;d'", True),
        ("sed s/a/b/", False),
        ("awk '{print; exit}'", True),
        ("awk '{print}'", False),
        ("cat", False),
        ("{ head -1; }", False),
    ],
)
def test_a_reader_that_quits_early(reader: str, quits: bool) -> None:
    pipe = _node(f"load | {reader}")
    assert isinstance(pipe, Pipe) and statements.quits_early(pipe.parts[-1]) == quits


@pytest.mark.parametrize(
    ("script", "dooms"),
    [
        ("load || echo failed && exit 1", True),
        ("load || true && return 2", True),
        ("load || echo failed && exit 0", False),
        ("load || echo failed && exit", False),
        ("load || echo failed && exit $?", False),
        ("load || echo failed && exit $CODE", False),
        ("load || ./again && exit 1", False),
        ("load || exit 2 && exit 1", False),
        ("load && exit 1", False),
        ("load && echo a && exit 1", False),
        ("load || echo failed || exit 1", False),
        ("load || echo failed && { exit 1; }", False),
    ],
)
def test_and_after_or_also_exits_after_success(script: str, dooms: bool) -> None:
    assert statements.dooms(_node(script)) == dooms


def test_what_follows_work() -> None:
    assert statements.what_follows(parse("load; echo a; rm b; echo c").parts) == (1, (0, 2, 2, 3))
    assert statements.what_follows(parse("echo a").parts) == (0, (0,))
    assert statements.what_follows(()) == (0, ())


@pytest.mark.parametrize(
    ("script", "only", "leaves", "asks"),
    [
        ("exit 1", True, True, False),
        ("{ echo a; exit 1; }", True, True, False),
        ("{ load; exit 1; }", False, True, False),
        ("echo a", False, False, False),
        ("break", False, True, False),
        ("read A", False, False, True),
        ("grep a", False, False, True),
        ("grep -v a", False, False, False),
    ],
)
def test_exits_and_questions(script: str, only: bool, leaves: bool, asks: bool) -> None:
    node = _node(script)
    assert (statements.only_exits(node), statements.leaves(node)) == (only, leaves)
    assert not isinstance(node, Command) or statements.asks(node) == asks


@pytest.mark.parametrize(
    ("line", "what", "instead"),
    [
        ("kubectl create ns a", 'the Namespace "a"', "--dry-run=client -o yaml | kubectl apply -f -"),
        ("kubectl create secret generic a", 'the Secret "a"', ""),
        ("kubectl create secret a", 'the Secret "a"', ""),
        ("kubectl create secret generic", 'the Secret "generic"', ""),
        ("kubectl create quota a --hard=pods=1", 'the quota "a"', ""),
        ("kubectl create", "", ""),
        ("kubectl create widget a", "", ""),
        ("kubectl create ns", "", ""),
        ("kubectl delete ns a", "", ""),
        ("oc new-project a", 'the project "a"', "oc get project a || oc new-project a"),
        ("oc new-project ''", "", ""),
        ("helm install a ./c", 'the release "a"', "helm upgrade --install a …"),
        ("helm install ./c", "", ""),
        ("helm install '' ./c", "", ""),
        ("helm install -g a ./c", "", ""),
        ("helm install --generate-name=true a ./c", "", ""),
        ("helm install a ./c --dry-run", "", ""),
        ("createdb", "the database", "psql -lqt | cut -d '|' -f 1 | grep -qw <name> || createdb"),
        ("createdb -h db -U app shop", 'the database "shop"', "psql -h db -U app -lqt | cut"),
        ("createdb -h db -O app shop", 'the database "shop"', "psql -h db -lqt | cut"),
        ("createdb shop", 'the database "shop"', "grep -qw shop || createdb shop"),
        ("createdb -h '' shop", 'the database "shop"', "psql -lqt | cut -d '|' -f 1 | grep -qw shop || createdb …"),
        ("createdb -h ''", "the database", "grep -qw <name> || createdb …"),
        ("createdb ''", "", ""),
        ("createdb --help", "", ""),
        ("createdb --version", "", ""),
        ("createuser -h db app", 'the role "app"', "grep -q 1 || createuser"),
        ("createuser", "", ""),
        ("createuser ''", "", ""),
        ("mysql -e 'CREATE TABLE a (b INT)'", 'the table "a"', "CREATE TABLE IF NOT EXISTS"),
        ("mysql --execute='create database a'", 'the database "a"', "CREATE DATABASE IF NOT EXISTS"),
        ("mysql -e", "", ""),
        ("mysql -e 'CREATE USER a@b'", 'the user "a"', ""),
        ("mysql -e 'CREATE TABLE a(b INT)'", 'the table "a"', ""),
        ("mysql -e 'SELECT 1; CREATE TABLE a (b INT)'", 'the table "a"', ""),
        ("mysql -e 'CREATE a'", "", ""),
        ("mysql -e 'CREATE WIDGET a'", "", ""),
        ("mysql -e 'SELECT 1 WHERE NOT EXISTS a; CREATE TABLE a (b INT)'", "", ""),
        ("psql -c 'DO $x$ CREATE TABLE a (b INT)'", "", ""),
        ("psql -c 'BEGIN; CREATE TABLE a (b INT)'", "", ""),
        ("psql -c 'CREATE TABLE a (b INT)' -c 'SELECT 1'", "", ""),  # the last action gives the exit code
        ("psql -c 'SELECT 1' -c 'CREATE TABLE a (b INT)'", 'the table "a"', ""),
        ("psql -v ON_ERROR_STOP=1 -c 'CREATE TABLE a (b INT)' -c 'SELECT 1'", 'the table "a"', ""),
        ("psql -c 'CREATE TABLE a (b INT)' -f x", "", ""),
        ("psql -c 'CREATE UNLOGGED TABLE a (b INT)'", 'the table "a"', ""),
        ("psql -c 'CREATE GLOBAL TEMPORARY TABLE a (b INT)'", "", ""),
        ("aws s3 mb s3://a", 'the bucket "a"', "aws s3 ls s3://a || aws s3 mb s3://a"),
        ("aws s3 mb", "", ""),
        ("aws s3 mb ''", "", ""),
        ("aws s3api create-bucket --bucket a", 'the bucket "a"', "<check> || aws s3api create-bucket"),
        ("aws dynamodb create-table --table-name a", 'the table "a"', ""),
        ("aws secretsmanager create-secret --name a", 'the secret "a"', ""),
        ("aws secretsmanager create-secret --name", "", ""),
        ("aws secretsmanager create-secret --name ''", "", ""),
        ("mc mb a/b", 'the bucket "a/b"', "mc mb --ignore-existing a/b"),
        ("mc mb", "", ""),
        ("mc mb ''", "", ""),
        ("mc ls a/b", "", ""),
        ("gsutil mb -l eu gs://a", 'the bucket "gs://a"', "gsutil ls gs://a || gsutil mb gs://a"),
        ("gsutil ls gs://a", "", ""),
        ("gsutil mb", "", ""),
        ("gsutil mb ''", "", ""),
        ("s3cmd mb s3://a", 'the bucket "s3://a"', "s3cmd ls s3://a || s3cmd mb s3://a"),
        ("kafka-topics --create --topic a", 'the topic "a"', "--if-not-exists"),
        ("kafka-topics --create --topic ''", "", ""),
        ("kafka-topics --create --topic", "", ""),
        ("kafka-topics --list --topic a", "", ""),
        ("vault secrets enable kv", "the secrets engine at kv/", "vault secrets list | grep -q '^kv/' || vault secrets enable"),
        ("bao auth enable --path=k kubernetes", "the auth method at k/", "vault auth list"),
        ("vault secrets enable", "", ""),
        ("vault secrets list x", "", ""),
        ("restic -r /a init", "the repository", "restic cat config || restic init"),
        ("restic init x", "", ""),
        ("borg init -e none /a", "the repository", "borg info || borg init"),
        ("borg init", "the repository", ""),
        ("borg init ''", "", ""),
        ("borg list", "", ""),
        ("python3 manage.py createsuperuser", "the superuser", "a data migration"),
        ("django-admin createsuperuser", "the superuser", ""),
        ("python app.py createsuperuser", "", ""),
        ("python manage.py migrate", "", ""),
        ("python manage.py", "", ""),
        ("mkdir a", "the directory a", "mkdir -p a"),
        ("mkdir -m 700 a", "the directory a", ""),
        ("mkdir a b", "", ""),
        ("mkdir --parents a", "", ""),
        ("ln -s a b", "the link b", "ln -sfn a b"),
        ("ln -s '' b", "the link b", "ln -sfn … b"),
        ("ln -s a", "", ""),
        ("ln -s a ''", "", ""),
        ("ln --force -s a b", "", ""),
        ("ln -t a b c", "", ""),
        ("git clone https://a/b.git", "the directory b", "rm -rf b && git clone … b"),
        ("git clone https://a/b/ c", "the directory c", ""),
        ("git clone --depth 1 https://a/b/", "the directory b", ""),
        ("git clone https://a/b .", "the directory .", "git -C <directory> pull || git clone …"),
        ("git -C x clone https://a/b", "", ""),
        ("git clone", "", ""),
        ("git clone ''", "", ""),
        ("git pull x", "", ""),
        ("load create ns a", "", ""),
    ],
)
def test_what_is_created(line: str, what: str, instead: str) -> None:
    name, *rest = shlex.split(line)
    found = creation(name, rest)
    assert (found.what if found else "") == what
    assert found is None or instead in found.instead


def test_a_command_may_do_more_after_what_it_creates() -> None:
    more, last = (
        creation("mysql", ["-e", "CREATE TABLE a (b INT); SELECT 1"]),
        creation("mysql", ["-e", "CREATE TABLE a (b INT); "]),
    )
    assert more is not None and more.more and last is not None and not last.more
    whole = creation("psql", ["-c", "CREATE TABLE a (b INT); SELECT 1"])  # one transaction
    assert whole is not None and not whole.more
    assert creation("mkdir", ["/a"]) and creation("mkdir", ["/a"]).path == "/a"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("truncate -s 0 /a", ["/a"]),
        ("install -m 755 /a /b", ["/b"]),
        ("cp /a", []),
        ("mv /a", []),
        ("perl -pi -e s/a/b/ /a", ["/a"]),
        ("perl -i -pe s/a/b/ /a", ["/a"]),
        ("perl -pe s/a/b/ /a", []),
        ("sed --in-place s/a/b/ /a", ["/a"]),
        ("wget -O - http://a", []),
        ("wget -P /a http://b", ["/a"]),
        ("wget --directory-prefix=/a http://b", ["/a"]),
        ("etcdctl snapshot restore /a", []),
        ("apk add curl", ["/lib/apk/db"]),
        ("apk info curl", []),
        ("apt-get update", ["/var/lib/apt/lists"]),
        ("apt-get install x", ["/var/lib/apt/lists"]),
        ("apt list", []),
        ("python manage.py dumpdata --output=/a", ["/a"]),
        ("python app.py dumpdata -o /a", []),
        ("python manage.py migrate -o /a", []),
        ("npm ci", ["node_modules"]),
        ("yarn install", ["node_modules"]),
        ("npm install -g x", []),
        ("npm install --global x", []),
        ("npm install --prefix=/a", []),
        ("npm run build", []),
        ("composer install", ["vendor"]),
        ("composer update", ["vendor"]),
        ("composer dump", []),
        ("terraform init", [".terraform"]),
        ("terraform -chdir=/a init", []),
        ("tofu plan", []),
        ("consul snapshot save /a", ["/a"]),
        ("consul snapshot inspect /a", []),
        ("vault save /a", []),
        ("influx backup /a", ["/a"]),
        ("influxd backup", []),
        ("influx restore /a", []),
        ("pip3 install --user x", []),
        ("pip download x", []),
        ("mktemp", ["/tmp"]),
        ("mktemp -d", ["/tmp"]),
        ("mktemp -p /a", ["/a"]),
        ("mktemp --tmpdir=/a x.XXX", ["/a"]),
        ("mktemp -d /a/x.XXX", ["/a"]),
        ("mktemp x.XXX", []),
        ("tar --create --file /a /b", ["/a"]),
        ("tar -cvf /a /b", ["/a"]),
        ("tar cvz /b", []),
        ("tar -xf /a", []),
        ("pg_dump -f /a shop", ["/a"]),
        ("mysqldump --result-file=/a shop", ["/a"]),
        ("pg_basebackup -D /a", ["/a"]),
        ("curl -o", []),
        ("load --output /a", ["/a"]),
        ("load --out=/a", ["/a"]),
        ("load --output a", []),
        ("load -o /a", []),
        ("touch /proc/a /dev/b -- -c", []),
        ("tee - /a", ["/a"]),
    ],
)
def test_more_of_what_is_written(line: str, paths: list[str]) -> None:
    name, *rest = line.split()
    assert list(written(name, rest)) == paths


def test_outputs_are_absolute_paths_of_long_options() -> None:
    assert outputs(["--report-file=/a", "--out", "b"]) == ["/a"]
    assert outputs(["-o", "/a"]) == []
