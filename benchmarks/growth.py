#!/usr/bin/env python3
# ruff: noqa: E501 - a row an axis
"""Whether anything grows faster than its input: doubles the size along each axis and compares the CPU time.

    python benchmarks/growth.py [AXIS …] [--limit 2.6] [--budget 20]

For each axis it makes inputs of n, 2n, 4n, … and runs joblint over them until a step adds --least seconds. A step may add 2.6
times what the step before it added; a quadratic path adds 4 times as much. Where a run takes more than --budget seconds of CPU,
the axis fails, too. Exit 1 where one fails.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

JOB = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: job-{n}
spec:
  backoffLimit: 6
  activeDeadlineSeconds: 300
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: load
        image: registry.example.com/etl:1.4.2
        args: ["load", "--part", "{n}"]
        resources:
          requests: {{cpu: 500m, memory: 256Mi}}
          limits: {{memory: 256Mi}}
"""
HEAD = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: job
"""
POD = """\
spec:
  template:
    spec:
      restartPolicy: Never
"""
MAIN = """\
      containers:
      - name: main
        image: registry.example.com/etl:1.4.2
        resources: {limits: {memory: 256Mi}}
"""
CRON = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: nightly
spec:
  schedule: "{schedule}"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {{name: main, image: "registry.example.com/etl:1.4.2"}}
"""

NO_CACHE = {"HOME": "", "XDG_CACHE_HOME": "", "LOCALAPPDATA": ""}
"""An environment that names no place for a cache: each run does all of its work."""

Make = Callable[[Path, int], list[str]]
AXES: dict[str, tuple[int, Make]] = {}


def axis(name: str, start: int) -> Callable[[Make], Make]:
    """Registers what makes the input of a size and gives the arguments of the run; `start` is the first size."""

    def register(make: Make) -> Make:
        AXES[name] = (start, make)
        return make

    return register


def one(name: str, start: int, text: Callable[[int], str], *arguments: str, suffix: str = "yaml") -> None:
    """An axis of one file that `joblint check`, or the command given, reads."""

    def make(folder: Path, n: int) -> list[str]:
        path = folder / f"{n}.{suffix}"
        path.write_text(text(n))
        return [*(arguments or ("check",)), str(path)]

    AXES[name] = (start, make)


def each(n: int, line: str, indent: int = 0) -> str:
    """A line n times, `{n}` in it counted from 0."""
    return "".join([" " * indent + line.replace("{n}", str(i)) + "\n" for i in range(n)])


def item(text: str) -> str:
    """A document as an item of a list."""
    lines = text.splitlines()
    return "- " + "\n  ".join(lines) + "\n"


def jobs(n: int) -> list[str]:
    return [JOB.format(n=i) for i in range(n)]


def documents(n: int) -> str:
    return "---\n".join(jobs(n))


def list_of(n: int) -> str:
    return "apiVersion: v1\nkind: List\nitems:\n" + "".join([item(t) for t in jobs(n)])


def json_list(n: int) -> str:
    import json

    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "j"},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "c", "image": "a:1"}]}}},
    }
    items = [{**job, "metadata": {"name": f"j{i}"}} for i in range(n)]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items}, indent=1)


one("documents", 500, documents)
for format in ("text", "json"):
    one(f"documents as {format}, infos", 250, documents, "check", "--severity", "info", "--format", format)
