"""Fixes of the rarer variants of a rule: what they say to type is valid there and has the names of the manifest."""

from __future__ import annotations

import pytest

from .helper import cronjob_of, job_of, report_of, script_of


def _fix(rule: str, manifest: str) -> str:
    return next(f.fix_text for f in report_of(manifest).findings if f.rule == rule)


@pytest.mark.parametrize(
    ("rule", "script", "words"),
    [
        ("JL762", '[[ "$M" == "full" || "all" ]] && /app/load', '[[ "$M" == "full" || "$M" == "all" ]]'),
        ("JL762", "[ false ] && /app/load", '[ "$NAME" = value ]'),
        ("JL906", "tar -cfz /b/site.tgz -C /srv site", "tar -czf /b/site.tgz …"),
        ("JL906", "mongodump --uri=mongodb://m:27017/a --db=b --archive=/b/x", "--uri=mongodb://m:27017/ --db=b"),
        (
            "JL906",
            "mongodump --uri=mongodb+srv://u:p@m/a --db=b --archive=/b/x",
            "--uri=mongodb+srv://…@m/?authSource=a --db=b",
        ),
        ("JL906", "etcdctl --endpoints=http://a:1,http://b:1 snapshot save /b/x", "--endpoints=http://a:1"),
        ("JL749", "kubectl wait --for=condition=complete job/a --timeout=20m", "condition=failed job/a --timeout=20m"),
        ("JL749", "kubectl wait --for=condition=complete job/a", "condition=failed job/a --timeout=<duration>"),
        ("JL766", "psql -W -h db -c 'select 1'", "valueFrom: {secretKeyRef: {name: <secret-name>, key: <key>}}"),
    ],
)
def test_a_command_can_be_typed(rule: str, script: str, words: str) -> None:
    assert words in _fix(rule, job_of(script_of(script)))


def test_etcdctl_rejects_an_option_next_to_its_variable() -> None:
    container = script_of("etcdctl snapshot save /b/x") + 'env: [{name: ETCDCTL_ENDPOINTS, value: "http://a:1,http://b:1"}]\n'
    assert _fix("JL906", job_of(container)) == 'env:\n- {name: ETCDCTL_ENDPOINTS, value: "http://a:1"}'


def test_a_wrapper_also_sets_the_groups() -> None:
    container = script_of("gosu app /app/load") + "securityContext: {capabilities: {drop: [ALL]}}\n"
    assert "{drop: [ALL], add: [SETUID, SETGID]}" in _fix("JL918", job_of(container))


def test_the_job_of_a_cronjob_has_no_name_to_resume() -> None:
    assert "kubectl" not in _fix("JL411", cronjob_of("0 3 * * *", job="suspend: true\n"))
    assert "kubectl patch job x -n shop " in _fix("JL411", job_of(spec="suspend: true\n", meta="namespace: shop\n"))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("{key: a, operator: In}", "values: [<value>]"),
        ("{key: a, operator: Exists, values: [b]}", "Remove values"),
        ("{key: a, operator: Is}", "NotIn, Exists, DoesNotExist"),
        ('{key: "a b", operator: Exists}', "Correct the key"),
    ],
)
def test_an_expression_is_not_a_label(expression: str, words: str) -> None:
    selector = f"labelSelector: {{matchExpressions: [{expression}]}}"
    spread = "{maxSkew: 1, topologyKey: a/b, whenUnsatisfiable: DoNotSchedule, " + selector + "}"
    assert words in _fix("JL129", job_of(pod=f"topologySpreadConstraints: [{spread}]\n"))


def test_a_missing_selector_is_shown_at_manual_selector() -> None:
    finding = next(f for f in report_of(job_of(spec="manualSelector: true\n")).findings if f.rule == "JL128")
    assert finding.span is not None
    assert (finding.span.line, finding.label) == (6, "needs a selector")
    assert finding.fix_text.startswith("Remove manualSelector:")


@pytest.mark.parametrize(
    ("mode", "words"), [("ReadWriteOnce", "podAffinity:"), ("ReadWriteOncePod", "Run the Job only while Deployment")]
)
def test_the_same_node_does_not_help_a_claim_for_one_pod(mode: str, words: str) -> None:
    volumes = "volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]"
    job = job_of("volumeMounts: [{name: d, mountPath: /d}]\ncommand: [./load]\n", pod=volumes + "\n")
    claim = f"apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: data}}\nspec: {{accessModes: [{mode}]}}\n"
    web = f"{{metadata: {{labels: {{a: b}}}}, spec: {{{volumes}, containers: [{{name: w, image: a:1}}]}}}}"
    selector = "selector: {matchLabels: {a: b}}"
    server = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec: {{{selector}, template: {web}}}\n"
    assert words in _fix("JL951", "---\n".join([job, claim, server]))
