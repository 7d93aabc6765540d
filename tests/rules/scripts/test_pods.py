"""Hosts, mounts, variables and statements of the programs that a Pod runs."""

from __future__ import annotations

import pytest

from joblint.rules.checks.containers.client_variables import _is_near
from tests.rules.helper import job_of, report_of, script_of

from .helper import said, told


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        ("nc -z http://db:5432", ("a URL", "nc -z db 5432")),
        ("nc -z tcp://u:p@db/x 5432", ("a URL", "nc -z db 5432")),
        ("nc -z https://db", ("nc -z db <port>",)),
        ("nc -z db:5432", ("host and port in one word", "nc -z db 5432")),
        ("nc -zw db:5432", ("host and port",)),
        ("nc -z -w 5 db:5432", ("nc -z -w 5 db 5432",)),
        ("nc -z -w5 db:5432", ("nc -z -w5 db 5432",)),
        ("nc -z -p 5 db:5432", ("host and port",)),
        ("nc -z db:5432 5432", ()),
        ("nc -z db:port", ()),
        ("nc -z fd00::1:5432", ()),
        ("nc db:5432", ()),
        ("nc -z db 5432", ()),
        ("ping http://db", ("a URL", "ping db")),
        ("nslookup https://db/x", ("nslookup db",)),
        ("ping db:5432", ()),
        ("cat http://db", ()),
        ("ping ftp://db", ()),
        ("pg_isready -h http://db:5432", ("a URL", "pg_isready -h db")),
        ("psql --host=postgres://u@db:5432/x", ("psql -h db",)),
        ("mysql --host tcp://db", ("mysql -h db",)),
        ("redis-cli -h redis://cache", ("redis-cli -h cache",)),
        ("psql -h db", ()),
        ("psql postgres://db/x", ()),
        ("psql -h", ()),
        ("psql -h $URL", ()),
        ("nc -z http://db/" + "a" * 80 + " 5", ("nc db <port>",)),
    ],
)
def test_a_url_is_no_host(line: str, phrases: tuple[str, ...]) -> None:
    said("JL785", line, phrases)


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        (
            "psql -h db -c 'CREATE DATABASE IF NOT EXISTS shop'",
            ("DATABASE", "FROM pg_database WHERE datname = 'shop'", "-c 'CREATE DATABASE shop'"),
        ),
        ("psql -h db -c 'create user if not exists app login'", ("FROM pg_roles WHERE rolname = 'app'", "CREATE USER app …'")),
        ("psql -h db -c 'CREATE ROLE IF NOT EXISTS app;'", ("CREATE ROLE app …'",)),
        ('psql -h db -c "CREATE DATABASE IF NOT EXISTS $DB"', ("datname = '<name>'",)),
        ("psql -h db -c 'CREATE DATABASE IF NOT EXISTS'", ("datname = '<name>'",)),
        ("psql -h db -c 'CREATE DATABASE IF NOT EXISTS " + "a" * 25 + "'", ("datname = '<name>'",)),
        ("psql -h db -c 'CREATE DATABASE IF NOT EXISTS " + "a" * 24 + "'", ("datname = '" + "a" * 24,)),
        ("psql -h db -c 'CREATE TABLE IF NOT EXISTS a (b int)'", ()),
        ("psql -h db -c 'CREATE DATABASE shop'", ()),
        ("mysql -h db -e 'CREATE DATABASE IF NOT EXISTS shop'", ()),
        ("psql -h db -p 26257 -c 'CREATE DATABASE IF NOT EXISTS shop'", ()),
        ("psql -h crdb -c 'CREATE DATABASE IF NOT EXISTS shop'", ()),
        ("psql -h db <<EOF\nCREATE DATABASE IF NOT EXISTS shop;\nEOF", ("datname = 'shop'",)),
        ("psql -h db <<'EOF'\nSELECT 1;\nEOF\necho CREATE DATABASE IF NOT EXISTS shop", ()),
        ("psql -h db <<< 'CREATE DATABASE IF NOT EXISTS shop'", ("datname = 'shop'",)),
        ("echo 'CREATE DATABASE IF NOT EXISTS shop' | psql -h db", ("datname = 'shop'",)),
        ("echo 'CREATE DATABASE IF NOT EXISTS shop' || psql -h db", ()),
        ("echo 'CREATE DATABASE IF NOT EXISTS shop'\npsql -h db", ()),
    ],
)
def test_statements_that_postgresql_does_not_have(script: str, phrases: tuple[str, ...]) -> None:
    said("JL700", script, phrases)