one("documents, fixed", 250, lambda n: documents(n).replace("6\n", "010\n"), "check", "--diff", "--unsafe")
one("items of a List", 500, list_of)
one("items of a List, fixed", 100, lambda n: list_of(n).replace("6\n", "010\n"), "check", "--diff", "--unsafe")
one("items, octal numbers", 250, lambda n: list_of(n).replace("backoffLimit: 6", "backoffLimit: 010"))
one("items, yes and no", 250, lambda n: list_of(n).replace("6\n", "6\n    suspend: yes\n"))
one("items, values missing", 250, lambda n: list_of(n).replace("activeDeadlineSeconds: 300", "activeDeadlineSeconds:"))
one("items, block scalars", 250, lambda n: list_of(n).replace('"{n}"', "|\n            x\n"))
one("items, keys as booleans", 250, lambda n: list_of(n).replace("  spec:\n", "    labels: {on: a}\n  spec:\n", 1))
one("items, refused", 250, lambda n: list_of(n).replace("Never", "never"))
one("items, unknown fields", 250, lambda n: list_of(n).replace("backoffLimit", "backofLimit"))
one("items, placeholders", 250, lambda n: list_of(n).replace("backoffLimit: 6", "backoffLimit: ${LIMIT}"))
one("items of JSON", 1000, json_list, suffix="json")
one("documents of JSON", 1000, lambda n: json_list(1)[60:-3].join([""] * n) or "{}", suffix="json")
one("documents, empty", 4000, lambda n: "---\n# nothing\n" * n)
one("documents, of other kinds", 2000, lambda n: "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n" * n)
one("documents, templates", 2000, lambda n: "---\nkind: Job\nname: {{ .Values.a }}\n" * n)
one("documents, not YAML", 500, lambda n: "---\nkind: Job\nmetadata: {name: a\n" * n)
one("documents, Services", 1000, lambda n: documents(n) + each(n, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s{n}}"))
one("Lists in Lists", 4, lambda n: "apiVersion: v1\nkind: List\nitems: [" * n + "]" * n)
one("lines of comments", 20000, lambda n: JOB.format(n=1) + each(n, "# comment {n}"))
for _name, _lines in {
    "compressed files": "gzip /data/f{n}",
    "files that are uploaded compressed": "pg_dump d{n} > f{n}.sql.gz",
    "states that a script switches": "kubectl scale deployment/d{n} --replicas=0",
    "lock files": "[ -e /data/l{n} ] && exit 0",
}.items():
    one(
        f"{_name} in a script",
        500,
        lambda n, lines=_lines: (
            HEAD + POD + MAIN + '        command: ["sh", "-c"]\n        args:\n        - |\n' + each(n, lines, 10)
        ),  # type: ignore[misc]
    )
one(
    "lines of a script",
    500,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + '        command: ["sh", "-c"]\n        args:\n        - |\n'
        + each(n, "echo $X{n} | grep a{n} && sleep 1", 10)
    ),
)
one("lines of a text", 5000, lambda n: HEAD + "  annotations:\n    text: |\n" + each(n, "words and words {n}", 6) + POD + MAIN)
one(
    "folded lines",
    5000,
    lambda n: HEAD + '  annotations:\n    text: "\n' + each(n, "words and words {n}", 6) + '      "\n' + POD + MAIN,
)
one("length of a word", 200000, lambda n: HEAD + f"  annotations: {{text: {'a' * n}}}\n" + POD + MAIN)
one("length of a number", 50000, lambda n: HEAD + POD.replace("template", f"backoffLimit: {'1' * n}\n  template") + MAIN)
one("length of a name", 50000, lambda n: HEAD.replace("job", "a" * n) + POD + MAIN)
one("length of an image", 50000, lambda n: HEAD + POD + MAIN.replace("etl", "a/" * n))
one("length of a schedule", 5000, lambda n: CRON.format(schedule=",".join(["5"] * n) + " * * * *"))
one("length of a quantity", 20000, lambda n: HEAD + POD + MAIN.replace("256Mi", "1" * n))
one("depth of braces", 1000, lambda n: HEAD + "  annotations: " + "{a: " * n + "}" * n + "\n" + POD + MAIN)
one("depth of brackets", 1000, lambda n: HEAD + "  annotations: " + "[" * n + "]" * n + "\n" + POD + MAIN)
one("depth of blocks", 500, lambda n: HEAD + "  annotations:\n    a: \n    " + "- " * n + "\n" + POD + MAIN)
one("labels", 1000, lambda n: HEAD + "  labels:\n" + each(n, "key{n}: value", 4) + POD + MAIN)
one("annotations", 1000, lambda n: HEAD + "  annotations:\n" + each(n, "key{n}: value", 4) + POD + MAIN)
one("labels, refused", 300, lambda n: HEAD + "  labels:\n" + each(n, "key{n}: a b", 4) + POD + MAIN)
one("keys that stand twice", 2000, lambda n: HEAD + "  annotations:\n" + each(n, "a: value\n    a: value", 4) + POD + MAIN)
one("unknown fields", 200, lambda n: HEAD + POD.replace("spec:\n", "spec:\n" + each(n, "field{n}: 1", 2), 1) + MAIN)
one("aliases", 1000, lambda n: HEAD + POD + MAIN + "        env:\n        - &a {name: A, value: b}\n" + "        - *a\n" * n)
one(
    "merges",
    500,
    lambda n: HEAD + POD + MAIN + "        env:\n        - &a {name: A, value: b}\n" + each(n, "- {<<: *a, name: B{n}}", 8),
)
one(
    "containers",
    100,
    lambda n: HEAD + POD + "      containers:\n" + each(n, "- {name: c{n}, image: 'a:1', command: [run, a]}", 6),
)
one(
    "containers with scripts",
    50,
    lambda n: (
        HEAD
        + POD
        + "      containers:\n"
        + each(n, "- {name: c{n}, image: 'a:1', command: [sh, -c, 'while true; do sleep 1; done; echo $A']}", 6)
    ),
)
one("init containers", 100, lambda n: HEAD + POD + "      initContainers:\n" + each(n, "- {name: c{n}, image: 'a:1'}", 6) + MAIN)
one(
    "sidecars",
    100,
    lambda n: HEAD + POD + "      initContainers:\n" + each(n, "- {name: c{n}, image: 'a:1', restartPolicy: Always}", 6) + MAIN,
)
one("containers of one name", 100, lambda n: HEAD + POD + "      containers:\n" + each(n, "- {name: c, image: 'a:1'}", 6))
one("env entries", 500, lambda n: HEAD + POD + MAIN + "        env:\n" + each(n, "- {name: A{n}, value: $(A0) b}", 8))
one("env entries of one name", 500, lambda n: HEAD + POD + MAIN + "        env:\n" + each(n, "- {name: A, value: b}", 8))
one("env entries, refused", 200, lambda n: HEAD + POD + MAIN + "        env:\n" + each(n, "- {name: 'A={n}'}", 8))
one("arguments", 2000, lambda n: HEAD + POD + MAIN + "        command:\n" + each(n, "- --flag-{n}=$(A)", 8))
PROTOCOLS = ("TCP", "UDP", "SCTP")
one(
    "ports",
    300,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + "        ports:\n"
        + "".join(
            [f"        - {{containerPort: {i % 65535 + 1}, name: p{i}, protocol: {PROTOCOLS[i // 65535]}}}\n" for i in range(n)]
        )
    ),
)
one(
    "ports, refused",
    300,
    lambda n: HEAD + POD + MAIN + "        ports:\n" + each(n, "- {containerPort: 7{n}000, name: p{n}}", 8),
)
one(
    "volumes and mounts",
    200,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + "        volumeMounts:\n"
        + each(n, "- {name: v{n}, mountPath: /v{n}}", 8)
        + "      volumes:\n"
        + each(n, "- {name: v{n}, persistentVolumeClaim: {claimName: c{n}}}", 6)
    ),
)
one("volumes, unused", 200, lambda n: HEAD + POD + MAIN + "      volumes:\n" + each(n, "- {name: v{n}, emptyDir: {}}", 6))
one(
    "items of a volume",
    300,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + "      volumes:\n      - name: v\n        configMap:\n          name: a\n          items:\n"
        + each(n, "- {key: k{n}, path: p{n}}", 10)
    ),
)
one("tolerations", 300, lambda n: HEAD + POD + MAIN + "      tolerations:\n" + each(n, "- {key: k{n}, operator: Exists}", 6))
one(
    "terms of affinity",
    200,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + "      affinity:\n        nodeAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            nodeSelectorTerms:\n"
        + each(n, "- {matchExpressions: [{key: k{n}, operator: In, values: [a]}]}", 12)
    ),
)
one(
    "spread constraints",
    100,
    lambda n: (
        HEAD
        + POD
        + MAIN
        + "      topologySpreadConstraints:\n"
        + each(n, "- {maxSkew: 1, topologyKey: k{n}, whenUnsatisfiable: DoNotSchedule}", 6)
    ),
)
one(
    "policy rules",
    100,
    lambda n: (
        HEAD
        + POD.replace(
            "spec:\n",
            "spec:\n  podFailurePolicy:\n    rules:\n"
            + each(n, "- {action: Ignore, onExitCodes: {operator: In, values: [{n}1]}}", 4),
            1,
        )
        + MAIN
    ),
)
one(
    "owner references",
    200,
    lambda n: HEAD + "  ownerReferences:\n" + each(n, "- {apiVersion: v1, kind: A, name: a, uid: u{n}}", 2) + POD + MAIN,
)
one("finalizers", 300, lambda n: HEAD + "  finalizers:\n" + each(n, "- example.com/f{n}", 2) + POD + MAIN)
one("host aliases", 300, lambda n: HEAD + POD + MAIN + "      hostAliases:\n" + each(n, "- {ip: 10.0.0.1, hostnames: [h{n}]}", 6))


