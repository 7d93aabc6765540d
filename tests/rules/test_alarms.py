"""Statements that were once wrong or too loud: forms that people write on purpose, and the traps right beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.run.check import check_files

from .helper import WORK, cronjob_of, engine_of, job_of, report_of, script_of, warnings_of


def _script(text: str, shell: str = "sh") -> str:
    return job_of(script_of(text, shell))


DEVICES = (
    "volumes:\n- {name: d, hostPath: {path: /dev/nvidia0}}\n- {name: l, hostPath: {path: /usr/lib/nvidia}}\n",
    WORK + "volumeMounts:\n- {name: d, mountPath: /dev/nvidia0}\n- {name: l, mountPath: /usr/lib/nvidia}\n",
)


@pytest.mark.parametrize(
    "manifest",
    [
        _script("cmd || [ $? -eq 3 ]"),
        _script("cmd || [[ $? == 3 ]]", "bash"),
        _script("cmd || test $? = 3"),
        _script("cmd || grep -q ok log"),
        _script("cat x | kubectl apply -f -"),
        _script("cmd | head -1"),
        _script("for i in 1 2 3; do nc -z db 5432 && exit 0 || sleep 5; done; exit 1"),
        _script("rm -rf /tmp/x || true\n./load"),
        _script("cmd\nif [[ $? == 0 ]]; then echo ok; else exit 1; fi", "bash"),
        _script("cmd > /dev/full"),
        job_of(spec="activeDeadlineSeconds: 300\n"),
        job_of(spec="activeDeadlineSeconds: 20\n"),
        job_of(spec="activeDeadlineSeconds: 3600\nbackoffLimit: 60\nparallelism: 20\ncompletions: 100\n"),
        job_of(spec="backoffLimit: 5\nparallelism: 10\ncompletions: 10\n"),
        job_of(WORK + 'env:\n- {name: BROKER_URL, value: "amqp://x"}\n', "parallelism: 3\n"),
        job_of(spec="parallelism: 0  # paused until the import is over\n"),
        job_of(DEVICES[1], "parallelism: 3\ncompletions: 3\n", pod=DEVICES[0]),
        job_of(spec="ttlSecondsAfterFinished: 120\n", meta="annotations: {helm.sh/hook: post-install}\n"),
        job_of(meta="annotations: {helm.sh/hook: pre-delete}\n"),
        job_of(meta="labels: {helm.sh/chart: mychart}\n"),
        job_of(meta="labels: {kueue.x-k8s.io/queue-name: q}\n", spec="suspend: true\n"),
        job_of('command: [/runner.sh, /bin/sh, -c, "echo a && echo b"]\n'),
        job_of('command: [/app/bin/app, eval, "App.Release.migrate() && IO.puts(1)"]\n'),
        job_of(WORK + "env:\n- name: SCRIPT\n  value: |\n    echo $HOME\n    for i in $X; do echo $i; done\n"),
        job_of("command: [heartbeat, run]\n"),
        job_of(WORK + "env:\n- {name: APP_CREDENTIALS, value: x.json}\n"),
        job_of("args: [wait]\n"),
        cronjob_of("*/10 * * * *", "concurrencyPolicy: Replace\n", "activeDeadlineSeconds: 300\n"),
        cronjob_of("0 0 31 2 *", "suspend: true\n"),
        cronjob_of("@every 48h"),
    ],
)
def test_what_is_meant_is_no_warning(manifest: str) -> None:
    assert not warnings_of(manifest)


@pytest.mark.parametrize(
    ("manifest", "rule"),
    [
        (_script("cmd || echo no && exit 1"), "JL709"),
        (_script("python load.py\necho done"), "JL704"),
        (job_of(spec="backoffLimit: 2\nparallelism: 10\ncompletions: 10\n"), "JL204"),
        (job_of(spec="parallelism: 3\n"), "JL402"),
        (cronjob_of("30 2 * * *", "timeZone: Europe/Berlin\n"), "JL507"),
    ],
)
def test_the_traps_beside_them(manifest: str, rule: str) -> None:
    assert warnings_of(manifest) == {rule}


def test_an_interval_is_told_as_it_is_written() -> None:
    (finding,) = [f for f in report_of(cronjob_of("@every 48h"), "1.37").findings if f.rule == "JL520"]
    assert "@every 48h " in finding.message


@pytest.mark.parametrize(("shared", "severity"), [("true", "info"), ("false", "warning")])
def test_a_container_that_is_there_to_stop_the_proxy(shared: str, severity: str) -> None:
    """As Google's bank-of-anthos does it: it sees the proxy's process, and its command names the program."""
    manifest = f"""\
