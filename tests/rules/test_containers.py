"""Containers and shell: every way in which people write these traps, and what is none."""

from __future__ import annotations

import pytest

from joblint.rules.fixes.apply import apply

from .helper import report_of

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: pi
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: registry.example.com/etl:1.4.2
"""


def findings(manifest: str, least: str = "info") -> list[tuple[str, str]]:
    """Rule and field of the family's findings."""
    report = report_of(manifest, select=("JL7",))
    assert not report.crashes
    levels = ("info", "warning", "error")[("info", "warning", "error").index(least) :]
    return [(f.rule, f.field.removeprefix("spec.template.spec.")) for f in report.findings if f.severity in levels]


def container(text: str) -> str:
    return JOB + "".join(f"          {line}\n" for line in text.splitlines())


def script(text: str, shell: str = "[bash, -c]") -> str:
    return container(f"command: {shell}\nargs:\n  - |\n" + "".join(f"    {line}\n" for line in text.splitlines()))


def rules(manifest: str, least: str = "warning") -> set[str]:
    return {rule for rule, _ in findings(manifest, least)}


@pytest.mark.parametrize(
    "command",
    [
        '[sh, -c, "{}"]',
        '[/bin/sh, -c, "{}"]',
        '[bash, -lc, "{}"]',
        '[bash, -x, -c, "{}"]',
        '[bash, -c, -x, "{}"]',
        '[bash, -c, --, "{}"]',
        '[bash, -uo, pipefail, -c, "{}"]',
        '[bash, -o, nounset, -c, "{}"]',
        '[zsh, -c, "{}"]',
        '[ash, -c, "{}"]',
        '[/usr/bin/env, bash, -c, "{}"]',
        '[env, -i, A=b, bash, -c, "{}"]',
        '[busybox, sh, -c, "{}"]',
        '[tini, --, bash, -c, "{}"]',
        '[/usr/bin/dumb-init, --, sh, -c, "{}"]',
        '[timeout, "60", sh, -c, "{}"]',
        "[sh, -c, \"bash -c '{}'\"]",
    ],
)
def test_scripts_are_found_in_every_form(command: str) -> None:
    assert rules(container("command: " + command.format("python a.py || true"))) == {"JL702"}
    assert rules(container("args: " + command.format("python a.py || true"))) == {"JL702"}


@pytest.mark.parametrize(
    "flags",
    ["[sh, -ec]", "[sh, -e, -c]", "[bash, -exc]", "[bash, -euo, pipefail, -c]", "[bash, -o, errexit, -c]", "[bash, -c, -e]"],
)
def test_errexit_from_the_command_line(flags: str) -> None:
    assert rules(script("python a.py\npython b.py", flags)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "python a.py || true",
        "python a.py || :",
        "python a.py || /bin/true",
        "python a.py || exit 0",
        "python a.py || echo failed",
        "python a.py || { echo failed; sleep 5; }",
        "(python a.py) || (echo failed)",
        "{ cd /app && python a.py; } || true",
        "timeout 60 python a.py || true",
        "python a.py || curl -X POST https://hooks.example.com/failed",
        "if ! python a.py; then\n  echo failed\n  curl https://hooks.example.com\nfi",
        "python a.py > /tmp/log 2>&1 || cat /tmp/log",
        "python a.py; true",
        "python a.py\nexit 0",
        "python a.py; :",
        "if ! python a.py; then echo failed; fi",
        "if python a.py; then echo ok; else echo failed; fi",
        "set -e\nif ! python a.py; then echo failed; exit 0; fi",
        "trap 'exit 0' EXIT\npython a.py",
        "trap 'rm -f /tmp/x; exit 0' 0\npython a.py",
        "set -e\npython a.py\npython b.py || true",
        "python - <<EOF || true\nprint(1)\nEOF",
        "main() {\n  python a.py\n}\nmain || true",
        "cp -r /src /dst || true",
    ],
)
def test_thrown_away(text: str) -> None:
    assert rules(script(text)) == {"JL702"}


