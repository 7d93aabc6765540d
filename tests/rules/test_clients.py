"""Programs that are called without what they need, and statuses that do not arrive."""

from __future__ import annotations

import pytest

from joblint.shell.curl import ignores_http_errors

from .helper import job_of, script_of, warnings_of


def _warnings(container: str, pod: str = "", image: str = "example.com/etl:1.4.2") -> set[str]:
    return warnings_of(job_of(container, pod=pod, image=image))


def _script(text: str, options: str = "-ec") -> str:
    return script_of(text, "bash", options)


@pytest.mark.parametrize(
    ("line", "ignores"),
    [
        ("curl http://app/run", True),
        ("curl -sS -X POST http://app/run", True),
        ("curl -XPOSTf http://app/run", True),  # f belongs to the method's name
        ("curl -fsS http://app/run", False),
        ("curl -sSLf http://app/run", False),
        ("curl --fail-with-body http://app/run", False),
        ("curl -s -o /dev/null -w %{http_code} http://app/run", False),
        ("curl -X DELETE http://app/run", False),
        ("curl -K options http://app/run", False),
        ("curl ftp://files/x", False),
    ],
)
def test_curl_that_ignores_http_errors(line: str, ignores: bool) -> None:
    assert ignores_http_errors(line.split()[1:]) is ignores


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("curl -s http://app/run", True),
        ("for i in a b; do curl -s http://app/$i; done", True),
        ("curl -sL http://files/x.csv -o /tmp/x\n/app/import /tmp/x", True),
        # Its answer is read, its status is asked for in a loop, or it only tells of what has been done.
        ("curl -s http://app/run | grep -q ok", False),
        ('X=$(curl -s http://app/run)\n[ "$X" = ok ]', False),
        ("until curl -s http://app/health; do sleep 2; done\n/app/run", False),
        ("/app/run\ncurl -s -X POST http://hooks/done", False),
        ("curl -s http://app/run || true", False),
        ("if curl -s http://app/run; then echo ok; else exit 1; fi", True),
        ("if curl -fs http://app/run; then echo ok; else exit 1; fi", False),
        ("for i in 1 2 3; do if curl -s http://app; then break; else exit 1; fi; done\n/app/run", False),
    ],
)
def test_http_errors(script: str, told: bool) -> None:
    assert ("JL735" in _warnings(_script(script))) is told


def test_the_curl_image_is_curl() -> None:
    assert "JL735" in _warnings('args: [-s, "http://app/run"]\n', image="curlimages/curl:8.9.1")
    assert "JL735" not in _warnings('args: [-fs, "http://app/run"]\n', image="curlimages/curl:8.9.1")


@pytest.mark.parametrize(
    ("command", "pod", "told"),
    [
        ("kubectl get pods", "automountServiceAccountToken: false\n", True),
        ("helm upgrade x ./chart", "automountServiceAccountToken: false\n", True),
        ("kubectl get pods", "automountServiceAccountToken: true\n", False),
        ("kubectl --kubeconfig /k get pods", "automountServiceAccountToken: false\n", False),
        ("kubectl version --client", "automountServiceAccountToken: false\n", False),
        ("helm template ./chart", "automountServiceAccountToken: false\n", False),
        ("export KUBECONFIG=/tmp/k; /app/login > /tmp/k; kubectl get pods", "automountServiceAccountToken: false\n", False),
    ],
)
def test_the_api_without_a_token(command: str, pod: str, told: bool) -> None:
    assert ("JL736" in _warnings(_script(command), pod)) is told


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("psql -c VACUUM", True),
        ("pg_dump -U app app > /tmp/x.sql", True),
        ("mysqldump --all-databases > /tmp/x.sql", True),
        ("psql -h db -c VACUUM", False),
        ("psql -hdb -c VACUUM", False),
        ("psql --host=db -c VACUUM", False),
        ("psql $DATABASE_URL -c VACUUM", False),
        ("psql 'host=db dbname=app' -c VACUUM", False),
        ("export PGHOST=db; psql -c VACUUM", False),
        ("pg_ctl start -D /data; psql -c VACUUM", False),
        ("mysql --defaults-file=/etc/my.cnf -e 'SELECT 1'", False),
        ("kubectl exec db-0 -- psql -c VACUUM", False),
        ('mysql -u root -p"$PASS" -e "CALL x()"', True),
        ('mysql -u root -h"$HOST" -p"$PASS" -e "CALL x()"', False),
        ("redis-cli FLUSHDB", True),
        ("redis-cli -h redis FLUSHDB", False),
        ("redis-cli -u redis://redis FLUSHDB", False),
        ("mongosh --eval 'db.x.drop()'", True),
        ("mongosh mongodb://db/app --eval 'db.x.drop()'", False),
        ("mongosh --nodb --eval 1", False),
    ],
)
def test_clients_of_databases(script: str, told: bool) -> None:
    assert ("JL737" in _warnings(_script(script), image="postgres:16.4")) is told
    # An image of somebody's own may set a host itself.
    assert "JL737" not in _warnings(_script(script))


