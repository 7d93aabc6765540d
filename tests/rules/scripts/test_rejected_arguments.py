"""Arguments that programs reject, as their sources say."""

from __future__ import annotations

import pytest

from joblint.rules.workload.arguments import Arguments
from tests.rules.helper import job_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("pg_dump -j 4 shop", ("only the directory format", "--format=directory --jobs=4")),
        ("pg_dump --jobs=4 -Fc shop", ("only the directory format",)),
        ("pg_dump -j4 -Fd -f /d shop", ()),
        ("pg_dump -j 1 shop", ()),
        ('pg_dump -j 4 -F "$F" shop', ()),
        ("pg_dump -j 4 $OPTIONS shop", ()),
        ("pg_dump -Fd shop", ("the directory format needs --file", "--file=<directory>")),
        ("pg_dump --format=directory shop", ("the directory format needs --file",)),
        ("pg_dump -Fd --file=/d shop", ()),
        ("pg_dump -Fd $OPTIONS shop", ()),
        ("pg_dump -a -s shop", ("--schema-only and --data-only exclude each other",)),
        ("pg_dump -as shop", ("--schema-only and --data-only",)),
        ("pg_dump --data-only --clean shop", ("--clean and --data-only exclude each other",)),
        ("pg_dump -c shop", ()),
        ("pg_dump -a shop", ()),
        ("pg_dump --if-exists shop", ("--if-exists needs --clean", "pg_dump --clean --if-exists")),
        ("pg_dump --if-exists -c shop", ()),
        ("pg_dump --if-exists $OPTIONS", ()),
        ("pg_dump --help -a -s", ()),
        ("pg_restore -d shop -f a b", ("--dbname and --file exclude each other",)),
        ("pg_restore a", ()),  # the tag of the image is that of an old release
        ("pg_restore -l a", ()),
        ("pg_restore -f - a", ()),
        ("pg_restore $OPTIONS a", ()),
        ("pg_restore -1 -j 4 -d shop a", ("several jobs cannot share a transaction",)),
        ("pg_restore -1 -d shop a", ()),
        ("pg_restore -j 4 -d shop a", ()),
        ("pg_restore --if-exists -d shop a", ("pg_restore --clean --if-exists",)),
        ("psql -1 shop", ("--single-transaction needs --command or --file",)),
        ("psql --single-transaction -f a", ()),
        ("psql -1 -c a", ()),
        ("psql -1 $OPTIONS", ()),
        ("vacuumdb -a shop", ("--all and the name of a database exclude each other",)),
        ("reindexdb --all -d shop", ("--all and the name",)),
        ("vacuumdb -a -h db", ()),
        ("vacuumdb --all $OPTIONS", ()),
        ("vacuumdb shop", ()),
        ("mysqldump --all-databases shop", ("--all-databases and the name of a database exclude each other",)),
        ("mysqldump -A -u=x shop", ("--all-databases and the name",)),
        ("mariadb-dump --all-databases a shop", ("--all-databases and the name",)),
        ("mysqldump --all-databases -h db", ()),
        ("mysqldump --all-databases", ()),
        ("mysqldump shop --all-databases", ()),
        ('mysqldump --all-databases "$DB"', ()),
        ("mysqldump --databases shop", ()),
        ("mongodump --archive=a -o b", ("--archive and --out exclude each other",)),
        ("mongodump --archive=a", ()),
        ("mongodump --oplog -d shop", ("--oplog only works for all databases",)),
        ("mongodump --oplog", ()),
        ("mongodump -c a", ("--collection needs --db",)),
        ("mongodump -c a -d b", ()),
        ("mongodump -c a --uri mongodb://b/c", ()),
        ("mongodump -c a --config b", ()),
        ("mongodump -c a $OPTIONS", ()),
        ("mongodump --uri mongodb://a/b -d c", ("--db is c, but the URI names the database b", "--uri=mongodb://a/ --db=c")),
        (
            "mongorestore --uri 'mongodb://u:p@a/b?x=y' --db c",
            ("--uri=mongodb://…@a/?authSource=b&x=y --db=c",),
        ),
        ("mongoexport --uri 'mongodb://u:p@a/b?authSource=z' --db c", ("--uri=mongodb://…@a/?authSource=z --db=c",)),
        ("mongoexport --uri mongodb://a/b -u x --db c", ("--uri=mongodb://a/?authSource=b --db=c",)),
        ("mongoexport --uri mongodb://u:p@a/b --authenticationDatabase=z --db c", ("--uri=mongodb://…@a/ --db=c",)),
        ("mongodump --uri mongodb://a/b -d b", ()),
        ("mongodump --uri mongodb://a -d b", ()),
        ('mongodump --uri "mongodb://a/$B" -d b', ()),
        ("mongodump --uri mongodb://a --host c", ("--host is c, but the URI names a", "Remove --host.")),
        ("mongodump --uri mongodb://a:1 --host a:2", ()),
        ("mongodump --uri mongodb://a --host rs/c", ()),
        ('mongodump --uri mongodb://a --host "$C"', ()),
        ("mongodump --host c", ()),
        # kubectl
        ("kubectl apply", ("apply needs -f or -k", "kubectl apply -f <file>")),
        ("oc replace -n a", ("replace needs -f or -k",)),
        ("kubectl apply -f a", ()),
        ("kubectl apply view-last-applied job/a", ()),
        ("kubectl apply $OPTIONS", ()),
        ("kubectl patch job a", ("patch needs --patch or --patch-file",)),
        ("kubectl patch job a -p '{}'", ()),
        ("kubectl patch job a --patch-file=b", ()),
        ("kubectl scale deploy a", ("scale needs --replicas", "kubectl scale deploy a --replicas=<number>")),
        ("kubectl scale deploy a --replicas=1", ()),
        ("kubectl delete job a --all", ("a name and --all exclude each other",)),
        ("kubectl get job a -l b=c", ("a name and a selector exclude each other",)),
        ("kubectl wait job a --all=true", ("a name and --all",)),
        ("kubectl get job a b", ()),
        ("kubectl get job/a -l b=c", ()),
        ('kubectl get job "$A" -l b=c', ()),
        ("kubectl logs job a -l b=c", ()),
        ("kubectl delete job -f b --all", ()),
        ("kubectl delete jobs --all -l a=b", ("--all and a selector exclude each other",)),
        ("kubectl get jobs --all -l a=b", ()),
        ("kubectl get job a -A", ("an object cannot be read by its name", "kubectl get job a --namespace=<namespace>")),
        ("kubectl get job a --all-namespaces", ("an object cannot be read",)),
        ("kubectl get jobs -A", ()),
        ("kubectl get node a -A", ()),
        ("kubectl delete job a -A", ()),
        # aws
        ("aws s3 sync a s3://b --recursive", ("sync has no option --recursive",)),
        ("aws s3 cp a s3://b --recursive", ()),
        ("aws s3 cp a b", ("neither path is an s3:// URI", "aws s3 cp a s3://b")),
        ("aws s3 mv a /b --region x", ("aws s3 mv a s3://b",)),
        ("aws s3 cp - b", ()),
        ('aws s3 cp a "$B"', ()),
        ("aws s3 cp a b $OPTIONS", ()),
        ("aws s3 cp a", ()),
        ("aws s3 ls a b", ()),
        ("aws ec2 cp a b", ()),
        # etcdctl
        ("etcdctl --endpoints=a,b snapshot save c", ("a snapshot comes from one member", "--endpoints=a")),
        ("etcdctl --endpoints=a snapshot save c", ()),
        ("etcdctl --endpoints=a, snapshot save c", ()),
        ("etcdctl --endpoints=a,b snapshot status c", ()),
        ("etcdctl --endpoints=a,b endpoint save", ()),
        # tar
        ("tar -cxf a", ("-c and -x exclude each other",)),
        ("tar -tcf a", ("-t and -c exclude each other",)),
        ("tar -cfz a.tar.gz b", ("-f takes z as the name of the archive", "tar -czf a.tar.gz")),
        ("tar -fcz a.tgz b", ("tar -czf a.tgz",)),
        ("tar -cfz a b", ()),
        ("tar -cfq a.tar", ()),
        ("tar -czf a.tar.gz b", ()),
        ("tar -cf", ()),
        ("tar cxf a", ()),
        ("tar --cxf a", ()),
        ("tar", ()),
        # curl
        ("curl -I -d a http://b", ("--head and --data are different methods",)),
        ("curl -F a=b --data c http://b", ("--data and --form are different methods", "Remove --data or --form.")),
        ("curl -sI http://b", ()),
        ("curl -G -d a -I http://b", ()),
        ("curl -I http://b --next -d a http://c", ()),
        # rsync
        ("rsync -a a:/b c:/d", ("cannot both be on other hosts",)),
        ("rsync -a rsync://a/b c:d", ("cannot both be on other hosts",)),
        ("rsync -a -e ssh a:/b /c", ()),
        ("rsync -a a:/b ./c:d", ()),
        ('rsync -a a:/b "$C:/d"', ()),
        ("rsync -a a:/b c:/d e", ()),
        ("rsync -a :a :b", ()),
    ],
)
def test_arguments_that_are_rejected(line: str, phrases: tuple[str, ...]) -> None:
    said("JL906", line, phrases)


