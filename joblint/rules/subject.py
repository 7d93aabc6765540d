"""One Job or CronJob as the checks see it: what was sent, what the server makes of it, what will happen; no output.

Everything that takes time (especially the prediction) is computed when a check first needs it.
"""

from __future__ import annotations

from joblint.api.create.defaults import CONCURRENCY_POLICY, GRACE_PERIOD, backoff_limit
from joblint.api.shared_names import CONTAINER_LISTS
from joblint.base.record import Record
from joblint.controller.prediction.predict import predict
from joblint.rules.finding import Hit
from joblint.rules.workload.endings import endings
from joblint.shell.invocation import invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from joblint.api.admission.pod_security import PodSecurity
    from joblint.api.verdict import Verdict
    from joblint.controller.cron.rhythm import Rhythm
    from joblint.controller.prediction.predict import Prediction
    from joblint.controller.scenario.scenario import Habits
    from joblint.rules.finding import Fix
    from joblint.rules.workload.endings import Ending
    from joblint.rules.workload.scripts import Script
    from joblint.shell.invocation import Invocation
    from joblint.source.documents import Document

    T = TypeVar("T")


class ContainerRef(Record):
    """A container of the Pod template: its path in the object, its defaulted data, its data as sent, and its part.

    `role` is "main", "init" or "sidecar" (an init container with restartPolicy Always).
    """

    at: str
    data: dict[str, Any]
    sent: dict[str, Any]
    role: str

    @property
    def name(self) -> str:
        """The container's name."""
        return str(self.data.get("name") or "")


def as_dict(value: Any) -> dict[str, Any]:
    """Return the value if it is a mapping, otherwise an empty one: a manifest may contain anything anywhere."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return the value if it is a list, otherwise an empty one."""
    return value if isinstance(value, list) else []


def sent_value(value: Any, field: str) -> Any:
    """Return the manifest's value at a field path as the server writes it; None if it has none."""
    from joblint.source.places.paths import steps, value_at

    return value_at(value, steps(field))


def relative(field: str) -> str:
    """Return a field path as rule files write it: relative to the Job, also in a CronJob's template."""
    return field.replace("spec.jobTemplate.", "", 1) if field.startswith("spec.jobTemplate.") else field