def test_other_servers_have_them() -> None:
    line = "command: [psql, -h, db, -c, CREATE DATABASE IF NOT EXISTS a]\n"
    assert told("JL700", job_of(line)) and not told("JL700", job_of(line, image="cockroachdb/cockroach:v25"))
    assert not told("JL700", job_of(line + "env:\n- {name: PGPORT, value: '26257'}\n"))


@pytest.mark.parametrize(
    ("script", "env", "wrong"),
    [
        ("psql -h db -c x", "POSTGRES_PASSWORD", "PGPASSWORD"),
        ("pg_dump -h db shop", "DB_PASSWORD", "PGPASSWORD"),
        ("mysql -h db -e x", "MYSQL_ROOT_PASSWORD", "MYSQL_PWD"),
        ("redis-cli -h cache get a", "REDIS_PASSWORD", "REDISCLI_AUTH"),
        ("restic backup /data", "RESTIC_PASS", "RESTIC_PASSWORD"),
        ("aws s3 ls", "AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"),
        ("aws s3 ls", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID"),
        ("gsutil ls", "GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"),
        ("vault read a", "VAULT_URL", "VAULT_ADDR"),
        ("mysqladmin -h db ping", "MYSQL_PASSWORD", ""),
        ("psql -h db -c x", "OTHER_PASSWORD", ""),
        ("psql -h db -c x", "PGPASSWORD", ""),
        ("psql -h db -c x", "PGPASSFILE", ""),
        ("PGPASSWORD=$POSTGRES_PASSWORD psql -h db", "POSTGRES_PASSWORD", ""),
        ("echo $POSTGRES_PASSWORD\npsql -h db", "POSTGRES_PASSWORD", ""),
        ("echo a > ~/.pgpass\npsql -h db", "POSTGRES_PASSWORD", ""),
        ("psql -h /run/postgresql", "POSTGRES_PASSWORD", ""),
        ("psql --host=/run/postgresql", "POSTGRES_PASSWORD", ""),
        ("pg_ctl start\npsql -h db", "POSTGRES_PASSWORD", ""),
        ("psql 'host=db password=x'", "POSTGRES_PASSWORD", ""),
        ("psql postgres://db/x", "POSTGRES_PASSWORD", ""),
        ('psql "$DATABASE_URL"', "POSTGRES_PASSWORD", ""),
        ('psql "$DATABASE"', "POSTGRES_PASSWORD", "PGPASSWORD"),
        ("mysql -psecret -h db", "MYSQL_PASSWORD", ""),
        ("mysql -h /x", "MYSQL_PASSWORD", "MYSQL_PWD"),
        ("redis-cli -u redis://a", "REDIS_PASSWORD", ""),
        ("aws s3 ls s3://a --endpoint-url http://b", "AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY"),
        ("aws --profile a s3 ls", "AWS_SECRET_KEY", ""),
        ("gcloud auth login\ngsutil ls", "GOOGLE_APPLICATION_CREDENTIALS", ""),
        ("cat a", "POSTGRES_PASSWORD", ""),
    ],
)
def test_a_variable_that_a_client_does_not_read(script: str, env: str, wrong: str) -> None:
    container = script_of(script) + f"env:\n- {{name: {env}, value: a}}\n"
    found = told("JL773", job_of(container))
    assert bool(found) == bool(wrong) and (not wrong or env in found and wrong in found), found
    secret = "volumes:\n- {name: s, secret: {secretName: a}}\n"
    mounted = job_of(container + "volumeMounts:\n- {name: s, mountPath: /s}\n", pod=secret)
    assert bool(told("JL773", mounted)) == (bool(wrong) and env == "GOOGLE_APPLICATION_CREDENTIALS")
    gcloud = job_of(container + "volumeMounts:\n- {name: s, mountPath: /root/.config/gcloud}\n", pod=secret)
    assert not told("JL773", gcloud)
    assert not told("JL773", job_of(container + "envFrom:\n- secretRef: {name: a}\n"))
    used = job_of(container + f"- {{name: B, value: $({env})}}\n")
    assert not told("JL773", used)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("DB_PASSWORD", "DB_PASS", True),
        ("PASSWORD_DB", "DB_PASSWORD", True),
        ("POSTGRES_USER", "PG_USERNAME", True),
        ("API_URL", "API_ENDPOINT", True),
        ("DATABASE_HOST", "DB_SERVER", True),
        ("BUCKET_NAME", "BUCKT_NAME", True),
        ("PASSWORD", "PASS", False),
        ("DB_HOST", "DB_PORT", False),
        ("DB_HOST", "API_HOST", False),
        ("ABCD", "ABCE", False),
    ],
)
def test_names_that_are_nearly_the_same(one: str, other: str, near: bool) -> None:
    assert _is_near(one, other) == _is_near(other, one) == near


