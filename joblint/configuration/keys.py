"""The settings as a table: their names and the values they accept; imports nothing but the record type.

`schemas/config.json` contains the same for editors; a test compares the two.
"""

from __future__ import annotations

from joblint.base.record import Record

SEVERITIES = ("info", "warning", "error")


class Key(Record):
    """One setting. `takes` is its type: "list" (of strings), "paths" (a string or a list), "choice", "flag", "version",
    "level", "text", "date", "severities" (a rule's ID or name to a severity or `off`), "embedded" or "overrides"; `unlike` is
    another tool's name for it."""

    name: str
    takes: str
    choices: tuple[str, ...] = ()
    example: str = ""
    unlike: tuple[str, ...] = ()


TOP = (
    Key("extends", "paths", example="../joblint.yaml"),
    Key("select", "list", example="[JL1, image-not-pinned]", unlike=("include", "enable", "rule")),
    Key("ignore", "list", example="[JL802]", unlike=("disable", "skip", "skip-rules", "exclude-rules")),
    Key("profile", "choice", ("default", "strict")),
    Key("severity", "choice", SEVERITIES, unlike=("level", "min-severity")),
    Key("severities", "severities", ("off", *SEVERITIES), "{image-not-pinned: error}"),
    Key("fail-on", "choice", SEVERITIES, unlike=("fail-level", "failure-level")),
    Key("kubernetes-version", "version", example='"1.37" or "1.31..1.37"', unlike=("kubernetes", "k8s-version")),
    Key("pod-security", "level", ("privileged", "baseline", "restricted"), unlike=("pod-security-standard", "pss")),
    Key("rules", "list", example="[lint/rules]", unlike=("custom-rules", "plugins")),
    Key("exclude", "list", example="[vendor/, '*.generated.yaml']", unlike=("exclude-paths", "ignore-paths", "skip-files")),
    Key("fail-on-nothing", "flag"),
    Key("force-exclude", "flag"),
    Key("baseline", "text", example=".joblint-baseline.json"),
    Key("embedded", "embedded", example="[{kind: Pipeline, path: 'spec.steps[*].job', type: job-spec}]"),
    Key("overrides", "overrides", example="[{paths: [legacy/], ignore: [JL301]}]", unlike=("per-file-ignores", "ignores")),
)
"""The settings of a file, in the order of `schemas/config.json`."""

OVERRIDE = (
    Key("paths", "list", example="[legacy/, '*-dev.yaml']", unlike=("files", "path")),
    Key("kinds", "list", example="[CronJob]", unlike=("kind",)),
    Key("namespaces", "list", example="[dev-*]", unlike=("namespace",)),
    Key("names", "list", example="[load-*]", unlike=("name", "objects")),
    Key("containers", "list", example="[istio-proxy]", unlike=("container",)),
    Key("ignore", "list", example="[JL301]", unlike=("disable", "rules", "skip")),
    Key("severities", "severities", ("off", *SEVERITIES), "{image-not-pinned: error}", unlike=("severity",)),
    Key("reason", "text", example="third party, fixed in March", unlike=("why", "comment")),
    Key("until", "date", example="2027-03-01", unlike=("expires", "expiry")),
)
"""The keys of an entry of `overrides`: which objects it applies to, and what applies to them."""

EMBEDDED = (
    Key("kind", "text", example="Pipeline"),
    Key("path", "text", example="spec.steps[*].job"),
    Key("type", "choice", ("job-spec", "job-template", "pod-template", "job", "text")),
    Key("group", "text", example="example.com"),
)
"""The keys of an entry of `embedded`: where objects of a kind contain a Job."""

CHANGES = ("ignore", "severities")
"""What an entry of `overrides` can change; at least one of them is required."""