@pytest.mark.parametrize(
    "text",
    [
        "set -e\nrm -rf /tmp/cache || true\npython a.py",
        "set -e\npython a.py\nrm -rf /tmp/cache || true",
        "set -e\npython a.py\ncurl -X POST https://hooks.example.com/done || true",
        "kubectl delete job old || true\npython a.py",
        "python a.py || { echo failed; exit 1; }",
        "python a.py || exit 3",
        "python a.py || rc=$?\nexit $rc",
        "python a.py || python fallback.py",
        "curl -fO https://a/x || wget https://b/x",
        "if ! python a.py; then\n  echo failed >&2\n  exit 1\nfi",
        "trap 'rm -f /tmp/x' EXIT\npython a.py",
        "python a.py\nrc=$?\necho $rc\nexit $rc",
        "python a.py\nexit $?",
        "python a.py\nif [ $? -ne 0 ]; then exit 1; fi\npython b.py",
        "for i in 1 2 3; do\n  python a.py && exit 0\n  sleep 5\ndone\nexit 1",
        "until python a.py; do sleep 5; done",
        "if grep -q x /data; then echo yes; else echo no; fi",
        "set -e\nwhile read -r x; do\n  python a.py $x\ndone < list",
        "set -euo pipefail\nfor f in /in/*; do\n  python a.py $f\ndone\necho done",
    ],
)
def test_not_thrown_away(text: str) -> None:
    assert rules(script(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "python a.py | tee /logs/a",
        "set -e\npython a.py | tee /logs/a",
        "set -e; pg_dump x | gzip | aws s3 cp - s3://b/x",
        "python a.py 2>&1 | sed 's/^/a /'",
        "python a.py |& tee log",
        "pg_dump x | gzip > f && echo ok",
        "set -o pipefail\nset +o pipefail\npython a.py | tee log",
        "python a.py | while read x; do echo $x; done",
        "if true; then\n  mysqldump x | gzip > y\nfi",
    ],
)
def test_pipe(text: str) -> None:
    assert rules(script(text)) == {"JL701"}


@pytest.mark.parametrize(
    "text",
    [
        "set -o pipefail\npython a.py | tee log",
        "set -eo pipefail; pg_dump x | gzip > y",
        "cat /data | python a.py",
        "echo x | kubectl apply -f -",
        "cat <<EOF | kubectl apply -f -\nkind: Job\nEOF",
        "python a.py | grep -q ok",
        "python a.py | tee log\nexit ${PIPESTATUS[0]}",
        "set -e\nprintf '%s' x | base64 -d > /tmp/x\npython a.py",
    ],
)
def test_no_pipe(text: str) -> None:
    assert rules(script(text)) == set()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("python a.py\npython b.py", 15),
        ("echo start\npython a.py\npython b.py", 16),
        ("python a.py; python b.py", 15),
        ("set -e\nset +e\npython a.py\npython b.py", 17),
        ("cd /app && python a.py\npython b.py\necho done", 15),
        ("if [ -f x ]; then\n  python a.py\n  python b.py\nfi", 16),
    ],
)
def test_without_set_e_points_at_the_line(text: str, line: int) -> None:
    report = report_of(script(text), select=("JL705",))
    (found,) = report.findings
    assert (found.severity, found.span.line, found.field) == ("warning", line, "spec.template.spec.containers[0].args[0]")


def test_lesser_cases_are_hints() -> None:
    assert findings(script("cd /app\npython a.py")) == [("JL705", "containers[0].args[0]")]
    assert rules(script("cd /app\npython a.py")) == set()
    assert findings(script("python a.py\necho done")) == [("JL704", "containers[0].args[0]")]
    assert rules(script("python a.py; rm -rf /tmp/x"), "info") == {"JL704"}
    assert rules(script("exit 300"), "info") == {"JL707"}
    assert rules(script("exit 300")) == set()
    assert rules(script("exit 512")) == {"JL707"}


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("python a.py &", "warning"),
        ("nohup python a.py &\necho started", "warning"),
        ("python a.py &\nwait", "warning"),
        ("python a.py &\npython b.py", "info"),
    ],
)
def test_background(text: str, severity: str) -> None:
    (found,) = report_of(script(text), select=("JL703",)).findings
    assert found.severity == severity