@pytest.mark.parametrize(
    ("script", "env", "near"),
    [
        ("./load $DB_PASSWORD", "DB_PASS", "DB_PASS"),
        ("./load $DB_PASSWORD $DB_PASS", "DB_PASS", ""),
        ("./load $DB_PASSWORD $DB_PASSWD", "DB_PASS", "DB_PASS"),
        ("DB_PASSWORD=a\n./load $DB_PASSWORD", "DB_PASS", ""),
        ("./load $DB_PASSWORD", "db_pass", ""),
        ("./load $DB_PASSWORD", "OTHER_NAME", ""),
        ("./load $PGPASSWORDS", "PGPASSWORD", ""),
        (". ./env\n./load $DB_PASSWORD", "DB_PASS", ""),
    ],
)
def test_a_variable_of_nearly_the_same_name(script: str, env: str, near: str) -> None:
    container = script_of(script) + f"env:\n- {{name: {env}, value: a}}\n"
    found = told("JL774", job_of(container))
    assert bool(found) == bool(near) and near in found, found
    assert not told("JL774", job_of(container + f"- {{name: X, value: $({env})}}\n"))
    assert not told("JL774", job_of(container + "envFrom:\n- secretRef: {name: a}\n"))


_EMPTY = "volumes:\n- {name: o, emptyDir: {}}\n- {name: p, persistentVolumeClaim: {claimName: b}}\n"
_AT = "volumeMounts:\n- {name: o, mountPath: /out}\n- {name: p, mountPath: /backup}\n"


@pytest.mark.parametrize(
    ("script", "phrases"),
    [
        ("rclone sync /out r:b", ("everything at its target", "is empty")),
        ("mkdir -p /out/a\nA=b\nrclone sync /out r:b", ("everything at its target",)),
        ("aws s3 sync /out s3://b --delete", ("everything at its target",)),
        ("gsutil -m rsync -d /out gs://b", ("everything at its target",)),
        ("mc mirror --remove /out m/b", ("everything at its target",)),
        ("rsync -a --delete /out/ host:/b", ("everything at its target",)),
        ("rsync -a --del /out/ /backup", ("everything at its target",)),
        ("./load\nrclone sync /out r:b", ()),
        ("A=$(./load)\nrclone sync /out r:b", ()),
        ("echo a > /out/b\nrclone sync /out r:b", ()),
        ("./load &\nrclone sync /out r:b", ()),
        ("f() {\n  rclone sync /out r:b\n}\nf", ()),
        ("rclone copy /out r:b", ()),
        ("rclone sync r:b /out", ()),
        ("rclone sync /opt r:b", ()),
        ("rclone sync /backup r:b", ()),
        ("rsync -a --delete /out/ /opt/x", ()),
        ("rsync -a --delete /out/ /out/x", ()),
        ("rsync -a /out/ host:/b", ()),
        ("aws s3 sync /out s3://b", ()),
        ("aws s3 cp /out s3://b --delete", ()),
        ("gsutil -m rsync /out gs://b", ()),
        ("mc mirror /out m/b", ()),
        ("cat /out r:b", ()),
        ("pg_dump > /out/$(date +%F).sql\nrclone sync /out r:b", ("the files of earlier runs", "rclone copy /out r:b")),
        ("F=/out/$(date +%F).sql\npg_dump > $F\naws s3 sync /out s3://b --delete", ("aws s3 sync /out s3://b",)),
        ("D=`date +%F`\npg_dump > /out/${D}.sql\nmc mirror --remove /out m/b", ("mc mirror /out m/b",)),
        ("D=$(date +%F)\npg_dump > /out/$DB.sql\nmc mirror --remove /out m/b", ()),
        ("pg_dump > /out/$(date +%F).sql\nrsync --delete-after /out/ h:/b", ("the files of earlier runs",)),
        ("pg_dump > /out/$(date +%F).sql\nrsync --delete /out/ /backup", ()),
        ("pg_dump > /out/$(date +%F).sql\ngsutil rsync -d /out gs://b", ("gsutil rsync /out gs://b",)),
        ("pg_dump > /out/a.sql\nrclone sync /out r:b", ()),
    ],
)
def test_a_sync_deletes_earlier_files(script: str, phrases: tuple[str, ...]) -> None:
    found = told("JL969", job_of(script_of(script) + _AT, pod=_EMPTY))
    assert bool(found) == bool(phrases) and all(p in found for p in phrases), found
    assert not told("JL969", job_of(script_of(script)))