def test_arguments_of_other_calls() -> None:
    assert told("JL906", job_of(script_of("A=$(pg_dump -a -s shop)\n")))
    assert told("JL906", job_of("command: [pg_dump, -a, -s, shop]\n"))
    assert not told("JL906", job_of("command: [pg_dump, -a, -s, '{{shop}}']\n"))
    assert not told("JL906", job_of("command: [pg_dump, -a, -s, 'shop}}']\n"))
    found = told("JL906", job_of(script_of("pg_dump -a -s a\npg_dump -a -s b\n")))
    assert "-s a" in found and "-s b" not in found
    assert not told("JL906", job_of(script_of("pg_restore a"), image="postgres:11-alpine"))
    assert "needs --dbname or --file" in told("JL906", job_of(script_of("pg_restore a"), image="postgres:12"))
    env = 'env:\n- {name: ETCDCTL_ENDPOINTS, value: "a,b"}\n'
    found = told("JL906", job_of(script_of("etcdctl snapshot save c") + env))
    assert 'env:\n- {name: ETCDCTL_ENDPOINTS, value: "a"}' in found


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("-j 4", "4"),
        ("-j4", "4"),
        ("-j=4", "4"),
        ("-vj4", "4"),
        ("-vj 4", "4"),
        ("-j", ""),
        ("--jobs 4", "4"),
        ("--jobs=4", "4"),
        ("--jobs", ""),
        ("--jobs= 4", ""),
        ("-fj4", None),
        ("-v.j4", None),
        ("--job 4", None),
        ("x j", None),
        ("-v", None),
    ],
)
def test_the_value_of_an_option(line: str, value: str | None) -> None:
    given = Arguments(tuple(line.split()), {}, ("", ""))
    assert given.value("-j", "--jobs", takes="jf") == value
    assert given.has("-j", "--jobs", takes="jf") == (value is not None)
    assert given.value("-v") in ("", None)


def test_operands_and_words() -> None:
    given = Arguments(("-n", "a", "'b c'", "-", "-x", "d"), {}, ("", ""))
    assert given.operands(frozenset(["-n"])) == ["b c", "-", "d"] and given.operands() == ["a", "b c", "-", "d"]
    assert given.complete
    for word in ("$A", '"$@"', '"${A[@]}"'):
        assert not Arguments(("a", word), {}, ("", "")).complete
    assert Arguments(("a", '"$A"'), {}, ("", "")).complete