@axis("files of a folder", 500)
def _files(folder: Path, n: int) -> list[str]:
    within = folder / str(n)
    within.mkdir()
    for i, text in enumerate(jobs(n)):
        (within / f"{i}.yaml").write_text(text)
    return ["check", "--jobs", "1", str(within)]


@axis("folders", 500)
def _folders(folder: Path, n: int) -> list[str]:
    within = folder / str(n)
    for i, text in enumerate(jobs(n)):
        (within / f"{i}").mkdir(parents=True)
        (within / f"{i}" / "job.yaml").write_text(text)
    return ["check", "--jobs", "1", str(within)]


@axis("patches of kustomize", 250)
def _patches(folder: Path, n: int) -> list[str]:
    within = folder / str(n)
    within.mkdir()
    for i, text in enumerate(jobs(n)):
        (within / f"{i}.yaml").write_text(text)
        (within / f"p{i}.yaml").write_text(f"apiVersion: batch/v1\nkind: Job\nmetadata: {{name: job-{i}}}\n")
    patches = each(n, "- path: p{n}.yaml")
    (within / "kustomization.yaml").write_text("resources:\n" + each(n, "- {n}.yaml") + "patches:\n" + patches)
    return ["check", "--jobs", "1", str(within)]


@axis("rules selected", 200)
def _selected(folder: Path, n: int) -> list[str]:
    path = folder / "job.yaml"
    path.write_text(JOB.format(n=0))
    return ["check", "--select", ",".join(["JL3", "JL2"] * n), str(path)]


