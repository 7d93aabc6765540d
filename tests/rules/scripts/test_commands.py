"""Commands and arguments as lists, clients without a token or a host, CronJobs that end immediately."""

from __future__ import annotations

import pytest
import yaml

from joblint.run.check import check_text
from tests.rules.helper import engine_of, job_of, report_of, script_of

from .helper import told


@pytest.mark.parametrize(
    ("container", "phrases"),
    [
        ("command: [python main.py]\n", ("looks for a program named", '["python", "main.py"]', "does not find it")),
        ("command: [python main.py, x]\n", ("followed by the other arguments",)),
        ("command: ['./load && ./save']\n", ('["sh", "-ec", "./load && ./save"]',)),
        ("command: ['export A=b']\n", ('["sh", "-ec", "export A=b"]',)),
        ("command: [tini, --, './load a']\n", ('["./load", "a"]',)),
        ("command: [./load]\n", ()),
        ("command: ['./load ']\n", ()),
        ("command: [sh, -c, './load a']\n", ()),
        ("args: [python main.py]\n", ("most entrypoints look for a program named",)),
        ("args: ['/app/load a']\n", ("most entrypoints look for a program named",)),
        ("args: [some words]\n", ()),
        ("args: ['-x some words']\n", ()),
        ("command: [python, 'main.py --a']\n", ("python looks for a file named", '["main.py", "--a"]')),
        ("command: [node, '-m http']\n", ("the option and what follows it as one word", '["-m", "http"]')),
        ("command: [java, '-jar a.jar']\n", ("as one word",)),
        ("command: [./load, '--host db']\n", ("as one word", '["--host", "db"]')),
        ("command: [./load, '--my_host db']\n", ("as one word",)),
        ("command: [./load, '--host=db x']\n", ()),
        ("command: [./load, '-Xmx1g -jar']\n", ("as one word",)),
        ("command: [./load, '-Xmx1g jar']\n", ()),
        ("command: [./load, '-h db']\n", ("gets the space as part of the value", '["-h", "db"]')),
        ("command: [./load, '-h db x']\n", ()),
        ("command: [./load, '-H db']\n", ()),
        ("command: [./load, '-9 db']\n", ()),
        ("command: [./load, -m, 'main.py x']\n", ()),
        ("command: [./load, -m, '--host db']\n", ("as one word",)),
        ("command: [./load, some words]\n", ()),
    ],
)
def test_a_command_in_one_string(container: str, phrases: tuple[str, ...]) -> None:
    found = told("JL710", job_of(container))
    assert bool(found) == bool(phrases) and all(p in found for p in phrases), found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("command: [python main.py]\n", 'command: ["python", "main.py"]\n'),
        ("command: ['python main.py', x]\n", 'command: ["python", "main.py", x]\n'),
        ("command:\n- python main.py\n", "command:\n- python\n- main.py\n"),
        ("command:\n- 'python main.py'\n", 'command:\n- "python"\n- "main.py"\n'),
        ("command:\n- python yes\n", 'command:\n- "python"\n- "yes"\n'),
        ("command: [\"python 'a b'\"]\n", ""),
        ("command:\n- >-\n  python main.py\n", ""),
        ("command: ['./a && ./b']\n", ""),
    ],
)
def test_a_command_in_one_string_is_split(before: str, after: str) -> None:
    from joblint.rules.fixes.apply import apply

    text = job_of(before)
    (finding,) = check_text(engine_of(select=("JL710",)), text.encode(), "job.yaml").findings
    fixed = apply(text.encode(), list(finding.fix.edits)) if finding.fix is not None else b""
    assert fixed == (job_of(after).encode() if after else b"")


@pytest.mark.parametrize(
    ("words", "phrases"),
    [
        ("[sh, -c, ./load, a, b]", ('"./load a b"', "as the only argument after -c")),
        ("[sh, -c, ./load, ./save it]", ("- |", "set -e", "./save it")),
        ("[sh, -c, './load $1', a]", ()),
        ("[sh, -c, './load \"$@\"', a]", ()),
        ("[sh, -c, './load ${1}', a]", ()),
        ("[sh, -c, ./load, --]", ()),
        ("[sh, -c, ./load, sh]", ()),
        ("[sh, -c, ./load, /bin/bash]", ()),
        ("[sh, -c, ./load, sh, a]", ("as the only argument",)),
        ("[sh, -c, ./load]", ()),
        ("[bash, /setup.sh, 'curl -X POST a']", ("/setup.sh && curl -X POST a",)),
        ("[bash, /setup.sh, 'some text']", ()),
        ("[bash, /setup, 'curl -X POST a']", ()),
        ("[bash, /setup.sh, curl]", ()),
        ("[sh, -c, '" + "a" * 60 + "', b]", ("into the script",)),
    ],
)
def test_arguments_after_the_script_of_a_shell(words: str, phrases: tuple[str, ...]) -> None:
    found = told("JL711", job_of(f"command: {words}\n"))
    assert bool(found) == bool(phrases) and all(p in found for p in phrases), found


