"""A chart's output: each of its templates evaluated, those that cannot be are named. Source: helm 3.22 pkg/engine (engine.go),
pkg/releaseutil (manifest.go), pkg/action (install.go)."""

from __future__ import annotations

from joblint.base.record import Record
from joblint.source.helm.bounds import check_pattern
from joblint.source.helm.charts import Chart, combined, enabled, load_chart
from joblint.source.helm.execute import Budget, execute
from joblint.source.helm.nodes import Asked, Failure, Nil, Syntax, Undefined, Unsupported
from joblint.source.helm.parse import parse
from joblint.source.helm.values import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

VERSIONS = (
    *("v1", "admissionregistration.k8s.io/v1", "apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1", "apps/v1"),
    *("admissionregistration.k8s.io/v1alpha1", "admissionregistration.k8s.io/v1beta1", "apps/v1beta1", "apps/v1beta2"),
    *("authentication.k8s.io/v1", "authentication.k8s.io/v1alpha1", "authentication.k8s.io/v1beta1", "authorization.k8s.io/v1"),
    *("authorization.k8s.io/v1beta1", "autoscaling/v1", "autoscaling/v2", "batch/v1", "batch/v1beta1", "certificates.k8s.io/v1"),
    *("certificates.k8s.io/v1alpha1", "certificates.k8s.io/v1beta1", "coordination.k8s.io/v1", "coordination.k8s.io/v1alpha2"),
    *("coordination.k8s.io/v1beta1", "discovery.k8s.io/v1", "discovery.k8s.io/v1beta1", "events.k8s.io/v1"),
    *("events.k8s.io/v1beta1", "extensions/v1beta1", "flowcontrol.apiserver.k8s.io/v1", "flowcontrol.apiserver.k8s.io/v1beta1"),
    *("flowcontrol.apiserver.k8s.io/v1beta2", "flowcontrol.apiserver.k8s.io/v1beta3", "internal.apiserver.k8s.io/v1alpha1"),
    *("lifecycle.k8s.io/v1alpha1", "networking.k8s.io/v1", "networking.k8s.io/v1beta1", "node.k8s.io/v1"),
    *("node.k8s.io/v1alpha1", "node.k8s.io/v1beta1", "policy/v1", "policy/v1beta1", "rbac.authorization.k8s.io/v1"),
    *("rbac.authorization.k8s.io/v1alpha1", "rbac.authorization.k8s.io/v1beta1", "resource.k8s.io/v1"),
    *("resource.k8s.io/v1alpha3", "resource.k8s.io/v1beta1", "resource.k8s.io/v1beta2", "scheduling.k8s.io/v1"),
    *("scheduling.k8s.io/v1alpha3", "scheduling.k8s.io/v1beta1", "storage.k8s.io/v1", "storage.k8s.io/v1alpha1"),
    *("storage.k8s.io/v1beta1", "storagemigration.k8s.io/v1", "storagemigration.k8s.io/v1beta1"),
)
"""The API versions that `helm template` knows: those of its own client (helm 3.22)."""

KINDS = (
    *("batch/v1/CronJob", "batch/v1/Job", "policy/v1/PodDisruptionBudget", "networking.k8s.io/v1/Ingress"),
    *("networking.k8s.io/v1/NetworkPolicy", "autoscaling/v2/HorizontalPodAutoscaler", "rbac.authorization.k8s.io/v1/Role"),
)
"""Kinds that each cluster has and that charts ask for; helm's own client knows none, only versions (helm 3.22)."""

_FRAMES = 4000
"""Helpers that include each other need more than Python's own limit."""


_TOLD = (Syntax, Undefined, Asked, Nil)
"""The errors that helm also reports; others may be due to what joblint does not evaluate."""


class Fault(Record):
    """An error on which helm stops: what it is (`Syntax`, `Undefined`, `Asked` or `Nil`), the path of the file, the position in
    its text, and the message."""

    what: str
    file: str
    position: int
    said: str


class Printed(Record):
    """What the templates of a chart print: the text of each by its path from the outermost chart, and for those that cannot be
    evaluated the reason; `faults` are the reasons that helm has, too."""

    texts: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...] = ()