@pytest.mark.parametrize("text", ["python a.py & a=$!\nwait $a", "cloud-sql-proxy x &\npython a.py", "python a.py &\nwait -n"])
def test_background_that_is_looked_after(text: str) -> None:
    assert rules(script(text)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "sleep infinity",
        "python a.py && sleep inf",
        "tail -f /dev/null",
        "while true; do date; sleep 1; done",
        "while :\ndo\n  date\ndone",
        "while [ 1 ]; do date; done",
        "until false; do date; done",
        "for ((;;)); do date; done",
        "trap : TERM INT; sleep infinity & wait",
        "exec tail -F /logs/x",
        "run() {\n  while true; do date; sleep 1; done\n}\nrun",
        "(while true; do date; done)",
        "sleep 99999999",
        "sleep 365d",
    ],
)
def test_never_ends(text: str) -> None:
    assert "JL720" in rules(script(text))


@pytest.mark.parametrize(
    "text",
    [
        "sleep 3600",
        "while true; do python a.py && break; sleep 5; done",
        "while true; do\n  if python a.py; then\n    exit 0\n  fi\ndone",
        "timeout 60 tail -f /logs/x",
        "tail -f /logs/x &\npython a.py",
        "tail -f /logs/x --pid=$PID",
        'if [ -n "$DEBUG" ]; then sleep infinity; fi',
        "python a.py || sleep infinity",
        "while read -r x; do echo $x; done < f",
        "sleep infinity &\nP=$!\nkill $P\nwait",
    ],
)
def test_ends(text: str) -> None:
    assert rules(script(text)) & {"JL720", "JL721"} == set()


@pytest.mark.parametrize(
    "text",
    [
        "command: [sleep, infinity]",
        "command: [sleep]\nargs: [infinity]",
        "args: [tail, -f, /dev/null]",
        "command: [tail, -F, /logs/x]",
        "command: [tini, --, sleep, infinity]",
        "command: [kubectl, get, pods, -w]",
        "command: [ping, example.com]",
    ],
)
def test_command_never_ends(text: str) -> None:
    assert rules(container(text)) == {"JL720"}


@pytest.mark.parametrize(
    "text",
    [
        "command: [nginx, -g, daemon off;]",
        "command: [python3, -m, http.server]",
        "command: [python, manage.py, runserver]",
        "command: [gunicorn, app]",
        "command: [npm, run, dev]",
        "command: [celery, -A, app, worker]",
        "command: [poetry, run, uvicorn, app]",
        "command: [redis-server]",
        "command: [docker-entrypoint.sh, postgres]",
        "command: [php, artisan, queue:work]",
    ],
)
def test_servers(text: str) -> None:
    assert rules(container(text)) == {"JL721"}


@pytest.mark.parametrize(
    "text",
    [
        "command: [nginx, -t]",
        "command: [python, main.py]",
        "command: [npm, run, migrate]",
        "command: [celery, -A, app, purge]",
        "command: [php, artisan, queue:work, --stop-when-empty]",
        "command: [redis-cli, flushall]",
        "command: [vault, kv, get, x]",
        "command: [kubectl, get, pods]",
        "command: [ping, -c, '3', example.com]",
        "command: [minio, --version]",
    ],
)
def test_no_servers(text: str) -> None:
    assert rules(container(text)) == set()


@pytest.mark.parametrize(
    ("image", "args", "serves"),
    [
        ("nginx", "", True),
        ("docker.io/library/nginx:1.27@sha256:" + "a" * 64, "", True),
        ("registry.example.com:5000/mirror/redis:7", "", True),
        ("postgres:16", "[-c, fsync=off]", True),
        ("postgres:16", "[psql, -h, db, -c, select 1]", False),
        ("php:8.3-apache", "", True),
        ("php:8.3-cli", "", False),
        ("minio/minio", "[server, /data]", True),
        ("minio/minio", "", False),
        ("prom/node-exporter", "", True),
        ("hashicorp/vault", "[kv, list]", False),
        ("bitnami/kubectl", "[proxy]", True),
        ("nginx-migrator:1", "", False),
    ],
)
def test_images(image: str, args: str, serves: bool) -> None:
    manifest = JOB.replace("registry.example.com/etl:1.4.2", image) + (f"          args: {args}\n" if args else "")
    assert rules(manifest) == ({"JL721"} if serves else set())