apiVersion: batch/v1
kind: Job
metadata: {{name: populate}}
spec:
  template:
    spec:
      shareProcessNamespace: {shared}
      restartPolicy: Never
      containers:
      - name: controller
        image: "bash:5.2"
        command: [bash, -c, '. /scripts/wait-to-complete.sh "initialize.sh" "cloud_sql_proxy"']
      - name: populate
        image: "postgres:16.1"
        command: [bash, -c, ". /scripts/initialize.sh 127.0.0.1 5432"]
      - name: proxy
        image: "gcr.io/cloudsql-docker/gce-proxy:1.37.10"
        command: ["/cloud_sql_proxy", "-instances=a=tcp:5432"]
"""
    (finding,) = [f for f in report_of(manifest).findings if f.rule == "JL722"]
    assert finding.severity == severity
    assert ("unless controller stops it" in finding.message) == (severity == "info")


def test_a_worker_that_stops_the_proxy_as_its_last_command_is_no_helper() -> None:
    """mysql-report of the trouble reports: where the work fails, the proxy runs on; where it does not, its exit code fails."""
    manifest = """apiVersion: batch/v1
kind: Job
metadata: {name: x}
spec:
  template:
    spec:
      restartPolicy: Never
      shareProcessNamespace: true
      containers:
      - name: report
        image: registry.example.com/report:1.2.0
        command: ["/bin/sh", "-c", "set -e; report --all; pkill -15 cloud_sql_proxy"]
      - name: proxy
        image: gcr.io/cloudsql-docker/gce-proxy:1.33.2
        command: ["/cloud_sql_proxy", "-instances=p:r:db=tcp:3306"]
"""
    assert _of("JL722", manifest) == ["warning"]


def _of(rule: str, manifest: str) -> list[str]:
    """The severities of a rule's findings."""
    return [f.severity for f in report_of(manifest, "1.37").findings if f.rule == rule]


def test_an_image_that_is_loaded_on_the_nodes_is_no_warning() -> None:
    assert _of("JL306", job_of(WORK + "imagePullPolicy: Never\n")) == ["info"]


def test_a_name_that_something_writes_later_has_no_version_yet() -> None:
    assert _of("JL801", job_of().replace("example.com/etl:1.4.2", "IMAGE_PLACEHOLDER")) == []
    assert _of("JL801", job_of().replace("example.com/etl:1.4.2", "etl")) == ["warning"]


def test_31_february_is_meant_and_31_june_is_not() -> None:
    assert _of("JL501", cronjob_of("0 0 31 2 *")) == ["warning"]
    assert _of("JL501", cronjob_of("0 0 31 6 *")) == ["error"]


@pytest.mark.parametrize("rule", ["JL510", "JL511", "JL512", "JL513", "JL514"])
def test_a_suspended_cronjob_starts_nothing(rule: str) -> None:
    for policy in ("Allow", "Forbid", "Replace"):
        manifest = cronjob_of("* * * * *", f"suspend: true\nconcurrencyPolicy: {policy}\n", "backoffLimit: 6\n")
        assert _of(rule, manifest) == []


