"""Manifests for measuring: Jobs and CronJobs of about 1.2 kB as people write them, mostly sound, each a little different."""

from __future__ import annotations

from collections.abc import Iterator

JOB = """\
# Loads one day's orders into the warehouse.
apiVersion: batch/v1
kind: Job
metadata:
  name: load-orders-{n}
  namespace: shop-{team}
  labels:
    app.kubernetes.io/name: load-orders
    app.kubernetes.io/part-of: warehouse
    team: team-{team}
  annotations:
    example.com/owner: "team-{team}@example.com"
spec:
  backoffLimit: {limit}
  activeDeadlineSeconds: {deadline}
  ttlSecondsAfterFinished: 86400
  template:
    metadata:
      labels:
        app.kubernetes.io/name: load-orders
        team: team-{team}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
      containers:
        - name: load
          image: registry.example.com/shop/load-orders:2.{n}.1
          args: ["--day", "2026-03-{day:02}", "--target=warehouse", "--batch-size", "{size}"]
          env:
            - name: LOG_LEVEL
              value: info
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef: {{name: warehouse-{team}, key: url}}
          resources:
            requests: {{cpu: {cpu}m, memory: {memory}Mi}}
            limits: {{memory: {memory}Mi}}
          volumeMounts:
            - {{name: scratch, mountPath: /scratch}}
      volumes:
        - name: scratch
          emptyDir: {{sizeLimit: 1Gi}}
"""
CRONJOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report-{n}
  namespace: shop-{team}
  labels:
    app.kubernetes.io/name: report
    team: team-{team}
spec:
  schedule: "{minute} {hour} * * *"
  timeZone: Europe/Berlin
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      backoffLimit: {limit}
      activeDeadlineSeconds: {deadline}
      ttlSecondsAfterFinished: 86400
      template:
        metadata:
          labels:
            app.kubernetes.io/name: report
        spec:
          restartPolicy: OnFailure
          automountServiceAccountToken: false
          securityContext:
            runAsNonRoot: true
            runAsUser: 10001
          containers:
            - name: report
              image: registry.example.com/shop/report:1.{n}.0
              command: ["/bin/sh", "-c"]
              args:
                - |
                  set -eu
                  report --customer {n} --format pdf > /out/report.pdf
                  upload /out/report.pdf "s3://reports/{team}/"
              resources:
                requests: {{cpu: {cpu}m, memory: {memory}Mi}}
                limits: {{memory: {memory}Mi}}
              volumeMounts:
                - {{name: out, mountPath: /out}}
          volumes:
            - name: out
              emptyDir: {{}}
"""


def manifest(n: int) -> str:
    """The n-th manifest: three Jobs to one CronJob; one in twenty is rejected, one in ten has a deadline that is too short."""
    text = (CRONJOB if n % 4 == 3 else JOB).format(
        n=n,
        team=n % 17,
        limit=3 + n % 3,
        deadline=90 if n % 10 == 0 else 3600 + n % 7 * 600,
        day=1 + n % 28,
        size=100 + n,
        cpu=100 + n % 9 * 50,
        memory=128 + n % 5 * 64,
        minute=n % 60,
        hour=n % 24,
    )
    return text.replace("restartPolicy: ", "restartPolicy: Always # ", 1) if n % 20 == 19 else text


def as_list(count: int) -> Iterator[str]:
    """A List of the first manifests, in pieces: what a process once held is counted as the memory of those that it starts."""
    yield "apiVersion: v1\nkind: List\nitems:\n"
    for n in range(count):
        yield _item(manifest(n))


def as_documents(count: int) -> Iterator[str]:
    """The first manifests in one file, in pieces."""
    for n in range(count):
        yield ("---\n" if n else "") + manifest(n)


def _item(text: str) -> str:
    lines = text.splitlines()
    return "- " + "\n  ".join(lines) + "\n" if not lines[0].startswith("#") else _item("\n".join(lines[1:]))
