"""Which commands fail once what they create exists."""

from __future__ import annotations

import shlex

import pytest

from joblint.shell.creates import creation

FAILS = """
kubectl create secret generic tls --from-file=/tmp/tls
kubectl -n shop create configmap state --from-literal=a=b
oc new-project shop
helm install shop ./chart -n shop
createdb -h db shop
psql -h db -c "CREATE DATABASE shop"
psql --command="create role app login"
mysql -e "CREATE USER 'app'@'%' IDENTIFIED BY 'x'"
psql -c "CREATE UNIQUE INDEX i ON t (a)"
psql -c "CREATE INDEX CONCURRENTLY i ON t (a)"
aws s3 mb s3://reports
aws ecr create-repository --repository-name shop
mc mb m/loki
kafka-topics.sh --create --topic orders --bootstrap-server k:9092
vault secrets enable -path=kv kv-v2
restic init
python manage.py createsuperuser --noinput
mkdir /data/out
ln -s /data/a /data/b
git clone https://example.com/x.git
"""
MAY_BE_REPEATED = """
kubectl create secret generic tls --from-file=/tmp/tls --dry-run=client -o yaml
kubectl apply -f /manifests
kubectl create -f /manifests
kubectl create token default
helm upgrade --install shop ./chart
psql -c "CREATE TABLE IF NOT EXISTS t (a int)"
psql -c "CREATE OR REPLACE VIEW v AS SELECT 1"
psql -c "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)"
psql -c "CREATE INDEX ON t (a)"
psql -c "DROP TABLE IF EXISTS t; CREATE TABLE t (a int)"
psql -c "CREATE TEMP TABLE t (a int)"
mysql -e "SELECT 1"
aws s3 ls s3://reports
mc mb --ignore-existing m/loki
mc mb -p m/loki
kafka-topics.sh --create --if-not-exists --topic orders
restic backup /data
mkdir -p /data/out
mkdir -m 700 -p /data/out
ln -sf /data/a /data/b
git -C /data/x pull
"""


@pytest.mark.parametrize("line", FAILS.strip().splitlines())
def test_a_command_fails_once_what_it_creates_exists(line: str) -> None:
    name, *rest = shlex.split(line)
    assert creation(name, rest) is not None


@pytest.mark.parametrize("line", MAY_BE_REPEATED.strip().splitlines())
def test_a_command_may_be_repeated(line: str) -> None:
    name, *rest = shlex.split(line)
    assert creation(name, rest) is None


def test_a_name_that_only_the_run_knows_is_no_finding() -> None:
    assert creation("mkdir", [""]) is None
    assert creation("kubectl", ["create", "job", "", "--from=cronjob/x"]) is None