def test_the_deadline_is_in_the_message() -> None:
    manifest = container("command: [sleep, infinity]").replace(
        "spec:\n  template", "spec:\n  activeDeadlineSeconds: 600\n  template"
    )
    (found,) = report_of(manifest, select=("JL720",)).findings
    assert "DeadlineExceeded after 10m" in found.message


SIDECAR = """\
apiVersion: batch/v1
kind: CronJob
metadata: {name: x}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: registry.example.com/etl:1.2
            command: ["python", "main.py"]  # the work
          # keeps its comment
          - name: proxy   # to the database
            image: gcr.io/cloudsql-docker/gce-proxy:1.33
            command:
              - /cloud_sql_proxy
              - -instances=p:r:d=tcp:5432   # the last line
          volumes: []
"""


def fixed(manifest: str, rule: str) -> str:
    (found,) = report_of(manifest, select=(rule,)).findings
    assert found.fix is not None
    data = apply(manifest.encode(), list(found.fix.edits))
    assert data is not None
    text = data.decode()
    assert report_of(text, select=(rule,)).findings == ()
    return text


def test_sidecar_becomes_native() -> None:
    text = fixed(SIDECAR, "JL722")
    assert text == SIDECAR.replace(
        """\
          - name: proxy   # to the database
            image: gcr.io/cloudsql-docker/gce-proxy:1.33
            command:
              - /cloud_sql_proxy
              - -instances=p:r:d=tcp:5432   # the last line
""",
        "",
    ).replace(
        "          containers:\n",
        """\
          initContainers:
          - name: proxy   # to the database
            image: gcr.io/cloudsql-docker/gce-proxy:1.33
            command:
              - /cloud_sql_proxy
              - -instances=p:r:d=tcp:5432   # the last line
            restartPolicy: Always
          containers:
""",
    )
    assert report_of(text, select=("JL1",)).findings == ()


def test_sidecar_joins_the_init_containers() -> None:
    inits = "          initContainers:\n          - name: wait\n            image: busybox:1.36\n            command: [ls]\n"
    text = fixed(SIDECAR.replace("          containers:\n", inits + "          containers:\n"), "JL722")
    assert text.index("name: wait") < text.index("name: proxy") < text.index("restartPolicy: Always") < text.index("name: main")
    # Without a line end at the end of the file, and with the init containers below.
    below = SIDECAR.replace("          volumes: []\n", inits.rstrip("\n"))
    text = fixed(below, "JL722")
    assert text.index("name: main") < text.index("name: wait") < text.index("name: proxy")
    assert not text.endswith("\n")


def test_sidecar_in_flow_style_has_no_fix() -> None:
    flow = """\
apiVersion: batch/v1
kind: Job
metadata: {name: x}
spec:
  template:
    spec: {restartPolicy: Never, containers: [{name: a, image: "etl:1"}, {name: p, image: "envoyproxy/envoy:v1.31"}]}
"""
    (found,) = report_of(flow, select=("JL722",)).findings
    assert found.fix is None and found.field.endswith("containers[1].image")


def test_sidecar_that_the_work_stops() -> None:
    def told(text: str) -> set[str]:
        return rules(SIDECAR.replace('["python", "main.py"]', f"[bash, -c, {text!r}]"))

    stop = "curl -X POST localhost:9091/quitquitquit"
    assert "JL722" not in told(f"python main.py; code=$?; {stop}; exit $code")
    assert "JL722" not in told(f'set -e; trap "{stop}" EXIT; python main.py')
    # Where the work fails nothing stops it.
    assert "JL722" in told(f"python main.py && {stop}")
    assert "JL722" in told(f"set -e; python main.py; {stop}")