class Subject:
    """What the rules check. `verdict` is the server's response to the text as written; `nearest` is the verdict whose defaulted
    object is checked further: the same, or that of the closest object that the server accepts.

    `metadata` is the object's as sent; `job` the Job as it will run, defaulted: the object itself, or what the CronJob's
    template creates; `cron` the CronJob's defaulted spec, empty for a Job.
    """

    __slots__ = (
        "document",
        "prefix",
        "object",
        "kind",
        "verdict",
        "nearest",
        "version",
        "spec_at",
        "spec",
        "pod",
        "sent_spec",
        "sent_pod",
        "containers",
        "_prediction",
        "metadata",
        "job",
        "cron",
        "pod_security",
        "_rhythm",
        "_runs",
        "_scripts",
        "_endings",
        "_marks",
        "_verdicts",
        "_answers",
    )

    def __init__(
        self,
        document: Document,
        prefix: str,
        value: dict[str, Any],
        verdict: Verdict,
        nearest: Verdict,
        version: str,
        pod_security: PodSecurity | None = None,
    ) -> None:
        self.document = document
        self.prefix = prefix
        self.object = value
        self.kind = str(value.get("kind"))
        self.verdict = verdict
        self.nearest = nearest
        self.version = version
        self.pod_security = pod_security
        defaulted = as_dict(nearest.defaulted)
        self.metadata: dict[str, Any] = as_dict(value.get("metadata"))
        self.job: dict[str, Any] = {}
        self.cron: dict[str, Any] = {}
        if self.kind == "CronJob":
            from joblint.api.create.job_of_cronjob import job_from_template

            self.spec_at = "spec.jobTemplate.spec"
            if defaulted:
                self.job = job_from_template(defaulted, version)
                self.cron = as_dict(defaulted.get("spec"))
            self.sent_spec = as_dict(as_dict(as_dict(value.get("spec")).get("jobTemplate")).get("spec"))
        else:
            self.spec_at = "spec"
            self.job = defaulted
            self.sent_spec = as_dict(value.get("spec"))
        self.spec: dict[str, Any] = as_dict(self.job.get("spec"))
        self.pod: dict[str, Any] = as_dict(as_dict(self.spec.get("template")).get("spec"))
        self.sent_pod = as_dict(as_dict(self.sent_spec.get("template")).get("spec"))
        self.containers: tuple[ContainerRef, ...] = tuple(self._all_containers())
        """All containers of the Pod template, init containers first."""
        self._prediction: Prediction | None = None
        self._rhythm: Rhythm | bool | None = None
        self._runs: tuple[Invocation, ...] | None = None
        self._scripts: tuple[Script, ...] | None = None
        self._endings: tuple[Ending, ...] | None = None
        self._marks: tuple[str, ...] | None = None
        self._verdicts: dict[str, Verdict | None] = {}
        self._answers: dict[Any, Any] = {}

    def asked(self, question: Callable[[Subject], T]) -> T:
        """Return a function's result for the object: computed once, however many checks need it."""
        if question not in self._answers:
            self._answers[question] = question(self)
        answer: T = self._answers[question]
        return answer

    def verdict_in(self, version: str) -> Verdict | None:
        """Return the verdict of another version of the server on the object, computed once."""
        if version not in self._verdicts:
            from joblint.api.judge import judge

            self._verdicts[version] = judge(self.object, version)
        return self._verdicts[version]

    @property
    def version_number(self) -> tuple[int, int]:
        """The Kubernetes version as numbers: (1, 37)."""
        major, _, minor = self.version.partition(".")
        return int(major), int(minor)

    @property
    def name(self) -> str:
        """metadata.name, or metadata.generateName, or ""."""
        return str(self.metadata.get("name") or self.metadata.get("generateName") or "")

    @property
    def backoff_limit(self) -> int:
        """The Job's backoffLimit."""
        return backoff_limit(self.spec)

    @property
    def grace_period(self) -> int:
        """The Pod's terminationGracePeriodSeconds."""
        seconds = self.pod.get("terminationGracePeriodSeconds")
        return seconds if isinstance(seconds, int) else GRACE_PERIOD

    @property
    def concurrency_policy(self) -> str:
        """The CronJob's concurrencyPolicy."""
        return str(self.cron.get("concurrencyPolicy") or CONCURRENCY_POLICY)

    @property
    def pod_at(self) -> str:
        """The path of the Pod's spec."""
        return self.spec_at + ".template.spec"

    def _all_containers(self) -> Iterator[ContainerRef]:
        for field in CONTAINER_LISTS:
            sent = as_list(self.sent_pod.get(field))
            for i, data in enumerate(as_list(self.pod.get(field))):
                role = "main" if field == "containers" else "sidecar" if data.get("restartPolicy") == "Always" else "init"
                at = f"{self.pod_at}.{field}[{i}]"
                yield ContainerRef(at, data, as_dict(sent[i] if i < len(sent) else None), role)

    @property
    def mains(self) -> tuple[ContainerRef, ...]:
        """Return the containers whose end ends the Pod."""
        return tuple([c for c in self.containers if c.role == "main"])

    @property
    def fields(self) -> set[str]:
        """The names of the fields that the manifest sets: in the object, its metadata and spec, the Job and the Pod, and in the
        containers; not deeper."""
        found = set(self.object)
        found.update(self.metadata, self.sent_spec, self.sent_pod)
        template = self.sent_spec.get("template")
        found.update(as_dict(as_dict(template).get("metadata")))
        if self.kind == "CronJob":
            spec = as_dict(self.object.get("spec"))
            found.update(spec, as_dict(as_dict(spec.get("jobTemplate")).get("metadata")))
        for container in self.containers:
            found.update(container.sent)
        return found

    @property
    def marks(self) -> tuple[str, ...]:
        """The keys of all labels, annotations and node selectors that the manifest sets."""
        if self._marks is None:
            metas = [self.metadata, as_dict(as_dict(self.sent_spec.get("template")).get("metadata"))]
            if self.kind == "CronJob":
                metas.append(as_dict(as_dict(as_dict(self.object.get("spec")).get("jobTemplate")).get("metadata")))
            maps = [as_dict(meta.get(name)) for meta in metas for name in ("labels", "annotations") if name in meta]
            self._marks = tuple([key for entries in (*maps, as_dict(self.sent_pod.get("nodeSelector"))) for key in entries])
        return self._marks

    @property
    def runs(self) -> tuple[Invocation, ...]:
        """What each of the containers runs, in order."""
        if self._runs is None:
            self._runs = tuple([invocation(c.data, c.at) for c in self.containers])
        return self._runs

    def run_instead(self, runs: tuple[Invocation, ...]) -> None:
        """Let the containers run something else than the manifest says, for the rest of the object's life: a mounted script."""
        self._runs, self._scripts, self._endings = runs, None, None

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The shell scripts that the containers run."""
        if self._scripts is None:
            self._scripts = ()
            if any(r.script >= 0 for r in self.runs):
                from joblint.rules.workload.scripts import scripts

                self._scripts = scripts(self.containers, self.runs)
        return self._scripts

    def limits(self) -> tuple[str, ...]:
        """Why scripts could not be followed, each reason once."""
        return tuple(dict.fromkeys([script.limit for script in self._scripts or () if script.limit]))

    @property
    def endings(self) -> tuple[Ending, ...]:
        """The containers that never end by themselves, with what keeps them running."""
        if self._endings is None:
            self._endings = endings(self.containers, self.runs, self.scripts)
        return self._endings

    @property
    def annotations(self) -> dict[str, Any]:
        """The object's own annotations as sent."""
        return as_dict(self.metadata.get("annotations"))

    @property
    def template_annotations(self) -> dict[str, Any]:
        """The Pod template's annotations as sent."""
        return as_dict(as_dict(as_dict(self.sent_spec.get("template")).get("metadata")).get("annotations"))

    def _habits(self) -> Habits:
        from joblint.rules.workload.habits import habits

        return habits(self)

    @property
    def prediction(self) -> Prediction:
        """What the Job will do, computed on first use."""
        if self._prediction is None:
            self._prediction = predict(self.job, self.version, self._habits)
        return self._prediction

    def forget(self) -> None:
        """Release the prediction, which refers back to this object, so that no reference cycles are left to collect."""
        self._prediction = None

    @property
    def rhythm(self) -> Rhythm | None:
        """How a CronJob's starts are spread; None for a Job, and if the schedule cannot be read."""
        if self._rhythm is None:
            if self.kind != "CronJob":
                return None
            from joblint.controller.cron.rhythm import rhythm

            self._rhythm = rhythm(self.cron) or False
        return self._rhythm or None  # type: ignore[return-value]

    def hit(
        self,
        field: str,
        *,
        label: str = "",
        part: str = "value",
        fix: Fix | None = None,
        also: tuple[str, ...] = (),
        severity: str = "",
        confidence: str = "",
        **values: Any,
    ) -> Hit:
        """Return a hit at a field (a path relative to the object), with the values that the rule's texts contain."""
        return Hit(field, values, label, part, fix, also, severity, confidence)