@pytest.mark.parametrize(
    ("words", "mount", "volume", "phrase"),
    [
        ("[/app/load]", "/app", "emptyDir: {}", "/app/load"),
        ("[/app/load]", "/app/", "emptyDir: {}", "/app/load"),
        ("[/app/load]", "/app", "persistentVolumeClaim: {claimName: a}", ""),
        ("[/app/load]", "/app/load", "emptyDir: {}", ""),
        ("[/app/load]", "/other", "emptyDir: {}", ""),
        ("[python, /app/load.py]", "/app", "emptyDir: {}", "/app/load.py"),
        ("[python, -u, /app/load.py]", "/app", "emptyDir: {}", ""),
        ("[cat, /app/load.py]", "/app", "emptyDir: {}", ""),
        ("[$(X)/load]", "/app", "emptyDir: {}", ""),
        ("[/app/../load]", "/app", "emptyDir: {}", ""),
        ("[/app/a/load]", "/app", "configMap: {name: a}", "/app/a/load"),
        ("[/app/load]", "/app", "configMap: {name: a}", ""),
        ("[/app/load]", "/app", "configMap: {name: a, items: [{key: x, path: other}]}", "/app/load"),
        ("[/app/load]", "/app", "secret: {secretName: a, items: [{key: x, path: load}]}", ""),
        ("[./load]", "/usr/bin", "emptyDir: {}", "The image's /usr/bin"),
        ("[./load]", "/etc", "configMap: {name: a}", "users, certificates and settings"),
        ("[./load]", "/var", "emptyDir: {}", "including files that the container needs"),
        ("[./load]", "/lib", "secret: {secretName: a}", "including programs"),
        ("[./load]", "/etc", "persistentVolumeClaim: {claimName: a}", ""),
        ("[./load]", "/usr/bin", "persistentVolumeClaim: {claimName: a}", "The image's /usr/bin"),
        ("[./load]", "/etc", "hostPath: {path: /etc}", ""),
        ("[./load]", "/opt", "emptyDir: {}", ""),
    ],
)
def test_a_mount_hides_a_program(words: str, mount: str, volume: str, phrase: str) -> None:
    at = f"volumeMounts:\n- {{name: v, mountPath: {mount}}}\n"
    pod = f"volumes:\n- {{name: v, {volume}}}\n"
    found = told("JL922", job_of(f"command: {words}\n" + at, pod=pod))
    assert bool(found) == bool(phrase) and phrase in found, found
    assert not told("JL922", job_of(f"command: {words}\n" + at.replace("}\n", ", subPath: a}\n"), pod=pod))
    filled = "initContainers:\n- name: i\n  image: example.com/x:1\n  volumeMounts:\n  - {name: v, mountPath: /v}\n" + pod
    assert bool(told("JL922", job_of(f"command: {words}\n" + at, pod=filled))) == (bool(phrase) and volume[0] in "cs")