def test_init_server_becomes_native() -> None:
    manifest = JOB.replace(
        "      containers:\n",
        "      initContainers:\n        - name: proxy   # first\n          image: envoyproxy/envoy:v1.31\n      containers:\n",
    )
    text = fixed(manifest, "JL724")
    assert "        - name: proxy   # first\n          restartPolicy: Always\n" in text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('command: ["python main.py"]', "command[0]"),
        ("command:\n  - python main.py", "command[0]"),
        ("command:\n  - python main.py --all\nargs: [x]", "command[0]"),
        ('command: ["sleep 10"]', "command[0]"),
        ('command: ["/bin/sh -c", "echo hi"]', "command[0]"),
        ('command: ["python"]\nargs: ["main.py --all"]', "args[0]"),
        ('command: ["/app/run", "--port 80"]', "command[1]"),
        ('command: ["/app/run", "--dry-run", "--port 80"]', "command[2]"),
        ('command: ["java", "-Xmx1g -jar", "x.jar"]', "command[1]"),
        ('args: ["python main.py"]', "args[0]"),
        ('args: ["./run.sh now"]', "args[0]"),
        ('command: ["a b && c d"]', "command[0]"),
    ],
)
def test_one_string(text: str, field: str) -> None:
    assert findings(container(text), "warning") == [("JL710", f"containers[0].{field}")]


@pytest.mark.parametrize(
    "text",
    [
        'command: [echo, "hello world"]',
        'command: [psql, -h, db, -c, "select 1"]',
        'command: [python, -c, "print(1 + 1)"]',
        'command: [perl, -Mbignum=bpi, -wle, "print bpi(2000)"]',
        'command: [curl, -f, -H, "X-Token: a", "https://example.com"]',
        'args: ["--message=hello world"]',
        'args: ["hello world"]',
    ],
)
def test_no_one_string(text: str) -> None:
    assert findings(container(text)) == []


def test_one_string_is_fixed() -> None:
    assert 'command: ["python", "main.py"]   # run\n' in fixed(container('command: ["python main.py"]   # run'), "JL710")
    assert '            - "sleep"\n            - "10"\n' in fixed(container("command:\n  - sleep 10"), "JL710")
    text = fixed(container("command:\n  - python main.py   # run"), "JL710")
    assert "            - python\n            - main.py   # run\n" in text


@pytest.mark.parametrize(
    ("text", "rule", "field"),
    [
        ("command: [sh, -c, echo, hello]", "JL711", "command[3]"),
        ("command: [sh, -c]\nargs: [python, main.py]", "JL711", "args[1]"),
        ("command: [bash, -ec]\nargs:\n  - cd /app\n  - python main.py", "JL711", "args[1]"),
        ("command: [sh, -c]", "JL712", "command[1]"),
        ("command: [/bin/bash]", "JL712", "command[0]"),
        ('command: [bash, "python main.py; ls"]', "JL712", "command[1]"),
        ("command: [sh, python, main.py]", "JL712", "command[1]"),
        ('command: [python, a.py, "&&", python, b.py]', "JL713", "command[2]"),
        ('command: [python, a.py]\nargs: [">", /tmp/log]', "JL713", "args[0]"),
        ('command: [python, a.py, "2>&1"]', "JL713", "command[2]"),
        ('command: [cp, "/in/*.csv", /out]', "JL713", "command[1]"),
        ('command: [rm]\nargs: [-rf, "/tmp/*"]', "JL713", "args[1]"),
        ('command: [backup, "--name=x-$(date +%F)"]', "JL713", "command[1]"),
        ('command: [echo, "$(hostname)"]', "JL713", "command[1]"),
        ("command: [cat, ~/x]", "JL713", "command[1]"),
        ("command: [cd, /app]", "JL713", "command[0]"),
        ("command: [source, env.sh]", "JL713", "command[0]"),
        ("command: [A=b, python, main.py]", "JL713", "command[0]"),
        ('command: [load, "$TABLE"]\nenv: [{name: TABLE, value: x}]', "JL714", "command[1]"),
        ('args: ["--t=${TABLE}"]\nenv: [{name: TABLE, value: x}]', "JL714", "args[0]"),
        ('command: [bash, run.sh, "$TABLE"]\nenv: [{name: TABLE, value: x}]', "JL714", "command[2]"),
        ('command: [load, "$HOME/x"]', "JL714", "command[1]"),
        ('command: [load, "$(TABLE)"]', "JL715", "command[1]"),
        ('args: ["$(JOB_COMPLETION_INDEX)"]', "JL715", "args[0]"),
        ('env: [{name: A, value: "$(B)"}, {name: B, value: x}]', "JL715", "env[0].value"),
        ('env: [{name: A, value: "$(date +%F)"}]', "JL715", "env[0].value"),
        ('env: [{name: A, value: x}, {name: B, value: "${A}/y"}]', "JL714", "env[1].value"),
        ('command: [sh, -c, "load $(TABLE)"]', "JL716", "command[2]"),
    ],
)
def test_words(text: str, rule: str, field: str) -> None:
    assert findings(container(text), "warning") == [(rule, f"containers[0].{field}")]


