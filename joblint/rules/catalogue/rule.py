"""Rules as data: one record for each rule file, loaded from the compiled index; knows rule files, no manifests.

A rule file (`rules/*.yaml`, schema `schemas/rule.json`) contains metadata, texts and examples; `checks/table.py` defines which
function is its check. The index is compiled when the wheel is built, and cached next to an editable install, because reading a
hundred YAML files would take longer than a check.
"""

from __future__ import annotations

from marshal import dumps, loads

from joblint.base.memo import memo
from joblint.base.record import Record, fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FAMILIES = {
    "0": "reading",
    "1": "refused",
    "2": "retries",
    "3": "deadlines",
    "4": "completions",
    "5": "cronjob",
    "6": "deploy",
    "7": "containers",
    "8": "hygiene",
    "9": "pods",
}
"""The digit after JL, and the module or directory of `joblint/rules/checks/` that contains the family's checks."""

PAGES = "https://github.com/joblint/joblint/blob/main/docs/rules/"
"""The address of the pages of joblint's own rules."""

TITLES = {
    "reading": "Reading the file",
    "refused": "Rejected by the API server",
    "retries": "Retries",
    "deadlines": "Deadlines and TTL",
    "completions": "Completions and parallelism",
    "cronjob": "CronJob",
    "deploy": "Apply, Helm and GitOps",
    "containers": "Containers and shell",
    "hygiene": "Hygiene and security",
    "pods": "Pods that never run",
}


class ServerError(Record):
    """The errors of the API server that a rule explains; empty parts match anything.

    `field` is a path in which `[*]` matches any index or key and a leading `**.` any prefix; paths are relative to the Job, so
    that `spec.template…` also matches `spec.jobTemplate.spec.template…` of a CronJob. `message` is a part of the server's text,
    `sent` the value in the manifest (`nothing` if it is not set, `metadata.name` if the rejected value is the object's name).
    """

    field: str = ""
    type: str = ""
    message: str = ""
    sent: str = ""


class Rule(Record):
    """One rule: its names, its severity, where it applies, its texts (marshalled, because a run shows few of them). `check` is
    "" (a function, see `checks/table.py`) or, for a team's own rule, "cel:", the field, a line break and the expression.

    `patterns` are the fields of `server`, of which most runs need none.

    `keys`, `labels`, `text` and `sign` are what its check looks for, see `joblint.rules.plan`; if they are empty, the check
    always runs. `mounted` says whether it also checks the scripts of ConfigMaps that a Job in the same files runs.
    """

    id: str
    name: str
    severity: str
    confidence: str
    profile: str
    since: str
    kinds: tuple[str, ...]
    kubernetes: str
    texts: bytes
    patterns: tuple[tuple[str, str, str, str], ...]
    scope: str
    check: str
    gather: bool
    keys: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    sign: str = ""
    mounted: bool = False

    @property
    def server(self) -> tuple[ServerError, ...]:
        """The errors of the API server that the rule explains."""
        return _errors(self.patterns)

    @property
    def refuses(self) -> bool:
        """Whether the rule explains what the API server rejects, or is of that family: the engine uses it for nothing else."""
        return bool(self.patterns) or self.id.startswith("JL1")

    @property
    def summary(self) -> str:
        """What is wrong, in one line."""
        return str(_texts(self.texts)[0])

    @property
    def message(self) -> str:
        """The text of a finding, with names of values in braces."""
        return str(_texts(self.texts)[1])

    @property
    def label(self) -> str:
        """The words next to the place in the manifest; "" for none."""
        return str(_texts(self.texts)[2])

    @property
    def why(self) -> str:
        """What happens, and why."""
        return str(_texts(self.texts)[3])

    @property
    def fix(self) -> str:
        """What to write instead."""
        return str(_texts(self.texts)[4])

    @property
    def references(self) -> tuple[str, ...]:
        """Where it can be read."""
        return tuple(_texts(self.texts)[5])

    @property
    def family(self) -> str:
        """Return the module or directory of `joblint/rules/checks/` with this rule's check; "" for a team's own rule."""
        return FAMILIES.get(self.id[2:3], "") if self.id.startswith("JL") else ""

    @property
    def url(self) -> str:
        """Return the page of one of joblint's own rules; for a team's rule the first reference, "" if there is none."""
        return f"{PAGES}{self.id}.md" if self.family else self.references[0] if self.references else ""


@memo(512)
def _texts(texts: bytes) -> tuple[Any, ...]:
    """The texts of a rule: the same objects for all findings of a run."""
    return tuple(loads(texts))


@memo(512)
def _errors(patterns: tuple[tuple[str, str, str, str], ...]) -> tuple[ServerError, ...]:
    return tuple([ServerError(*pattern) for pattern in patterns])


def from_data(data: dict[str, Any]) -> Rule:
    """Return a rule from the data of its file, which the rule schema has accepted."""
    applies, looks_for = data.get("applies") or {}, data.get("looks_for") or {}
    check = data.get("check") or ""
    if isinstance(check, dict):
        check = f"cel:{check.get('field', '')}\n{check.get('cel', '')}"
    return Rule(
        id=data["id"],
        name=data["name"],
        severity=data["severity"],
        confidence=data.get("confidence", "certain"),
        profile=data.get("profile", "default"),
        since=str(data.get("since", "")),
        kinds=tuple(applies.get("kinds", ("Job", "CronJob"))),
        kubernetes=applies.get("kubernetes", ""),
        mounted=applies.get("mounted_scripts", False),
        texts=dumps(
            (
                data["summary"],
                data["message"],
                data.get("label", ""),
                data.get("why", "").strip(),
                data.get("fix", "").strip(),
                tuple(data.get("references", ())),
            ),
            2,  # the newest format in which equal texts are written alike
        ),
        patterns=tuple([tuple([e.get(name, "") for name in fields(ServerError)]) for e in data.get("server", ())]),
        scope=data.get("scope", "object"),
        check=check,
        gather=bool(data.get("gather", False)),
        keys=tuple(looks_for.get("keys", ())),
        labels=tuple(looks_for.get("labels", ())),
        text=tuple(looks_for.get("text", ())),
        sign=looks_for.get("sign", ""),
    )


def _build() -> list[tuple[Any, ...]]:
    """The compiled index: one tuple of plain values for each rule, in the order of IDs."""
    from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

    rules = sorted((from_data(read_rule_file(name, data)) for name, data in builtin_rule_files()), key=lambda r: r.id)
    return [tuple([getattr(r, name) for name in fields(Rule)]) for r in rules]


def builtin() -> tuple[Rule, ...]:
    """Return joblint's own rules, in the order of their IDs."""
    from joblint.base import compiled

    return tuple([Rule(*row) for row in compiled.load("rules", ("rules/*.yaml",), _build)])