@pytest.mark.parametrize(
    ("container", "volume", "context", "phrase"),
    [
        ("command: [/s/load.sh]\n", "configMap: {name: a}", "", "nobody can execute"),
        ("command: [/s/load.py]\n", "secret: {secretName: a}", "", "python3"),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0755}", "", ""),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0744}", "", ""),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0744}", "runAsUser: 1000", "user 1000 cannot execute"),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0754}", "runAsUser: 1000", "user 1000 cannot execute"),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0754}", "runAsUser: 1000, fsGroup: 5", ""),
        ("command: [/s/load]\n", "configMap: {name: a, defaultMode: 0745}", "runAsUser: 1000", ""),
        ("command: [/s/load]\n", "configMap: {name: a, items: [{key: b, path: load, mode: 0755}]}", "", ""),
        ("command: [/s/load]\n", "configMap: {name: a, items: [{key: b, path: x, mode: 0755}]}", "", "nobody"),
        ("command: [sh, /s/load]\n", "configMap: {name: a}", "", ""),
        ("command: [/s/load]\n", "emptyDir: {}", "", ""),
        ("command: [/t/load]\n", "configMap: {name: a}", "", ""),
        ("command: [./load]\nworkingDir: /s\n", "configMap: {name: a}", "", "nobody"),
        ("command: [./load]\nworkingDir: s\n", "configMap: {name: a}", "", ""),
        (script_of("echo a\n/s/load"), "configMap: {name: a}", "", "nobody"),
        (script_of("/s/$LOAD"), "configMap: {name: a}", "", ""),
        ("command: [uv, run, /s/load.py]\n", "configMap: {name: a}", "", ""),
        ("command: [uv, run, /s/load]\n", "configMap: {name: a}", "", "nobody"),
    ],
)
def test_a_mounted_script_is_not_executable(container: str, volume: str, context: str, phrase: str) -> None:
    pod = f"volumes:\n- {{name: v, {volume}}}\n" + (f"securityContext: {{{context}}}\n" if context else "")
    found = told("JL923", job_of(container + "volumeMounts:\n- {name: v, mountPath: /s}\n", pod=pod))
    assert bool(found) == bool(phrase) and phrase in found, found


_PROXY = "- name: proxy\n  image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2\n"
_INIT = "- name: migrate\n  image: example.com/m:1\n  command: [./migrate, -h, {}]\n"


@pytest.mark.parametrize(
    ("inits", "phrases"),
    [
        (
            _INIT.format("localhost") + _PROXY + "  restartPolicy: Always\n",
            ("localhost", "starts after it", 'Move "proxy" before "migrate".'),
        ),
        (_INIT.format("'127.0.0.1:5432'") + _PROXY + "  restartPolicy: Always\n", ("127.0.0.1:5432",)),
        (_INIT.format("mylocalhost") + _PROXY + "  restartPolicy: Always\n", ()),
        (_INIT.format("db") + _PROXY + "  restartPolicy: Always\n", ()),
        (_PROXY + "  restartPolicy: Always\n" + _INIT.format("localhost"), ()),
        (_INIT.format("localhost") + _PROXY, ()),
    ],
)
def test_an_init_container_before_its_sidecar(inits: str, phrases: tuple[str, ...]) -> None:
    found = told("JL728", job_of(pod="initContainers:\n" + inits))
    assert bool(found) == bool(phrases) and all(p in found for p in phrases), found


def test_a_proxy_that_is_an_ordinary_container_starts_after_all_init_containers() -> None:
    manifest = job_of(pod="initContainers:\n" + _INIT.format("localhost")) + "      " + _PROXY.replace("\n", "\n      ")
    found = told("JL728", manifest.rstrip() + "\n")
    assert "starts only after all init containers" in found and "Make proxy an init container before migrate" in found


@pytest.mark.parametrize(
    ("container", "proxy", "severity"),
    [
        ("command: [psql, -h, localhost]\n", "", "warning"),
        (script_of("echo a\npsql -h localhost"), "", "warning"),
        (script_of("./load\npsql -h localhost"), "", "info"),
        ("command: [./load, -h, localhost]\n", "", "info"),
        ("command: [./load]\nenv:\n- {name: H, value: localhost:5432}\n", "", "info"),
        ("command: [./load]\n", "", ""),
        (script_of("until psql -h localhost; do sleep 1; done"), "", ""),
        ("command: [psql, -h, localhost]\n", "  startupProbe: {tcpSocket: {port: 5432}}\n", ""),
        ("command: [psql, -h, localhost]\n", "  lifecycle: {postStart: {exec: {command: [wait]}}}\n", ""),
    ],
)
def test_a_sidecar_that_may_not_listen_yet(container: str, proxy: str, severity: str) -> None:
    pod = "initContainers:\n" + _PROXY + "  restartPolicy: Always\n" + proxy
    findings = report_of(job_of(container, pod=pod), select=("JL786",)).findings
    assert [f.severity for f in findings] == [severity] * bool(severity)