@pytest.mark.parametrize(
    "text",
    [
        'command: [sh, -c, "echo $0", hello]',
        "command: [sh, -c, 'exec load \"$@\"', --, a, b]",
        "command: [bash, /run.sh]",
        "command: [bash, -x, run.sh, python]",
        "command: [find, /, -name, '*.tmp', -exec, rm, '{}', ';']",
        "command: [cut, -d, '|', -f1, x]",
        "command: [jq, '.a | .b', x]",
        "command: [awk, '{print $NF}', x]",
        "command: [envsubst, '$A']\nenv: [{name: A, value: x}]",
        'command: [load, "$(TABLE)"]\nenv: [{name: TABLE, value: x}]',
        'command: [load, "$(TABLE)"]\nenvFrom: [{configMapRef: {name: x}}]',
        'command: [load, "$$(TABLE)", "$(DB_SERVICE_HOST)"]',
        'command: [sh, -c, "load $(TABLE)"]\nenv: [{name: TABLE, value: x}]',
        'command: [sh, -c, "load $(date) $TABLE ${X:-1}"]',
        "command: [grep, -E, 'a|b', x]",
        'env: [{name: A, value: "${A}"}, {name: B, value: "$(A)"}, {name: C, value: pa$word}]',
        "command: [load, --where, 'a > b && c']",
        "command: [find, ., -name, '*.py']",
        "command: [load, --include=*.csv]",
    ],
)
def test_good_words(text: str) -> None:
    assert findings(container(text), "warning") == []


def test_index_is_known_in_an_indexed_job() -> None:
    manifest = container('args: ["$(JOB_COMPLETION_INDEX)"]').replace(
        "spec:\n  template", "spec:\n  completionMode: Indexed\n  completions: 3\n  template"
    )
    assert findings(manifest) == []


def test_variable_is_fixed() -> None:
    text = fixed(container('command: [load, "--t=${TABLE}"]  # all\nenv: [{name: TABLE, value: x}]'), "JL714")
    assert '[load, "--t=$(TABLE)"]  # all' in text


def annotated(kind: str, entries: str) -> str:
    lines = "".join(f"        {line}\n" for line in entries.splitlines())
    return JOB.replace("  template:\n    spec:", f"  template:\n    metadata:\n      {kind}:\n{lines}    spec:")