def test_a_last_gap_that_is_a_little_shorter_is_no_warning() -> None:
    assert _of("JL502", cronjob_of("0 */5 * * *")) == ["info"]
    assert _of("JL502", cronjob_of("0 */7 * * *")) == ["warning"]
    assert _of("JL502", cronjob_of("0 3 */3 * *")) == ["warning"]


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n"
NEEDS = WORK + "env:\n- name: P\n  valueFrom: {secretKeyRef: {name: db, key: password}}\n"


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ("data:\n  # password: <base64>\n", []),
        ("stringData: {user: YOUR_USER_HERE}\n", []),
        ("stringData: {user: app}\n", ["warning"]),
    ],
)
def test_a_secret_that_is_filled_in_elsewhere_says_nothing_of_its_keys(secret: str, found: list[str]) -> None:
    assert _of("JL930", SECRET + secret + "---\n" + job_of(NEEDS)) == found


def test_a_placeholder_behind_an_alias_is_a_placeholder() -> None:
    manifest = job_of().replace("name: x\n", 'name: x\n  labels: &all\n    app: "pg-${APP}"\n', 1)
    manifest = manifest.replace("template:\n", "template:\n    metadata: {labels: *all}\n", 1)
    report = report_of(manifest, "1.37")
    assert {f.rule for f in report.findings if f.severity != "info"} == set()
    assert "JL003" in {f.rule for f in report.findings}


def test_dots_alone_stand_for_a_value() -> None:
    manifest = job_of().replace("name: x\n", "name: ...\n", 1)
    assert warnings_of(manifest) == set()
    assert _of("JL003", manifest) == ["info"]


def test_a_name_that_two_loops_print_is_another_each_time() -> None:
    loop = "{{- range $k, $v := .Values.%s }}\n        - name: {{ $k }}\n          value: {{ $v | quote }}\n{{- end }}\n"
    loops = loop % "public" + loop % "private"
    assert _of("JL190", job_of() + "        env:\n" + loops) == []


@pytest.mark.parametrize(
    ("script", "severities"),
    [
        ("./load || true", ["warning"]),
        ("./load || echo failed", ["warning"]),
        ('ID=x\n./drop_database || true\nif [ -z "$ID" ]; then exit 1; fi', ["info"]),
        ('./load\n./drop_database x || echo "it may not exist, continuing"', ["info"]),
        ("./load\n./drop_database x 2>/dev/null || true", ["info"]),
        ("./load\n./drop_database x >/dev/null 2>&1 || true", ["info"]),
        ("./load\n./store x || true", ["warning"]),
    ],
)
def test_a_failure_that_somebody_says_does_not_matter_is_an_info(script: str, severities: list[str]) -> None:
    assert _of("JL702", _script("set -e\n" + script)) == severities


def test_a_script_that_fails_further_down_is_not_told_to_end_with_0() -> None:
    script = "set -e\n./drop_database || true\nif [ ! -s /out ]; then exit 1; fi"
    (finding,) = [f for f in report_of(_script(script), "1.37").findings if f.rule == "JL702"]
    assert "the script continues" in finding.message
    assert "Complete" not in finding.message


@pytest.mark.parametrize("run", ["./check.sh", "bash /opt/check.sh", "/opt/check.sh --all"])
def test_a_program_that_is_fetched_and_run_need_not_be_checked(run: str) -> None:
    fetch = "curl -fsSL -o /opt/check.sh https://example.com/check.sh\nchmod +x /opt/check.sh\n"
    assert _of("JL705", _script(fetch + run)) == []
    assert _of("JL705", _script(fetch + "./load")) == ["warning"]


def test_an_option_is_no_word_of_what_the_work_is() -> None:
    assert _of("JL222", job_of("command: [app, createuser, --email, x@example.com]\n")) == []
    assert _of("JL222", job_of("command: [app, send-email]\n")) == ["info"]


def test_a_pipe_is_named_as_a_whole() -> None:
    script = "for d in a b; do\n  pg_dump $d | gzip > /out/$d.gz\n  echo $d\ndone\nfind /out -mtime +7 -delete\n./store /out\n"
    (finding,) = [f for f in report_of(_script(script), "1.37").findings if f.rule == "JL705"]
    assert "`pg_dump $d | gzip" in finding.message


