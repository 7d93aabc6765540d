"""Files that are renamed or left behind, states that nothing switches back, waits that give up, code whose failures are lost."""

from __future__ import annotations

import pytest

from tests.rules.helper import cronjob_of, job_of, report_of, script_of

from .helper import said, told

CLAIM = "volumes:\n- {name: d, persistentVolumeClaim: {claimName: data}}\n- {name: t, emptyDir: {}}\n"
MOUNTS = "volumeMounts:\n- {name: d, mountPath: /data}\n- {name: t, mountPath: /tmp}\n"


def _cron(script: str) -> str:
    """A CronJob that runs a script with a claim at /data."""
    text = "".join([f"            {line}\n" for line in script_of(script, "bash").splitlines()])
    mounts = "".join([f"            {line}\n" for line in MOUNTS.splitlines()])
    volumes = "".join([f"          {line}\n" for line in CLAIM.splitlines()])
    return cronjob_of("0 3 * * *").replace("            command: [./load]\n", text + mounts + volumes)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("pg_dump > a.sql\ngzip a.sql\naws s3 cp a.sql s3://b", ("`gzip a.sql` has replaced it by a.sql.gz", "a.sql.gz")),
        ("xz a.sql && ./load a.sql", ("a.sql.xz",)),
        ("bzip2 -9 'a.sql'\n./load a.sql", ("a.sql.bz2",)),
        ("pigz a.sql\nf() {\n  ./load a.sql\n}\nf", ("a.sql.gz",)),
        ("gzip -k a.sql\n./load a.sql", ()),
        ("gzip --keep a.sql\n./load a.sql", ()),
        ("gzip -c a.sql > b\n./load a.sql", ()),
        ("gzip -dv a.sql\n./load a.sql", ()),
        ("gzip --test a.sql\n./load a.sql", ()),
        ("gzip --verbose a.sql\n./load a.sql", ("a.sql.gz",)),
        ("gzip -f a.sql\n./load a.sql", ("a.sql.gz",)),
        ("gzip *.sql\n./load *.sql", ()),
        ("gzip a?.sql\n./load a?.sql", ()),
        ("gzip ab\n./load ab", ()),
        ("gzip a.sql\n./load b.sql", ()),
        ("gzip a.sql\nrm a.sql", ()),
        ("gzip a.sql\n[ -f a.sql ]", ()),
        ("gzip a.sql\npg_dump > a.sql\n./load a.sql", ()),
        ("gzip a.sql\npg_dump --file=a.sql\n./load a.sql", ()),
        ("gzip a.sql\nmysqldump --result-file=a.sql\n./load a.sql", ()),
        ('gzip "$IN"\n./load "$IN"', ("$IN.gz",)),
        ('gzip "$IN"\nIN=b\n./load "$IN"', ()),
        ('gzip "/d/${F}.sql"\nF=b\n./load "/d/${F}.sql"', ()),
        ('gzip "/d/${F}.sql"\nG=b\n./load "/d/${F}.sql"', ("/d/${F}.sql.gz",)),
        ("./load a.sql\ngzip a.sql", ()),
        ("if x; then gzip a.sql; fi\n./load a.sql", ()),
        ("x || gzip a.sql\n./load a.sql", ()),
        # The file of a pipe to gzip
        ("pg_dump | gzip > app.sql.gz\naws s3 cp app.sql s3://b", ("`gzip` writes app.sql.gz", "app.sql.gz")),
        ("pg_dump | xz > app.sql.xz\nscp app.sql b:/c", ("writes app.sql.xz",)),
        ("pg_dump | gzip > app.sql.gz\n./load app.sql", ()),
        ("pg_dump | gzip > app.sql.gz\ncp b app.sql", ()),
        ("aws s3 cp app.sql s3://b\npg_dump | gzip > app.sql.gz", ()),
        ("pg_dump > app.sql\npg_dump | gzip > app.sql.gz\naws s3 cp app.sql s3://b", ()),
        ("pg_dump | gzip > app.gz\naws s3 cp app s3://b", ()),
        ("pg_dump | gzip > app.sql.gz\naws s3 cp app.sql.gz s3://b", ()),
    ],
)
def test_a_compressed_file_has_another_name(script: str, phrases: tuple[str, ...]) -> None:
    said("JL791", script, phrases)