@pytest.mark.parametrize(
    ("kind", "entries", "found"),
    [
        ("annotations", 'sidecar.istio.io/inject: "true"', True),
        ("labels", 'sidecar.istio.io/inject: "true"', True),
        ("annotations", 'sidecar.istio.io/inject: "false"', False),
        ("annotations", 'sidecar.istio.io/inject: "true"\nsidecar.istio.io/nativeSidecar: "true"', False),
        ("annotations", "linkerd.io/inject: enabled", True),
        ("annotations", 'linkerd.io/inject: enabled\nconfig.alpha.linkerd.io/proxy-enable-native-sidecar: "true"', False),
        ("annotations", 'vault.hashicorp.com/agent-inject: "true"', True),
        ("annotations", 'vault.hashicorp.com/agent-inject: "true"\nvault.hashicorp.com/agent-pre-populate-only: "true"', False),
        ("annotations", 'dapr.io/enabled: "true"', True),
        ("annotations", 'consul.hashicorp.com/connect-inject: "true"', True),
    ],
)
def test_injected(kind: str, entries: str, found: bool) -> None:
    mesh = "istio" in entries or "linkerd" in entries  # whose newest releases put a native sidecar in
    assert rules(annotated(kind, entries), "info" if mesh else "warning") & {"JL723"} == ({"JL723"} if found else set())
    assert not (mesh and "JL723" in rules(annotated(kind, entries)))


def test_injected_proxy_that_the_work_stops() -> None:
    stops = 'command: [sh, -c, "python a.py; rc=$?; curl -X POST localhost:15020/quitquitquit; exit $rc"]'
    text = annotated("labels", 'sidecar.istio.io/inject: "true"') + f"          {stops}\n"
    assert rules(text) == set()


@pytest.mark.parametrize(
    ("text", "severity", "says"),
    [
        (
            "command: [python, a.py]\nlivenessProbe: {httpGet: {port: 80}, periodSeconds: 5, failureThreshold: 2}",
            "warning",
            "10s",
        ),
        ("ports: [{containerPort: 80}]\ncommand: [python, main.py]\nlivenessProbe: {httpGet: {port: 80}}", "info", "30s"),
        ("livenessProbe: {exec: {command: [cat, /x]}, initialDelaySeconds: 60}", "info", "1m30s"),
        ("command: [python, main.py]\nstartupProbe: {tcpSocket: {port: 80}}", "warning", "startupProbe"),
    ],
)
def test_liveness(text: str, severity: str, says: str) -> None:
    (found,) = report_of(container(text), select=("JL726",)).findings
    assert found.severity == severity and says in f"{found.field} {found.message}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("until nc -z db 5432; do sleep 1; done", True),
        ("while ! curl -f http://x; do echo wait; sleep 1; done", True),
        ("until pg_isready; do sleep 1; done\npython a.py", True),
        ("while true; do\n  curl -f http://x && break\n  sleep 2\ndone", True),
        ("while true; do\n  n=$((n+1))\n  [ $n -gt 9 ] && exit 1\n  curl -f http://x && break\n  sleep 2\ndone", False),
        ("timeout 60 sh -c 'until nc -z db 5432; do sleep 1; done'", False),
        ("n=0\nuntil nc -z db 5432; do\n  n=$((n+1))\n  [ $n -lt 9 ] || exit 1\n  sleep 1\ndone", False),
        ("while read -r x; do sleep 1; done", False),
    ],
)
def test_wait_loops(text: str, found: bool) -> None:
    assert ("JL725" in rules(script(text), "info")) is found
    assert "JL725" not in rules(script(text))
    bounded = script(text).replace("spec:\n  template", "spec:\n  activeDeadlineSeconds: 9\n  template")
    assert "JL725" not in rules(bounded, "info")


@pytest.mark.parametrize(
    ("text", "image", "found"),
    [
        ("set -o pipefail\npython a.py", "debian:12", True),
        ("set -o pipefail\npython a.py", "alpine:3.20", False),
        ("set -o pipefail\npython a.py", "registry.access.redhat.com/ubi9", False),
        ("if [[ -f x ]]; then ls; fi", "python:3.12-slim", True),
        ("x=(1 2)\nls", "alpine:3.20", True),
        ("source ./env && ls", "ubuntu:24.04", True),
        ("function f { ls; }\nf", "ubuntu:24.04", True),
        ("[ -f x ] && . ./env", "ubuntu:24.04", False),
    ],
)
def test_dialect(text: str, image: str, found: bool) -> None:
    manifest = script(text, "[sh, -c]").replace("registry.example.com/etl:1.4.2", image)
    assert ("JL708" in rules(manifest, "info")) is found
    assert ("JL708" in rules(manifest)) is found, "the sh of these images is known"