def print_chart(folder: str, given: Mapping[str, Any], release: str, version: str, namespace: str = "") -> Printed:
    """Evaluate the templates of the chart in a directory with values that override its own; `namespace` is the release's ("": as
    helm without a cluster has it). Raises ChartError."""
    import sys

    chart = enabled(load_chart(folder), given)
    engine = _Engine(release, version, namespace or "default")
    engine.add(chart, combined(chart, given), "", True)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        return engine.printed()
    finally:
        sys.setrecursionlimit(before)


class _Engine:
    def __init__(self, release: str, version: str, namespace: str) -> None:
        self.budget = Budget()
        self.definitions: dict[str, Any] = {}
        self.templates: list[tuple[str, str, dict[str, Any], bool]] = []  # path, text, dot, whether it is printed
        self.failed: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.paths: dict[str, str] = {}
        self.parsed: dict[str, Any] = {}
        major, _, minor = version.partition(".")
        known = Struct({"Version": f"v{version}.0", "GitVersion": f"v{version}.0", "Major": major, "Minor": minor})
        self.capabilities = Struct(
            {
                "KubeVersion": known,
                "APIVersions": Struct({"Has": lambda name: name in VERSIONS or name in KINDS}),
                "HelmVersion": Struct({"Version": "v3.22", "GitCommit": "", "GitTreeState": "", "GoVersion": "go1.26.8"}),
            }
        )
        self.release: dict[str, Any] = {"Name": release, "Namespace": namespace, "Service": "Helm", "Revision": 1}
        self.release |= {"IsInstall": True, "IsUpgrade": False}
        self.functions = _functions(self)

    def add(self, chart: Chart, values: dict[str, Any], above: str, is_top: bool) -> dict[str, Any]:
        """Add a chart's templates, after those of the charts in it: what it defines comes last."""
        path = f"{above}/charts/{chart.name}" if above else chart.name
        inner: dict[str, Any] = {}
        dot: dict[str, Any] = {
            "Values": values,
            "Chart": _about(chart, is_top),
            "Release": self.release,
            "Capabilities": self.capabilities,
            "Files": _files(chart.folder),
            "Subcharts": inner,
        }
        for one in chart.charts:
            held = values.get(one.name)
            inner[one.name] = self.add(one, held if isinstance(held, dict) else {}, path, False)
        for name, text in sorted(chart.templates.items(), key=lambda item: (-item[0].count("/"), item[0])):
            file = f"{path}/{name}"
            base = name.rpartition("/")[2]
            shown = not chart.is_library and base[:1] != "_" and base != "NOTES.txt"
            template = {"Name": file, "BasePath": f"{path}/templates"}
            self.templates.append((file, text, {**dot, "Template": template}, shown))
            self.paths[file] = f"{chart.folder}/{name}"
        return dot

    def printed(self) -> Printed:
        """The output of all templates."""
        for file, text, _, _ in self.templates:
            try:
                self.parsed[file] = self.definitions[file] = parse(text, self.definitions, self.paths[file])
            except (Failure, RecursionError) as error:
                self._fails(file, error)
        texts: list[tuple[str, str]] = []
        for file, _, dot, shown in self.templates:
            if shown and file in self.parsed:
                try:
                    self.budget.depth = 0
                    text = execute(self.parsed[file], dot, self.functions, self.definitions, self.budget)
                    texts.append((file, text.replace("<no value>", "")))
                except Failure as error:
                    self._fails(file, error)
        return Printed(tuple(texts), tuple(self.failed.items()), tuple(self.faults))

    def _fails(self, file: str, error: Failure | RecursionError) -> None:
        self.failed[file] = str(error)
        places = (error.at,) if isinstance(error, Failure) and error.at is not None else getattr(error, "places", ())
        if isinstance(error, _TOLD) and places:
            # What the chart says itself, helm reports where the outermost template is.
            file, position = places[-1 if isinstance(error, Asked) else 0]
            self.faults.append(Fault(type(error).__name__, file, position, str(error)))

    def include(self, name: Any, dot: Any = None) -> str:
        """What a definition prints."""
        body = self.definitions.get(name)
        if body is None:
            raise Undefined(f'no template "{name}"')
        return execute(body, dot, self.functions, self.definitions, self.budget)

    def tpl(self, text: Any, dot: Any) -> str:
        """What a text prints as a template."""
        definitions = dict(self.definitions)
        nodes = parse(text, definitions)  # its positions are not those of a file
        return execute(nodes, dot, self.functions, definitions, self.budget).replace("<no value>", "")