@pytest.mark.parametrize(
    ("container", "phrase"),
    [
        ("command: [sh, -c]\n", "-c requires a script"),
        ("command: [sh]\n", "has no input and exits immediately with 0"),
        ("command: [sh]\nstdin: true\n", "waits for input indefinitely"),
        ("command: [sh, -x]\n", ""),
        ("command: [sh, -s, './load && ./save']\n", ""),
        ("command: [sh, './load && ./save']\n", "looks for a script file named"),
        ("command: [sh, 'echo a']\n", "looks for a script file named"),
        ("command: [sh, '/app/my load.sh']\n", ""),
        ("command: [sh, -x, python, main.py]\n", "reads python as a script file, but python is a program"),
        ("command: [sh, main.py]\n", ""),
        ("command: [sh, ./python]\n", ""),
        ("command: [sh, load]\n", ""),
    ],
)
def test_a_shell_without_a_script(container: str, phrase: str) -> None:
    found = told("JL712", job_of(container))
    assert bool(found) == bool(phrase) and phrase in found, found


@pytest.mark.parametrize(
    ("rule", "container", "image", "phrase"),
    [
        ("JL747", "command: [-fsS, a]\n", "example.com/a:1", "Rename command to args."),
        ("JL747", "command: [backup, a]\n", "restic/restic:0.17.3", "begin command with restic"),
        ("JL747", "command: ['-']\n", "example.com/a:1", ""),
        ("JL747", "command: [backup]\n", "example.com/a:1", ""),
        ("JL747", "args: [-fsS]\n", "example.com/a:1", ""),
        ("JL788", "args: [aws, s3, ls]\n", "amazon/aws-cli:2.17", "Remove aws from args."),
        ("JL788", "args: [sh, -c, a]\n", "amazon/aws-cli:2.17", "Rename args to command."),
        ("JL788", "args: [s3, ls]\n", "amazon/aws-cli:2.17", ""),
        ("JL788", "command: [aws]\nargs: [aws]\n", "amazon/aws-cli:2.17", ""),
        ("JL788", "args: [aws, s3]\n", "example.com/a:1", ""),
    ],
)
def test_command_and_args_for_an_image(rule: str, container: str, image: str, phrase: str) -> None:
    found = told(rule, job_of(container, image=image))
    assert bool(found) == bool(phrase) and phrase in found, found


NO_TOKEN = "automountServiceAccountToken: false\n"


@pytest.mark.parametrize(
    ("container", "pod", "there"),
    [
        (script_of("kubectl get pods"), "", True),
        (script_of("helm list"), "", True),
        ("command: [kubectl, get, pods]\n", "", True),
        (script_of("kubectl version"), "", False),
        (script_of("kubectl --token=a get pods"), "", False),
        (script_of("kubectl get pods --kubeconfig a"), "", False),
        (script_of('kubectl "$X" pods'), "", False),
        (script_of("kubectl -n"), "", False),
        (script_of("export KUBECONFIG=a\nkubectl get pods"), "", False),
        (script_of("kubectl config set-context a\nkubectl get pods"), "", False),
        (script_of("cat pods"), "", False),
        (script_of("kubectl get pods") + "env:\n- {name: KUBECONFIG, value: a}\n", "", False),
        (script_of("kubectl get pods") + "env:\n- {name: OTHER, value: a}\n", "", True),
        (script_of("kubectl get pods") + "envFrom:\n- secretRef: {name: a}\n", "", False),
        (
            script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /root/.kube}\n",
            "secret: {secretName: a}",
            False,
        ),
        (script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /root}\n", "secret: {secretName: a}", False),
        (script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /home/app}\n", "secret: {secretName: a}", False),
        (script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /data}\n", "secret: {secretName: a}", True),
        (
            script_of("cp /data/a b\nkubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /data}\n",
            "secret: {secretName: a}",
            False,
        ),
        (script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /data}\n", "hostPath: {path: /a}", False),
        (script_of("kubectl get pods") + "volumeMounts:\n- {name: v, mountPath: /root}\n", "emptyDir: {}", True),
    ],
)
def test_a_client_without_a_token(container: str, pod: str, there: bool) -> None:
    volumes = f"volumes:\n- {{name: v, {pod}}}\n" if pod else ""
    assert bool(told("JL736", job_of(container, pod=NO_TOKEN + volumes))) == there
    assert not told("JL736", job_of(container, pod=volumes))
    assert not told("JL736", job_of(container, pod=NO_TOKEN.replace("false", "true") + volumes))