@pytest.mark.parametrize(
    ("script", "there"),
    [
        ("gzip /data/a.sql", True),
        ("gzip -f /data/a.sql", False),
        ("gzip -vf /data/a.sql", False),
        ("gzip --force /data/a.sql", False),
        ("gzip --fast /data/a.sql", True),
        ("gzip /tmp/a.sql", False),
        ("gzip /opt/a.sql", False),
        ("gzip a.sql", False),
        ("gzip /data/$A", False),
        ("gzip /data/a.sql\nmv /data/a.sql.gz /data/b", False),
        ("rm -f /data/x\ngzip /data/a.sql", False),
        ("gzip -k /data/a.sql", False),
    ],
)
def test_a_compressed_file_is_not_overwritten_by_the_next_run(script: str, there: bool) -> None:
    found = told("JL791", _cron(script))
    assert bool(found) == there and ("exists from the second run on" in found) == there and ("gzip -f" in found) == there
    assert not told("JL791", job_of(script_of(script) + MOUNTS, pod=CLAIM))


_LOCK = "{} && exit 0\ntouch /data/lock\n./load\nrm /data/lock"


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        (_LOCK.format("[ -e /data/lock ]"), ("/data/lock", "./load", "ends with exit code 0 and does nothing")),
        (_LOCK.format("[ -f /data/lock ]").replace("exit 0", "exit 1"), ("fails",)),
        (_LOCK.format("[ -f /data/lock ]").replace("exit 0", "exit"), ("ends with exit code 0",)),
        (_LOCK.format("[ -d /data/lock ]").replace("touch", "mkdir").replace("rm", "rmdir"), ("/data/lock",)),
        ("if [ -e /data/lock ]; then exit 0; fi\necho $$ > /data/lock\n./load\nrm -f /data/lock", ("/data/lock",)),
        ("L=/data/lock\n[ -e $L ] && exit 0\ntouch $L\n./load\nrm $L", ("/data/lock",)),
        (_LOCK.format("[ -s /data/lock ]"), ()),
        (_LOCK.format("[ ! -e /data/lock ]"), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("&& exit 0", "&& echo"), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("&&", "||"), ()),
        (_LOCK.format("[ -e /data/other ]"), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("/data", "/tmp"), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("/data", "/opt"), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("/data/", ""), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("\nrm /data/lock", ""), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("\n./load", ""), ()),
        (_LOCK.format("[ -e /data/lock ]").replace("./load", "sleep 5"), ()),
        ("touch /data/lock\n" + _LOCK.format("[ -e /data/lock ]").replace("touch /data/lock\n", ""), ()),
        ("trap 'rm /data/lock' EXIT\n" + _LOCK.format("[ -e /data/lock ]"), ()),
    ],
)
def test_a_lock_file_is_left_after_a_failure(script: str, phrases: tuple[str, ...]) -> None:
    manifest = job_of(script_of("set -e\n" + script, "bash") + MOUNTS, pod=CLAIM)
    found = told("JL797", manifest)
    assert bool(found) == bool(phrases) and all(p in found for p in phrases), found
    assert not told("JL797", manifest.replace("set -e", "set +e"))


_DOWN = "kubectl scale deploy web --replicas=0\n{}\nkubectl scale deploy web --replicas=3"


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (_DOWN.format("pg_dump shop > a"), "warning"),
        (_DOWN.format("./migrate"), "info"),
        (_DOWN.format("pg_dump shop > a\n./migrate"), "info"),
        (_DOWN.format("./migrate").replace("deploy web", "deploy/web"), "info"),
        (_DOWN.format("./migrate").replace("kubectl scale", "oc -n a scale"), "info"),
        (_DOWN.format("kubectl exec db -- ./migrate"), "info"),
        (_DOWN.format("kubectl cp a b"), "info"),
        (_DOWN.format("kubectl apply -f a"), ""),
        (_DOWN.format("sleep 5"), ""),
        (_DOWN.format("./migrate").replace("=3", "=$N"), ""),
        (_DOWN.format("./migrate").replace("=3", "=0"), ""),
        (_DOWN.format("./migrate").replace("=0", "=1"), ""),
        (_DOWN.format("./migrate").replace("web --replicas=3", "api --replicas=3"), ""),
        (_DOWN.format("./migrate || true"), ""),
        ("trap 'x' EXIT\n" + _DOWN.format("./migrate"), ""),
        ("php occ maintenance:mode --on\nrsync a b\nphp occ maintenance:mode --off", "warning"),
        ("php occ maintenance:mode --off\nrsync a b\nphp occ maintenance:mode --on", ""),
        ("php artisan down\n./migrate\nphp artisan up", "info"),
        ("php artisan up\n./migrate\nphp artisan down", ""),
        ("other artisan down\n./migrate\nother artisan up", ""),
        ("php artisan down && ./migrate && php artisan up", "info"),
    ],
)
def test_a_state_is_left_after_a_failure(script: str, severity: str) -> None:
    findings = report_of(job_of(script_of("set -e\n" + script, "bash")), select=("JL798",)).findings
    assert [f.severity for f in findings] == [severity] * bool(severity)