def test_an_init_container_that_ends_does_not_complete_the_job() -> None:
    init = "initContainers:\n- name: db\n  image: example.com/psql:16\n  command: [sh, -c, './schema || true']\n"
    (finding,) = [f for f in report_of(job_of(pod=init), "1.37").findings if f.rule == "JL702"]
    assert "the main containers start" in finding.message


def test_words_for_a_failure_among_other_work_are_an_info() -> None:
    script = './schema || echo "Schema may already exist"\n./migrate || echo "Migration may have run already"\n'
    assert _of("JL702", _script(script)) == ["info"]


@pytest.mark.parametrize("kind", ["Job", "CronJob"])
def test_what_a_test_waits_for_is_no_manifest(kind: str) -> None:
    report = report_of(f"apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: x}}\nstatus: {{succeeded: 1}}\n")
    assert not report.findings
    assert [s.reason for s in report.skipped] == [f"kind {kind}, the expected result of a test, which is not applied"]
    assert report_of(f"apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: x}}\n").findings


def test_one_finding_for_a_ttl_that_is_short_in_any_case() -> None:
    manifest = cronjob_of("0 */4 * * *", "failedJobsHistoryLimit: 1\n", "ttlSecondsAfterFinished: 30\n")
    assert _of("JL308", manifest) == ["warning"]
    assert _of("JL309", manifest) == []


def test_images_of_the_clusters_own_release_have_no_other_tag() -> None:
    image = "image-registry.openshift-image-registry.svc:5000/openshift/cli:latest"
    assert _of("JL801", job_of().replace("example.com/etl:1.4.2", image)) == []
    assert _of("JL801", job_of().replace("example.com/etl:1.4.2", image.replace("/openshift/", "/shop/"))) == ["warning"]


def test_whoever_is_not_signed_in_fails_later() -> None:
    assert _of("JL705", _script("mc alias set store https://example.com a b\nmc rm --recursive --force store/old\n")) == []
    assert _of("JL705", _script("mc alias set store https://example.com a b\n./load\n")) == ["warning"]
    assert _of("JL705", _script("mc mirror /data store/new\nmc rm --recursive --force store/old\n")) == ["warning"]


@pytest.mark.parametrize("name", ["02-assert.yaml", "10-errors.yaml", "03-assert-backup.yaml"])
def test_a_step_of_a_test_suite_is_no_manifest(tmp_path: Path, name: str) -> None:
    """KUTTL compares it with the objects in the cluster (kuttl.dev, "Asserts and Errors")."""
    file = tmp_path / name
    file.write_text("apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {template: {spec: {containers: [{name: a}]}}}\n")
    report = check_files(engine_of(), (str(file),), 1)
    assert not report.findings and [s.reason for s in report.skipped] == [
        "kind Job, the expected result of a test, which is not applied"
    ]


@pytest.mark.parametrize(
    "text", ["kind: CronJob\nnameOverride: x\nschedule: '0 3 * * *'\n", "kind: Job\nglobal: {image: {tag: v1}}\n"]
)
def test_settings_with_a_kind_are_no_object(tmp_path: Path, text: str) -> None:
    file = tmp_path / "prod.yaml"
    file.write_text(text)
    report = check_files(engine_of(), (str(file),), 1)
    assert not report.findings and [s.what for s in report.skipped] == ["no object"]


@pytest.mark.parametrize("text", ["kind: Job\n", "kind: Job\nname: x\ntemplate: {}\n", "kind: Job\nmetadata: {}\nglobal: {}\n"])
def test_a_job_with_little_in_it_is_judged(tmp_path: Path, text: str) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(text)
    assert "JL108" in [f.rule for f in check_files(engine_of(), (str(file),), 1).findings]


PROBED = "ports:\n- {name: web, containerPort: 80}\nlivenessProbe:\n  tcpSocket: {port: PORT}\ncommand: [python, load.py]\n"


