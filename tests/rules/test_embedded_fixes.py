"""Fixes of Jobs inside other objects: in place, everything else to the byte, and nothing that the text does not contain."""

from __future__ import annotations

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.rules.fixes.apply import fix_data
from joblint.rules.owners.embedded import SPEC, Embedded

OWN_KIND = (Embedded("NightlyRun", "spec.job", SPEC, "ops.example.com"),)
ENGINE = Engine(chosen(builtin(), Selection(), "1.36"), "1.36", embedded=OWN_KIND)

SCALED = """\
# KEDA worker
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata:
  name: worker   # the queue's worker
spec:
  jobTargetRef:
    parallelism: "2"          # quoted by mistake
    backofLimit: 3
    completionMode: indexed
    template:
      metadata:
        label: {a: b}
      spec:
        restartPolicy: never
        ttlSecondsAfterFinished: 600   # keep it
        terminationGracePeriodSeconds: 30s
        containers:
          # the worker
          - name: main
            image: registry.example/worker:1.2
            args: run
            env:
              A: b
            resources:
              requests: {cpu: 100m, memory: 64mi}
  triggers:
    - type: kafka
      metadata: {topic: a}
"""
SCALED_FIXED = """\
# KEDA worker
apiVersion: keda.sh/v1alpha1
kind: ScaledJob
metadata:
  name: worker   # the queue's worker
spec:
  jobTargetRef:
    ttlSecondsAfterFinished: 600   # keep it
    parallelism: 2          # quoted by mistake
    backoffLimit: 3
    completionMode: Indexed
    template:
      metadata:
        labels: {a: b}
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 30
        containers:
          # the worker
          - name: main
            image: registry.example/worker:1.2
            args: [run]
            env:
              - name: A
                value: b
            resources:
              requests: {cpu: 100m, memory: 64Mi}
  triggers:
    - type: kafka
      metadata: {topic: a}
"""
SETS = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  replicatedJobs:
  - name: workers
    template:
      spec: {parallelism: 2, completions: "2", completionMode: indexed, template: {spec: {containers: [{name: a, image: "t:1"}]}}}
  - name: leader
    template:
      spec:
        template:
          spec:
            backoffLimit: 4
            containers: {name: a, image: "t:1", ports: [{containerport: 80}]}
"""
SETS_FIXED = """\
apiVersion: jobset.x-k8s.io/v1alpha2
kind: JobSet
metadata: {name: train}
spec:
  replicatedJobs:
  - name: workers
    template:
      spec: {parallelism: 2, completions: 2, completionMode: Indexed, template: {spec: {containers: [{name: a, image: "t:1"}]}}}
  - name: leader
    template:
      spec:
        backoffLimit: 4
        template:
          spec:
            containers: [{name: a, image: "t:1", ports: [{containerPort: 80}]}]
"""
WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: run-}
spec:
  entrypoint: job
  templates:
  - name: job
    resource:
      action: create
      manifest: |2
            # made by the workflow
            apiVersion: batch/v1
            kind: CronJob
            metadata: {generateName: c-}
            spec:
              schedule: "0 0 * * *"
              concurencyPolicy: Forbid   # one at a time
              jobTemplate:
                spec:
                  template:
                    spec:
                      restartPolicy: never
                      containers: [{name: a, image: 'x:1', env: [{name: A, value: true}]}]
"""
WORKFLOW_FIXED = (
    WORKFLOW.replace("concurency", "concurrency")
    .replace("policy: never", "policy: Never")
    .replace("value: true", 'value: "true"')
).replace("restartPolicy: never", "restartPolicy: Never")
TEMPLATE = """\
apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: t}
objects:
- apiVersion: v1
  kind: Service
  metadata: {name: s}
- apiVersion: batch/v1
  kind: CronJob
  metadata: {name: "${NAME}"}
  spec:
    schedule: 0 0 * * *
    concurrencyPolicy: forbid
    timezone: Europe/Berlin
    jobTemplate:
      spec:
        parallelism: ${{N}}
        backoffLimit: "4"
        template:
          spec:
            restartPolicy: Never
            containers: [{name: a, image: "x:1", env: [{name: A, value: 7}]}]
parameters:
- name: NAME
- name: N
"""
TEMPLATE_FIXED = (
    TEMPLATE.replace("forbid", "Forbid").replace("timezone", "timeZone").replace('"4"', "4").replace("value: 7", 'value: "7"')
)
OWN = """\
apiVersion: ops.example.com/v1
kind: NightlyRun
metadata: {name: n}
spec:
  job:
    backofLimit: 2
    template: {spec: {restartPolicy: Never, containers: [{name: a, image: "x:1", env: [{name: A, value: 7}]}]}}
"""
OWN_FIXED = OWN.replace("backofLimit", "backoffLimit").replace("value: 7", 'value: "7"')


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "fixed", "count"),
    [
        (SCALED, SCALED_FIXED, 10),
        (SETS, SETS_FIXED, 5),
        (WORKFLOW, WORKFLOW_FIXED, 3),
        (TEMPLATE, TEMPLATE_FIXED, 4),
        (OWN, OWN_FIXED, 2),
    ],
)
def test_fixes_are_made_in_place(text: str, fixed: str, count: int, break_: str) -> None:
    result = fix_data(ENGINE, text.replace("\n", break_).encode(), "job.yaml")
    assert result.data.decode() == fixed.replace("\n", break_)
    assert len(result.made) == count and not result.crashes


def test_names_that_the_controller_computes_are_not_fixed() -> None:
    text = SETS_FIXED.replace("name: leader", "name: Lea_der")
    assert fix_data(ENGINE, text.encode(), "job.yaml", unsafe=True).data == text.encode()


def test_a_manifest_in_quotes_is_not_fixed() -> None:
    text = WORKFLOW[: WORKFLOW.index("|2")] + (
        '"apiVersion: batch/v1\\nkind: Job\\nmetadata: {generateName: a-}\\nspec:\\n  backofLimit: 1\\n  template:\\n'
        "    spec:\\n      restartPolicy: Never\\n      containers: [{name: a, image: 'x:1'}]\\n\"\n"
    )
    assert fix_data(ENGINE, text.encode(), "job.yaml").data == text.encode()