@pytest.mark.parametrize(
    ("script", "phrase"),
    [
        ("psql -c 'SELECT 1'", "name: PGHOST"),
        ("mysql -e 'SELECT 1'", "name: MYSQL_HOST"),
        ("mysqldump shop", "name: MYSQL_HOST"),
        ("redis-cli get a", "redis-cli -h <service-name>"),
        ("mongosh --eval a", "mongosh mongodb://<service-name>"),
        ("psql -d shop -c a", "name: PGHOST"),
        ("psql --dbname=shop", "name: PGHOST"),
        ("psql --dbname=postgres://db/shop", ""),
        ("psql --dbname=", ""),
        ('psql -d "$URL"', ""),
        ("psql -h db", ""),
        ("psql --host=db", ""),
        ("psql postgres://db/shop", ""),
        ("psql 'host=db'", ""),
        ('psql "$URL"', ""),
        ('psql -c "$SQL"', "name: PGHOST"),
        ("redis-cli -u redis://a", ""),
        ("psql --version", ""),
        ("mysql --defaults-file=a", ""),
        ("pg_restore a", ""),
        ("pg_restore -d shop a", "name: PGHOST"),
        ("pg_ctl start\npsql -c a", ""),
        ("export PGHOST=db\npsql -c a", ""),
        ("ssh -L 5432:db:5432 host\npsql -c a", ""),
        ("cat a", ""),
    ],
)
def test_a_client_without_a_host(script: str, phrase: str) -> None:
    found = told("JL737", job_of(script_of(script)))
    assert bool(found) == bool(phrase) and phrase in found, found
    for image, severity in (("postgres:17", "warning"), ("example.com/a:1", "info")):
        findings = report_of(job_of(script_of(script), image=image), select=("JL737",)).findings
        assert [f.severity for f in findings] == [severity] * bool(phrase)
    env = "env:\n- {name: PGHOST, value: db}\n"
    assert not told("JL737", job_of(script_of(script) + env))
    assert not told("JL737", job_of(script_of(script), pod="hostNetwork: true\n"))
    sidecar = "initContainers:\n- {name: s, image: 'a:1', restartPolicy: Always}\n"
    assert not told("JL737", job_of(script_of(script), pod=sidecar))


@pytest.mark.parametrize(
    ("container", "quick"),
    [
        ("command: [echo, a]\n", True),
        ("command: [/bin/date]\n", True),
        ("command: [./load]\n", False),
        ("command: [sh, -c, 'date; echo a']\n", True),
        ("command: [sh, -c, 'date && echo a || ./load']\n", True),
        ("command: [/bin/sh, -ec, 'date; ./load']\n", False),
        ("command: [bash, -c, 'echo a > b 2>&1']\n", True),
        ("command: [bash, -c, '# note\n\n  echo a # b']\n", True),
        ("command: [bash, -c, './load & echo a']\n", False),
        ("command: [bash, load.sh]\n", False),
        ("command: [bash]\n", False),
    ],
)
def test_a_container_that_ends_immediately(container: str, quick: bool) -> None:
    from joblint.rules.checks.cronjob.length import _harmless

    assert _harmless(yaml.safe_load(container)) == quick


@pytest.mark.parametrize(
    ("image", "quick"),
    [("alpine:3.20", True), ("docker.io/library/busybox", True), ("hello-world@sha256:1", True), ("python:3", False)],
)
def test_an_image_that_ends_immediately(image: str, quick: bool) -> None:
    from joblint.rules.checks.cronjob.length import _harmless

    assert _harmless({"image": image}) == quick