def test_a_probe_of_a_port_that_does_not_exist_kills_nothing() -> None:
    """The kubelet discards its result (pkg/kubelet/prober/worker.go, doProbe)."""
    assert warnings_of(job_of(PROBED.replace("PORT", "http"))) & {"JL726", "JL729"} == {"JL729"}
    assert warnings_of(job_of(PROBED.replace("PORT", "8080"))) & {"JL726", "JL729"} == {"JL726"}


def test_a_program_in_a_mount_over_the_system_is_meant() -> None:
    mount = "volumeMounts:\n- {name: s, mountPath: /usr/sbin}\n"
    volume = "volumes:\n- name: s\n  secret: {secretName: s}\n"
    assert "JL922" not in warnings_of(job_of(f"command: [/usr/sbin/setup.sh]\n{mount}", pod=volume))
    assert "JL922" in warnings_of(job_of(f"command: [/app/setup]\n{mount}", pod=volume))


def _beside(command: str, pod: str = "", work: str = WORK) -> set[str]:
    other = f"containers:\n- name: helper\n  image: example.com/helper:1.0.0\n  command: {command}\n"
    return warnings_of(job_of(work, pod=pod).replace("      containers:\n", "".join(f"      {x}\n" for x in other.splitlines())))


def test_a_daemon_in_the_background_is_no_sidecar() -> None:
    assert "JL722" not in _beside("[yarn, --daemon, start, proxyserver]")
    assert "JL722" in _beside("[redis-server]")


def test_a_server_that_the_work_stops_may_succeed() -> None:
    """PostgreSQL exits with 0 after SIGTERM (postgresql.org, "Shutting Down the Server"); sleep does not."""
    work = script_of("./verify; status=$?; pkill -TERM -f helper; exit $status")
    shared = "shareProcessNamespace: true\n"
    assert "JL722" not in _beside("[postgres]", shared, work)
    assert "JL722" in _beside("[cloud_sql_proxy]", shared, work)


def test_a_policy_need_not_select_the_pods_itself(tmp_path: Path) -> None:
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n"
        "  podSelector: {matchLabels: {app: OWN}}\n  ingress: [{from: [{podSelector: {matchLabels: {app: FROM}}}]}]\n---\n"
    )
    job = job_of(meta="labels: {app: etl}\n")
    for own, source, found in (("etl", "web", False), ("web", "etl", True)):
        file = tmp_path / "all.yaml"
        file.write_text(policy.replace("OWN", own).replace("FROM", source) + job)
        assert ("JL953" in {f.rule for f in check_files(engine_of(), (str(file),), 1).findings}) == found


def test_an_overlay_may_set_the_variables_of_a_base(tmp_path: Path) -> None:
    text = job_of(script_of('psql "$DATABASE_URL" -c "SELECT 1"'), image="postgres:17-alpine")
    for folder, found in (("base", False), ("jobs", True)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "job.yaml").write_text(text)
        report = check_files(engine_of(), (str(tmp_path / folder / "job.yaml"),), 1)
        assert ("JL744" in {f.rule for f in report.findings}) == found


def test_a_key_with_dots_is_named_whole() -> None:
    text = job_of(WORK).replace("  template:\n", "  template:\n    metadata:\n      config.linkerd.io/ports: '80'\n")
    (finding,) = [f for f in report_of(text).findings if f.rule == "JL105"]
    assert 'spec.template.metadata has no field "config.linkerd.io/ports"' in finding.message
    assert finding.fix_text.startswith("annotations:")


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata: {url: x}\n---\n"


def test_a_secret_may_have_the_name_of_a_config_map(tmp_path: Path) -> None:
    env = "command: [./load]\nenv:\n- name: A\n  valueFrom: {secretKeyRef: {name: app, key: KEY}}\n"
    for text, found in (
        (job_of(env.replace("KEY", "token")), False),
        (job_of(env.replace("KEY", "url")), True),
        (job_of("command: [./load]\nenvFrom: [{secretRef: {name: app}}, {configMapRef: {name: app}}]\n"), False),
        (job_of("command: [./load]\nenvFrom: [{secretRef: {name: app}}]\n"), True),
    ):
        file = tmp_path / "all.yaml"
        file.write_text(CONFIG + text)
        assert ("JL931" in {f.rule for f in check_files(engine_of(), (str(file),), 1).findings}) == found, text