def test_a_server_may_run_beside_the_client() -> None:
    assert "JL737" not in _warnings(_script("psql -c VACUUM"), "hostNetwork: true\n", "postgres:16.4")
    sidecar = "initContainers:\n- name: proxy\n  image: example.com/proxy:1\n  restartPolicy: Always\n"
    assert "JL737" not in _warnings(_script("psql -c VACUUM"), sidecar, "postgres:16.4")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("find /d -name '*.csv' -exec /app/import {} \\;", True),
        ("find /d -name '*.csv' -exec /app/import {} +", False),
        ("find /d -mtime +7 -exec rm -f {} \\;", False),
        ("find /d -name '*.csv' -exec gzip {} \\;", False),
        ("export TOKEN=$(/app/token)\n/app/run", True),
        ('f() { local x="$(/app/token)"; /app/run "$x"; }\nf', True),
        ("export TODAY=$(date +%F)\n/app/run", False),
        ('export TOKEN=$(/app/token)\n[ -n "$TOKEN" ]\n/app/run', False),
        ("TOKEN=$(/app/token)\nexport TOKEN\n/app/run", False),
        ("set +e\nexport TOKEN=$(/app/token)\nset -e\n/app/run", False),
        ("while true; do\n  sleep 9\n  export OK=$(/app/ask)\n  [ $OK = yes ] && break\ndone\n/app/run", False),
    ],
)
def test_statuses_that_are_not_passed_on(script: str, told: bool) -> None:
    assert ("JL738" in _warnings(_script(script))) is told


@pytest.mark.parametrize(("off", "told"), [("", True), ("set +e\n", False), ("set +e\ndate\nset -e\n", True)])
def test_arithmetic_while_set_e_is_off(off: str, told: bool) -> None:
    script = f"n=0\nfor f in /in/*; do\n/app/load $f\nif [ $n -lt 9 ]; then\n{off}((n++))\nset -e\nfi\ndone\n"
    assert ("JL756" in _warnings(_script(script))) is told


@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("(cd /app && ./migrate || exit 1)\necho done", "JL704"),
        ("{ cd /app && ./migrate || exit 1; }\necho done", ""),
        ("(cd /app && ./migrate || exit 1)", ""),
        ("cat ids | xargs -n 1 /app/process\necho done", "JL704"),
        ("cat ids | xargs -n 1 echo\necho done", ""),
    ],
)
def test_an_exit_in_a_subshell_ends_the_subshell(script: str, rule: str) -> None:
    found = {r for r in _warnings(_script(script, "-c")) if r in ("JL702", "JL704", "JL705")}
    assert found == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("cat ids | while read id; do /app/x $id || fail=1; done\nexit ${fail:-0}", True),
        ("fail=0\ncat ids | while read id; do /app/x $id || fail=1; done\n[ $fail = 0 ]", True),
        ("while read id; do /app/x $id || fail=1; done < ids\nexit ${fail:-0}", False),
        ("cat ids | while read id; do n=1; echo $n; done\nexit 0", False),
        ("cat ids | while read id; do fail=1; done\nfail=0\nexit $fail", False),
        ("cat ids | while read id; do fail=1; done\nexit $failed", False),
        ("shopt -s lastpipe\ncat ids | while read id; do fail=1; done\nexit $fail", False),
    ],
)
def test_variables_that_are_set_in_a_pipe(script: str, told: bool) -> None:
    assert ("JL739" in _warnings(_script(script))) is told