_TRIES = "for i in 1 2 3; do nc -z db 5432 && break; sleep 5; done"


@pytest.mark.parametrize(
    ("script", "severity", "phrases"),
    [
        (_TRIES, "warning", ("nc -z db 5432", "the container succeeds", "nc -z db 5432 || exit 1    after done")),
        (_TRIES + "\necho done", "warning", ("the container succeeds",)),
        (_TRIES + "\n./load", "info", ("the script continues with `./load`",)),
        (_TRIES + "\nmkdir a", "", ()),
        (_TRIES + "\nnc -z db 5432", "", ()),
        (_TRIES + "\nexit 1", "", ()),
        (_TRIES + "\nfalse", "", ()),
        (_TRIES + "\nexit 0", "warning", ("the container succeeds",)),
        (_TRIES + "\n[ $i -lt 3 ]", "", ()),
        (_TRIES + "\necho $i", "", ()),
        (_TRIES + "\necho ${i}", "", ()),
        (_TRIES.replace("1 2 3", "$(seq 1 9)"), "warning", ("succeeds",)),
        (_TRIES.replace("1 2 3", "{1..9}"), "warning", ("succeeds",)),
        (_TRIES.replace("1 2 3", "1"), "", ()),
        (_TRIES.replace("1 2 3", "a b"), "", ()),
        (_TRIES.replace("i in 1 2 3", "((i=0;i<9;i++))"), "warning", ("succeeds",)),
        (_TRIES.replace("&& break", "&& exit 0"), "warning", ("succeeds",)),
        (_TRIES.replace("&& break", "&& exit 1"), "", ()),
        (_TRIES.replace("&& break", "|| break"), "", ()),
        (_TRIES.replace("&& break", "&& true"), "", ()),
        (_TRIES.replace("; sleep 5", ""), "", ()),
        (_TRIES.replace("sleep 5", "sleep 5; ./again"), "", ()),
        (_TRIES.replace("nc -z db 5432", "./ready"), "", ()),
        (_TRIES.replace("nc -z db 5432", "curl -s http://db:80/"), "warning", ("curl -s http://db:80/",)),
        ("for i in 1 2 3; do if nc -z db 5432; then break; fi; sleep 5; done", "warning", ("succeeds",)),
        ("for i in 1 2 3; do if nc -z db 5432; then echo; else break; fi; sleep 5; done", "", ()),
        ("n=0\nuntil nc -z db 5432 || [ $n -ge 9 ]; do n=$((n+1)); sleep 5; done", "warning", ("succeeds",)),
        ("n=0\nuntil nc -z db 5432 || [ $n -ge 9 ]; do n=$((n+1)); sleep 5; done\n[ $n -lt 9 ]", "", ()),
        ("until nc -z db 5432; do sleep 5; done", "", ()),
    ],
)
def test_a_wait_ends_without_an_error(script: str, severity: str, phrases: tuple[str, ...]) -> None:
    findings = report_of(job_of(script_of(script, "bash")), select=("JL783",)).findings
    assert [f.severity for f in findings] == [severity] * bool(severity)
    assert all(p in f.message + f.fix_text for f in findings for p in phrases)


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("wait-for-it db:5432 -- ./load", "load starts after 15s anyway"),
        ("/wait-for-it.sh db:5432 -t 60 -- ./load", "load starts after 1m anyway"),
        ("wait-for-it.sh db:5432 --timeout 60 -- ./load", "after 1m"),
        ("wait-for-it.sh db:5432 --timeout=30 -- ./load", "after 30s"),
        ("wait-for-it.sh db:5432 -t30 -- ./load", "after 30s"),
        ("bash /wait-for-it.sh db:5432 -- ./load", "load starts after 15s"),
        ('wait-for-it.sh db:5432 -- "$CMD"', "the command starts after 15s"),
        ("wait-for-it.sh -s db:5432 -- ./load", ""),
        ("wait-for-it.sh --strict db:5432 -- ./load", ""),
        ("wait-for-it.sh db:5432 -t 0 -- ./load", ""),
        ("wait-for-it.sh db:5432 -t -- ./load", ""),
        ("wait-for-it.sh db:5432 --timeout=x -- ./load", ""),
        ('wait-for-it.sh "$DB" -- ./load', ""),
        ("wait-for-it.sh db:5432", ""),
        ("wait-for-it.sh db:5432 --", ""),
        ("wait-for db:5432 -- ./load", ""),
    ],
)
def test_wait_for_it_runs_its_command_anyway(line: str, effect: str) -> None:
    findings = report_of(job_of(script_of(line)), select=("JL783",)).findings
    assert len(findings) == bool(effect)
    assert all(effect in f.message and "--strict" in f.fix_text for f in findings)
    assert all(f.severity == ("warning" if "15s" in effect else "info") for f in findings)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("ruby -e 'system(\"load\")'", ("`system(…)` ignores the exit code", "system(…, exception: true)")),
        ("perl -e 'system(\"load\");'", ("`system(…)` ignores", "system(…) == 0 or die")),
        ("php -r 'passthru(\"load\");'", ("`passthru(…)` ignores", "passthru(…, $code); exit($code);")),
        ("php -r 'exec(\"load\");'", ("`exec(…)` ignores",)),
        ("php -r 'shell_exec(\"load\");'", ()),
        ("ruby -e 'exit system(\"load\")'", ()),
        ("perl -e 'system(\"load\") == 0 or die'", ()),
        ("ruby -e 'puts 1'", ()),
        ("python -c 'import os; os.system(\"load\")'", ("`os.system(…)` ignores the exit code", "check=True")),
        ("python -c 'import os; os.system(\"rm a\")'", ()),
        ("python -c 'import os; os.system(\"echo\")'", ()),
        ("python -c 'import os; r = os.system(\"load\")'", ()),
        ("python -c 'import os, sys; sys.exit(os.system(\"load\"))'", ("`sys.exit(os.system(…))` ends with 0",)),
        ("python -c 'import os; exit(os.system(\"load\"))'", ("`exit(os.system(…))` ends with 0",)),
        ("python -c 'import os, sys; sys.exit(os.system)'", ()),
        ("python -c 'import subprocess; subprocess.run([\"load\"])'", ("`subprocess.run(…)` ignores",)),
        ("python -c 'import subprocess; subprocess.call((\"load\", 1))'", ("`subprocess.call(…)` ignores",)),
        ("python -c 'import subprocess; subprocess.run([\"load\"], check=True)'", ()),
        ("python -c 'import subprocess; subprocess.run([\"load\"], **k)'", ()),
        ('python -c \'import subprocess; subprocess.run(["rm", "a"])\'', ()),
        ("python -c 'import subprocess; subprocess.check_call([\"load\"])'", ()),
        ("python -c 'import subprocess; subprocess.run(words)'", ("ignores",)),
        (
            "python -c 'import requests; requests.post(\"u\")'",
            ("`requests.post(…)` accepts HTTP errors", "response.raise_for_status()"),
        ),
        ("python -c 'import httpx; r = httpx.get(\"u\"); print(r)'", ("`httpx.get(…)` accepts", "r.raise_for_status()")),
        ("python -c 'import httpx; r = httpx.get(\"u\"); work(r)'", ()),
        ("python -c 'import httpx; r = s = httpx.get(\"u\")'", ()),
        ("python -c 'import httpx; r.x = httpx.get(\"u\")'", ()),
        ("python -c 'import requests; requests.get(\"u\").raise_for_status()'", ()),
        ("python -c 'import requests; requests.head(\"u\")'", ()),
        ("python -c 'import requests; x(requests.get(\"u\"))'", ()),
        ("python -c 'import os\ntry:\n  os.system(\"load\")\nexcept E: pass'", ()),
        ("python -c 'import os\nwhile x:\n  os.system(\"load\")'", ()),
        ("python -c 'import os; os.system('", ()),
        ("python -c 'print(1)'", ()),
        ("node -e 'exec(\"load\", (e) => {})'", ("The callback of `exec(…)` ignores its error", "execSync(…)")),
        ("node -e 'exec(\"load\", function (e) { x() })'", ("The callback",)),
        ("node -e 'exec(\"load\", (e) => { if (e) x() })'", ()),
        ('node -e \'fetch("u", {method: "POST"})\'', ("`fetch(…)` accepts HTTP errors", "if (!response.ok) process.exit(1)")),
        ("node -e 'fetch(\"u\")'", ("`fetch(…)` accepts",)),
        ("node -e 'fetch(\"u\").then(r => r.json()).then(x)'", ()),
        ('node -e \'fetch("u", {method: "PUT"}).then(r => r.json())\'', ("`fetch(…)` accepts",)),
        ("node -e 'fetch(\"u\").then(r => console.log(r.status))'", ("`fetch(…)` accepts",)),
        ("node -e 'fetch(\"u\").then(r => x(r.status))'", ()),
        ("node -e 'fetch(\"u\").then(r => { if (!r.ok) x() })'", ()),
        ("node -e 'x()'", ()),
    ],
)
def test_code_that_ignores_a_result(script: str, phrases: tuple[str, ...]) -> None:
    said("JL793", script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("node -e 'main().catch(console.error)'", (".catch(…)", "process.exit(1)")),
        ("node -e 'main().catch(e => console.error(e))'", (".catch(…)",)),
        ("node -e 'main().catch((e) => { console.log(e); })'", (".catch(…)",)),
        ("node -e 'main().catch(e => { console.log(e); next() })'", ()),
        ("node -e 'main().catch(e => console.error(x(e)))'", ()),
        ("node -e 'main().catch(e => { console.error(e); process.exit(1) })'", ()),
        ("node -e 'main().catch(console.error).then(x)'", ()),
        ("node -e 'main().catch(x)'", ()),
        ("node -e 'main().catch(console.error'", (".catch(…)",)),
        ("node -e 'a().catch(x); b().catch(console.error)'", (".catch(…)",)),
    ],
)
def test_an_error_that_is_only_printed(script: str, phrases: tuple[str, ...]) -> None:
    said("JL792", script, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("./a > /d/$(date +%s).log\n./b > /d/$(date +%s).log", ("$(date +%s)", "./b")),
        ("./a /d/`date +%T`.x\n./b /d/`date +%T`.x", ("`date +%T`",)),
        ("F=/d/$(date +%H%M%S)\ntouch /d/$(date +%H%M%S)", ("$(date +%H%M%S)",)),
        ("./a /d/$(date +%c)\n./b /e/$(date +%c)", ("$(date +%c)",)),
        ("./a /d/$(date +%F)\n./b /d/$(date +%F)", ()),
        ("./a /d/%s\n./b /d/%s", ()),
        ("./a > /d/a\n./b > /d/b", ()),
        ("./a $(date +%s)\n./b $(date +%s)", ()),
        ("./a /d/$(date +%s)\n./b /d/$(date +%T)", ()),
        ("./a /d/$(date +%s)\n./a /d/$(date +%s)", ()),
        ("./a /d/$(date +%s)\necho /d/$(date +%s)", ()),
        ("echo /d/$(date +%s)\n./b /d/$(date +%s)", ()),
        ("./a /d/$(date +%F) %s\n./b /d/$(date +%F) %s", ()),
        ("./a $(date +%s) /d\n./b $(date +%s) /d", ()),
    ],
)
def test_a_date_that_is_computed_twice(script: str, phrases: tuple[str, ...]) -> None:
    said("JL746", script, phrases)


def test_one_date_a_script() -> None:
    found = told("JL746", job_of(script_of("./a > /d/$(date +%s)\n./b > /d/$(date +%s)\n./c > /d/$(date +%s)\n")))
    assert "./b" in found and "./c" not in found
    assert "./b" in told("JL746", job_of(script_of("./a > /d/$(date +%s)\necho x\n./b > /d/$(date +%s)\n")))