ROLE = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: x, namespace: n}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: x, namespace: n}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: x, namespace: n}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: x}
subjects: [{kind: ServiceAccount, name: x, namespace: n}]
---
"""


@pytest.mark.parametrize(
    ("env", "script", "found"),
    [
        ("", "kubectl delete secret a\n", True),
        ("env: [{name: KUBECONFIG, value: /etc/tenant/config}]\n", "kubectl delete secret a\n", False),
        ("", "export KUBECONFIG=/etc/tenant/config\nkubectl delete secret a\n", False),
    ],
)
def test_a_kubeconfig_replaces_the_account(tmp_path: Path, env: str, script: str, found: bool) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(ROLE + job_of(env + script_of(script), meta="namespace: n\n", pod="serviceAccountName: x\n"))
    assert ("JL934" in {f.rule for f in check_files(engine_of(), (str(file),), 1).findings}) == found


@pytest.mark.parametrize(
    "script",
    [
        ". /scripts/vault.sh\nvaultFunc init\npython load.py",
        "while true; do\n  wget -qO n http://api/n\n  if [ $(cat n) -gt 0 ]; then break; fi\n  sleep 3\ndone\npython load.py",
        "if [ $CA != null ]; then\n  URL=${URL}\\&sslrootcert=${CA}\nfi\npython load.py",
        ". /scripts/lib.sh\nwaitfordatabase\nloginfo null started\npython load.py",
    ],
)
def test_what_a_script_leaves_to_others_is_no_lost_failure(script: str) -> None:
    """A sourced function may end the script, a loop that waits asks again, an assignment cannot fail."""
    assert "JL705" not in warnings_of(_script(script, "bash"))


@pytest.mark.parametrize(
    "script",
    [
        "./prepare_data\npython load.py",
        ". /scripts/env.sh\npg_restore x.dump\npython load.py",
        ". /scripts/env.sh\n/opt/app/bin/load a\npython load.py",
        ". /scripts/env.sh\nkubectl apply -f /x\npython load.py",
        "for x in a b; do\n  curl -sfO http://api/$x\n  sleep 1\ndone\ncurl -sfO http://api/z\npython load.py",
    ],
)
def test_beside_them_failures_are_lost(script: str) -> None:
    assert "JL705" in warnings_of(_script(script, "bash"))


HALF = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: {template: {spec: {containers: HERE}}}\n"


@pytest.mark.parametrize(
    ("listed", "containers", "found"),
    [
        ("patches: [{path: other.yaml}]\n", "[{name: a, env: [{name: A, value: b}]}]", False),
        ("resources: [half.yaml]\n", "[{name: a}]", True),
        ("resources: [../base]\n", "[{name: a, image: x/y:1}]", True),
        ("", "[{name: a}]", True),
    ],
)
def test_half_an_object_beside_a_kustomization_is_a_patch(tmp_path: Path, listed: str, containers: str, found: bool) -> None:
    """A tool adds it to the patches: nobody applies it as it is."""
    (tmp_path / "half.yaml").write_text(HALF.replace("HERE", containers))
    if listed:
        (tmp_path / "kustomization.yaml").write_text(listed)
    report = check_files(engine_of(), (str(tmp_path / "half.yaml"),), 1)
    assert ("JL101" in {f.rule for f in report.findings}) == found


def _chart(folder: Path, **files: str) -> str:
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (folder / "values.yaml").write_text("on: false\n")
    for name, text in files.items():
        (folder / "templates" / name.replace("_", ".")).write_text(text)
    return str(folder / "templates" / next(iter(files)).replace("_", "."))


def test_a_definition_is_no_object(tmp_path: Path) -> None:
    body = "spec:\n  jobTemplate:\n    spec:\n      template: {spec: {containers: [{name: a, image: x/y:1}]}}\n"
    body = f'{{{{- define "c.job" }}}}\n{{{{- if .Values.on }}}}\n{body}{{{{- end }}}}\n{{{{- end }}}}\n'
    report = check_files(engine_of(), (_chart(tmp_path, part_yaml=body),), 1)
    assert not report.findings


HOOKS = (
    '{{- define "c.hook" -}}\n"helm.sh/hook": pre-install\n{{- end -}}\n{{- define "c.hooks" -}}\n'
    '{{- include "c.hook" . }}\n"helm.sh/hook-delete-policy": hook-succeeded\n{{- end -}}\n'
)


def _switched(meta: str, name: str = "x") -> str:
    return "{{- if .Values.on }}\n" + job_of(meta=meta).replace("name: x", f"name: {name}", 1) + "{{- end }}\n"


def test_a_helper_says_that_it_is_a_hook(tmp_path: Path) -> None:
    text = _switched('annotations:\n  {{- include "c.hooks" . | nindent 4 }}\n  "helm.sh/hook-weight": "2"\n')
    report = check_files(engine_of(), (_chart(tmp_path, job_yaml=text, hooks_tpl=HOOKS),), 1)
    assert "JL625" not in {f.rule for f in report.findings}


@pytest.mark.parametrize(("name", "found"), [("x", True), ("x-{{ randAlphaNum 5 | lower }}", False), ("x-xxxxx", False)])
def test_a_hook_with_a_random_name_is_in_nobodys_way(tmp_path: Path, name: str, found: bool) -> None:
    text = _switched("annotations: {helm.sh/hook: pre-install, helm.sh/hook-delete-policy: hook-succeeded}\n", name)
    report = check_files(engine_of(), (_chart(tmp_path, job_yaml=text),), 1)
    assert ("JL608" in {f.rule for f in report.findings}) == found


@pytest.mark.parametrize(
    ("manifest", "rule", "found"),
    [
        (_script("set -e\npsql -c 'CREATE DATABASE x'\n./load"), "JL224", True),
        (_script("set -e\npsql -c '\\x' -c 'CREATE DATABASE x' -c 'SELECT 1'\n./load"), "JL224", False),
        (_script("set -e\npsql -v ON_ERROR_STOP=1 -c 'CREATE DATABASE x' -c 'SELECT 1'\n./load"), "JL224", True),
        (_script("set -e\npsql -f /sql/a.sql -c 'CREATE DATABASE x'\n./load"), "JL224", True),
        (_script('[[ "$a" = "parse error"* ]] && exit 1\n./load', "bash"), "JL762", False),
        (_script('[[ "$a" = "parse error*" ]] && exit 1\n./load', "bash"), "JL762", True),
        (cronjob_of("0 18 29 2 6"), "JL504", True),
        (cronjob_of("0 18 29 2 6", "suspend: true\n"), "JL504", False),
        (cronjob_of("0 18 * * 6", "failedJobsHistoryLimit: 1\n", "ttlSecondsAfterFinished: 43200\n"), "JL309", True),
        (
            cronjob_of("0 18 * * 6", "failedJobsHistoryLimit: 1\nsuspend: true\n", "ttlSecondsAfterFinished: 43200\n"),
            "JL309",
            False,
        ),
        (job_of(WORK + "env: [{name: NGINX_CERT_SECRET, value: shop-nginx}]\n"), "JL808", False),
        (job_of(WORK + "env: [{name: CLIENT_SECRET, value: shop-nginx}]\n"), "JL808", True),
        (job_of(WORK + "env: [{name: NGINX_CERT_SECRET, value: Shop+nginx}]\n"), "JL808", True),
    ],
)
def test_what_looks_the_same_and_is_not(manifest: str, rule: str, found: bool) -> None:
    assert (rule in warnings_of(manifest)) == found


EXEC = "rules: [{apiGroups: [''], resources: [pods, pods/exec], resourceNames: [web-0], verbs: [get, create]}]\n"


@pytest.mark.parametrize(("pod", "found"), [("web-0", False), ("web-1", True), ("deploy/web", True)])
def test_a_role_may_name_the_pod(tmp_path: Path, pod: str, found: bool) -> None:
    """A namespace in the call says nothing of a RoleBinding that has none: both may be applied to it."""
    role = ROLE.replace(", namespace: n}", "}").replace('rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n', EXEC)
    file = tmp_path / "all.yaml"
    file.write_text(role + job_of(script_of(f"kubectl -n shop exec {pod} -- ls\n"), pod="serviceAccountName: x\n"))
    findings = [f for f in check_files(engine_of(), (str(file),), 1).findings if f.rule == "JL934"]
    assert bool(findings) == found and "another namespace" not in "".join([f.message for f in findings])


def test_what_a_template_prints_is_no_limit_of_one_byte(tmp_path: Path) -> None:
    text = job_of(WORK + 'resources: {limits: {memory: "{{ .Cluster.memory }}"}}\n')
    file = tmp_path / "job.yaml"
    file.write_text('{{ if eq .Cluster.on "true" }}\n' + text + "{{ end }}\n")
    assert "JL913" not in {f.rule for f in check_files(engine_of(), (str(file),), 1).findings}


@pytest.mark.parametrize(
    ("folder", "image", "found"),
    [
        ("base", "amster", False),
        ("base", "example.com/amster", True),
        ("base", "amster:latest", True),
        ("base", "busybox", True),
        ("jobs", "amster", True),
    ],
)
def test_an_overlay_may_set_the_image_of_a_base(tmp_path: Path, folder: str, image: str, found: bool) -> None:
    (tmp_path / folder).mkdir()
    file = tmp_path / folder / "job.yaml"
    file.write_text(job_of(image=image))
    warned = {f.rule for f in check_files(engine_of(), (str(file),), 1).findings if f.severity != "info"}
    assert ("JL801" in warned) == found


def _deployment(name: str, secret: str = "") -> str:
    pull = f"      imagePullSecrets: [{{name: {secret}}}]\n" if secret else ""
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: a}}}}\n"
        f"  template:\n    metadata: {{labels: {{app: a}}}}\n    spec:\n{pull}"
        f"      containers: [{{name: main, image: example.com/{name}:1.0.0}}]\n"
    )


@pytest.mark.parametrize(
    ("others", "found"),
    [
        ([_deployment("web")], False),
        ([_deployment("web", "registry")], True),
        ([_deployment("web", "registry"), _deployment("api", "registry")], True),
    ],
)
def test_a_pull_secret_is_missing_only_where_another_has_one(others: list[str], found: bool) -> None:
    assert ("JL963" in warnings_of("---\n".join([*others, job_of()]))) is found


PULLS = "spec: {imagePullSecrets: [{name: NAME}], containers: [{name: web, image: registry.example.com/web:1}]}"


@pytest.mark.parametrize(("name", "found"), [("regcred", True), ('""', False)])
def test_an_empty_pull_secret_is_none(tmp_path: Path, name: str, found: bool) -> None:
    web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n"
    web += f"  template: {{metadata: {{labels: {{app: web}}}}, {PULLS.replace('NAME', name)}}}\n---\n"
    file = tmp_path / "all.yaml"
    file.write_text(web + job_of(image="registry.example.com/etl:1"))
    assert ("JL963" in {f.rule for f in check_files(engine_of(), (str(file),), 1).findings}) == found


@pytest.mark.parametrize(("call", "found"), [("ping", False), ("status", True)])
def test_mysqladmin_ping_needs_no_password(call: str, found: bool) -> None:
    env = "env: [{name: MYSQL_ROOT_PASSWORD, value: x}]\n"
    text = job_of(env + script_of(f"mysqladmin -h db {call}\n"), image="mysql:8.4")
    assert ("JL773" in {f.rule for f in report_of(text).findings}) == found