def _functions(engine: _Engine) -> dict[str, Callable[..., Any]]:
    from joblint.source.helm.functions.changing import CHANGING
    from joblint.source.helm.functions.collections import COLLECTIONS
    from joblint.source.helm.functions.encodings import ENCODINGS
    from joblint.source.helm.functions.go import GO
    from joblint.source.helm.functions.numbers import NUMBERS
    from joblint.source.helm.functions.text import TEXT

    own: dict[str, Callable[..., Any]] = {"include": engine.include, "tpl": engine.tpl, "lookup": lambda *_: {}}
    return {**GO, **TEXT, **COLLECTIONS, **NUMBERS, **ENCODINGS, **CHANGING, **own}


def _about(chart: Chart, is_top: bool) -> Struct:
    """The object `.Chart`."""
    from joblint.source.helm.values import shown

    held = chart.definition
    found: dict[str, Any] = {
        name: shown(held.get(key) or "") for name, key in (("Version", "version"), ("AppVersion", "appVersion"))
    }
    found |= {name: held.get(key) or "" for name, key in (("Description", "description"), ("Home", "home"), ("Icon", "icon"))}
    found |= {
        name: held.get(key) or ""
        for name, key in (("KubeVersion", "kubeVersion"), ("Type", "type"), ("APIVersion", "apiVersion"))
    }
    found |= {"Annotations": held.get("annotations") or {}, "Keywords": held.get("keywords") or [], "Deprecated": False}
    return Struct({**found, "Name": chart.name, "Sources": held.get("sources") or [], "IsRoot": is_top})


def _files(folder: str) -> Struct:
    """The object `.Files`."""
    import os

    from joblint.source.helm.charts import ChartError, text_of
    from joblint.source.helm.functions.encodings import to_yaml

    def get(name: str) -> str:
        path = os.path.normpath(os.path.join(folder, name))
        inside = os.path.relpath(path, folder)
        if inside.startswith("..") or inside.partition(os.sep)[0] in ("templates", "charts") or not os.path.isfile(path):
            return ""
        if inside in ("Chart.yaml", "values.yaml", "values.schema.json", "Chart.lock", "requirements.yaml", "requirements.lock"):
            return ""
        if os.path.realpath(path) != os.path.join(os.path.realpath(folder), inside):
            raise Unsupported("a link")
        try:
            return text_of(path)
        except ChartError as error:
            raise Unsupported(str(error)) from None

    def glob(pattern: str) -> dict[str, Any]:
        import re

        if any(sign in pattern for sign in "{}[]\\!"):
            raise Unsupported("a pattern of this form")
        expression = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
        form = re.compile(expression)
        found: dict[str, Any] = {}
        for path, folders, names in os.walk(folder):
            folders[:] = sorted([f for f in folders if path != folder or f not in ("templates", "charts", ".git")])
            for name in sorted(names):
                file = os.path.relpath(os.path.join(path, name), folder).replace(os.sep, "/")
                check_pattern(expression, file)
                if form.fullmatch(file) and not os.path.islink(os.path.join(path, name)):
                    text = get(file)
                    if text or file not in found:
                        found[file] = text
        return _Globbed(found)

    class _Globbed(dict):  # type: ignore[type-arg]
        """Files by their paths, with `AsConfig` and `AsSecrets`."""

        def get(self, name: Any, other: Any = None) -> Any:
            if name in ("AsConfig", "AsSecrets") and name not in self:
                held = {key.rpartition("/")[2]: value for key, value in self.items()}
                if name == "AsSecrets":
                    from joblint.source.helm.functions.encodings import ENCODINGS

                    held = {key: ENCODINGS["b64enc"](value) for key, value in held.items()}
                return lambda: to_yaml(held) if held else ""
            if name in ("Get", "Lines") and name not in self:
                return lambda file: dict.get(self, file, "")
            return dict.get(self, name, other)

    return Struct({"Get": get, "Glob": glob, "Lines": lambda name: get(name).split("\n"), "GetBytes": get})