def test_process_number() -> None:
    assert rules(script("ls > /tmp/x.$$\nls"), "info") == {"JL717"}
    assert rules(script("ls > /tmp/x.$$$$\nls"), "info") == set()
    assert rules(script("echo $$(date) $${X}"), "info") == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'",
        "if",
        "((((",
        "a |",
        "&&",
        "$(",
        "${",
        "x=(",
        "cat <<EOF",
        "é 🎉 | ü || true",
        "a && " * 3000 + "b",
        "(" * 500 + "a" + ")" * 500,
        "a | " * 2000 + "b",
        "if a; then " * 300 + "b" + "; fi" * 300,
        "$(" * 200 + "a" + ")" * 200,
        "\x00",
        "trap",
        "set",
        "exit",
        "wait",
        "sleep",
        "tail",
        "f() { f; }; f",
        "f() { g; }; g() { f; }; f",
    ],
)
def test_any_text_is_read(text: str) -> None:
    from json import dumps

    findings(container(f"command: [sh, -c, {dumps(text)}]"))
    findings(container(f"command: [{dumps(text)}]"))
    findings(container(f"command: [sh]\nargs: [-c, {dumps(text)}, {dumps(text)}]"))


@pytest.mark.parametrize("value", ["[1]", "{}", "x", "null", "[null]", "[[a]]", "[{}]", '[""]', '["", ""]', "[true]"])
def test_any_command_is_read(value: str) -> None:
    for field in ("command", "args", "env", "livenessProbe", "ports"):
        findings(container(f"{field}: {value}"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("./run || [ $? -eq 3 ]", set()),
        ("./run || [[ $? == 3 ]]", set()),
        ("./run || test $? = 3", set()),
        ("./run || grep -q done /log", set()),
        ("./run || true", {"JL702"}),
        ("./run || echo no && exit 1", {"JL709"}),
        ("./run || { echo no; exit 1; }", set()),
        ("for i in 1 2 3; do nc -z db 5432 && exit 0 || sleep 5; done; exit 1", set()),
        ("./gen | head -1 > x", set()),
        ("./gen | tee x", {"JL701"}),
        ("pg_dump db > x; echo done", {"JL704"}),
    ],
)
def test_what_becomes_of_a_failure(text: str, found: set[str]) -> None:
    assert rules(script(text)) == found


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("DB_PASSWORD", "hunter2xyz", True),
        ("PGPASSWORD", "hunter2xyz", True),
        ("GOOGLE_CREDENTIALS", "creds/x.json", False),
        ("TOKENIZER", "bert-base", False),
        ("TOKEN_URLS", "a.example.com", False),
        ("API_TOKEN", "vault:secret/data/x#token", False),
        ("API_TOKEN", "changeme-please", False),
    ],
)
def test_what_is_a_secret(name: str, value: str, found: bool) -> None:
    manifest = container(f'env:\n- name: {name}\n  value: "{value}"')
    assert bool(report_of(manifest, select=("JL808",)).findings) == found


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("command: [npm, start]", "JL721"),
        ("command: [yarn, run, start]", "JL721"),
        ("command: [pause]", "JL720"),
        ("image: registry.k8s.io/pause:3.10", "JL720"),
        ("args: [pause]", "JL720"),
    ],
)
def test_what_may_be_meant_is_no_warning(text: str, rule: str) -> None:
    """A package's `start` may be the Job's one task; who runs `pause` wants a Pod that only holds its place."""
    manifest = (
        container(text)
        if not text.startswith("image")
        else container("tty: false").replace("registry.example.com/etl:1.4.2", text[7:])
    )
    assert [f.severity for f in report_of(manifest).findings if f.rule == rule] == ["info"]


def test_a_date_in_backquotes_that_is_computed_twice() -> None:
    assert ("JL746", "containers[0].args[0]") in findings(script("set -e; mkdir /b/`date +%s`; cp -r /data/. /b/`date +%s`"))