def explained(name: str, start: int, text: Callable[[int], str], *arguments: str) -> None:
    one(name, start, text, "jobs-explain", *arguments)


def many(completions: str, more: str = "") -> Callable[[int], str]:
    return lambda n: HEAD + POD.replace("spec:\n", "spec:\n" + completions.format(n=n), 1) + MAIN + more


COUNT = "  completions: {n}\n  parallelism: 10\n"
INDEXED = COUNT + "  completionMode: Indexed\n"
PER_INDEX = INDEXED + "  backoffLimitPerIndex: 1\n"
for format in ("text", "json", "html", "svg", "markdown"):
    explained(f"completions as {format}", 200, many(COUNT), "--format", format)
explained("completions, indexed", 200, many(INDEXED))
explained("completions, per index", 200, many(PER_INDEX))
explained("parallelism", 100, many("  completions: {n}\n  parallelism: {n}\n"))
explained("back-off limit", 200, many("  backoffLimit: {n}\n"))
explained("back-off limit as json", 200, many("  backoffLimit: {n}\n"), "--format", "json")
explained("Jobs explained", 50, documents, "--brief")
explained("Jobs explained on a page", 10, documents, "--format", "html")
explained("minutes of a schedule", 5, lambda n: CRON.format(schedule=",".join([str(i) for i in range(n % 60)]) + " * * * *"))
one("completions, checked", 100_000, many(COUNT))
one("back-off limit, checked", 1000, many("  backoffLimit: {n}\n"))


def cpu(command: list[str], budget: float) -> float | None:
    """Seconds of CPU that a command took; None where one of its processes took more than the budget. Raises ValueError where it
    crashed."""
    import resource
    import signal

    def limit() -> None:  # of processor time: a machine that does much else must not fail an axis
        resource.setrlimit(resource.RLIMIT_CPU, (int(budget) + 1, int(budget) + 1))

    environment = {**os.environ, **NO_CACHE}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, env=environment, preexec_fn=limit
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return None
    if done.returncode not in (0, 1):
        raise ValueError(f"exit {done.returncode}: {done.stderr.decode()[-300:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def grown(name: str, folder: Path, joblint: list[str], least: float, budget: float) -> tuple[float | None, str]:
    """How many times as long twice the input takes, None where that could not be measured, and the sizes and times in words.

    Three sizes n, 2n, 4n: what the second step adds against what the first one adds, so that no fixed cost counts.
    """
    size, make = AXES[name]
    taken: list[tuple[int, float]] = []
    while len(taken) < 3 or taken[-1][1] - taken[-2][1] < least:
        if len(taken) > 15:
            return 1.0, "costs nothing"
        within = folder / str(size)
        within.mkdir()
        arguments = [*joblint, *make(within, size)]
        found = [t for t in (cpu(arguments, budget), cpu(arguments, budget)) if t is not None]
        if not found:
            return None, f"n={size}: more than {budget:g} s"
        taken.append((size, min(found)))
        size *= 2
    (n, first), (_, second), (m, third) = taken[-3:]
    return (third - second) / max(second - first, 1e-3), f"n={n}: {first:.2f} s, {second:.2f} s, n={m}: {third:.2f} s"


def main() -> int:
    """Runs the axes; 1 where one grows too fast."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("axes", nargs="*", metavar="AXIS", help="words in the names of the axes to run (default: all)")
    parser.add_argument("--limit", type=float, default=2.6, help="times the CPU that twice the input may take (default: 2.6)")
    parser.add_argument("--least", type=float, default=0.4, help="seconds that the last step must add (default: 0.4)")
    parser.add_argument("--budget", type=float, default=20, help="seconds of CPU after which a run is given up (default: 20)")
    options = parser.parse_args()
    script = Path(sys.executable).with_name("joblint")
    joblint = [str(script)] if script.exists() else [sys.executable, "-m", "joblint"]
    failed = 0
    for name in AXES:
        if options.axes and not any(word in name for word in options.axes):
            continue
        with tempfile.TemporaryDirectory() as top:
            folder = Path(top)
            try:
                ratio, words = grown(name, folder, joblint, options.least, options.budget)
            except ValueError as error:
                ratio, words = None, str(error)
        bad = ratio is None or ratio > options.limit
        failed += bad
        print(f"{'FAIL' if bad else 'ok':4}  {'' if ratio is None else f'{ratio:.2f}':>5}  {name}  ({words})", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
