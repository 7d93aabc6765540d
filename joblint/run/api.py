"""The Python API: functions that accept manifests and return what the commands print, as typed objects; knows nothing about
output formats.

A manifest is YAML or JSON text (str or bytes), a path to a file or directory (os.PathLike), or an object: a mapping, or an
object with `to_dict()`; objects of the Kubernetes client are converted to the API's own names.
"""

from __future__ import annotations

from functools import lru_cache

from joblint.base.wrong import WrongInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from typing import Any, Protocol

    from joblint.controller.scenario.scenario import Scenario
    from joblint.rules.engine import Engine
    from joblint.rules.fixes.apply import Fixed
    from joblint.run.diff.changes import Diff
    from joblint.run.explain import Explained
    from joblint.run.result import Report

    class HasDict(Protocol):
        """An object of a client library."""

        def to_dict(self) -> Any:
            """Return its data."""

    Manifest = str | bytes | os.PathLike[str] | Mapping[str, Any] | HasDict


PROFILES = ("default", "strict")


def check(
    manifest: Manifest,
    *,
    kubernetes_version: str = "",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = "default",
) -> Report:
    """Return the report on a manifest: verdicts of the API server, findings, what was skipped. No configuration file is read.

    The default version is joblint's, for a range (1.31..1.36) the last one. Raises ValueError for an unknown Kubernetes version,
    rule or profile, FileNotFoundError or OSError for a path that cannot be read, TypeError for what is not a manifest.
    """
    import os

    from joblint.run.check import check_files, check_text

    engine = _engine(kubernetes_version, select, ignore, profile)
    if isinstance(manifest, os.PathLike):
        from joblint.base.record import replace

        found = _found(manifest)
        return replace(check_files(engine, found.files), passed=found.passed)
    ((name, data),) = _contents(manifest)
    return check_text(engine, data, name)


def explain(
    manifest: Manifest,
    *,
    kubernetes_version: str = "",
    scenario: Scenario | str | None = None,
    run: float | None = None,
    until: float | None = None,
    now: float | None = None,
) -> Explained:
    """Return what the Jobs and CronJobs of a manifest will do: `explanations`, in the order of the text.

    `scenario` is the name of a built-in one ("succeed", "fail", "hang", …) or one of your own, `run` the seconds that an
    attempt runs (None: what its commands show, or 1), `until` the seconds after which the simulation stops, `now` seconds since
    the epoch (default: the current time). Raises as `check` does, and ValueError
    for times that cannot be simulated.
    """
    from joblint.controller.scenario.file import LONGEST
    from joblint.run.explain import explain_files

    if now is None:
        from time import time

        now = time()
    _checked(now)
    version = _version(kubernetes_version)
    for name, seconds in (("run", run), ("until", until)):
        if seconds is not None and not 0 <= seconds <= LONGEST:  # nor is anything else than a number
            raise WrongInput(f"{name} must be from 0 to {LONGEST:.0f} seconds, not {seconds}")
    return explain_files(_contents(manifest), version, scenario=scenario, run=run, until=until, now=now)


def diff(
    old: Manifest,
    new: Manifest,
    *,
    kubernetes_version: str = "",
    namespace: str = "",
    server_side: bool = False,
    now: float | None = None,
) -> Diff:
    """Return what `kubectl apply` of NEW does to the objects created from OLD (or to live ones): `changes`, each with its
    `outcome`.

    `namespace` is used for objects without one, `now` is in seconds since the epoch (default: the current time). Raises as
    `check` does.
    """
    from joblint.run.diff.changes import Options
    from joblint.run.diff.compare import diff as compare

    if now is None:
        from time import time

        now = time()
    _checked(now)
    made = "server-side" if server_side else "apply"
    options = Options(_version(kubernetes_version), namespace, now, server_side, made)
    return compare(_contents(old), _contents(new), options)


def _checked(now: float) -> None:
    """Raises WrongInput for a text that is not a time."""
    if not abs(now) < 1e19:  # nor is NaN
        raise WrongInput(f"now must be in seconds since the epoch, not {now}")


def fix(
    manifest: str | bytes | os.PathLike[str],
    *,
    unsafe: bool = False,
    kubernetes_version: str = "",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = "default",
) -> Fixed:
    """Return the manifest with its fixes applied (`data`), and the list of them (`made`); `unsafe` ones only on request.

    Accepts text, or a path to one file. Writes nothing. Raises as `check` does.
    """
    from joblint.rules.fixes.apply import fix_data

    engine = _engine(kubernetes_version, select, ignore, profile)
    contents = _contents(manifest)
    if len(contents) != 1:
        raise TypeError("fix accepts one file, or text")
    name, data = contents[0]
    return fix_data(engine, data, name, unsafe)


def _version(text: str) -> str:
    from joblint.api.version.versions import DEFAULT, parse_range

    return parse_range(text or DEFAULT)[-1]


def _engine(version: str, select: Iterable[str], ignore: Iterable[str], profile: str) -> Engine:
    if isinstance(select, str) or isinstance(ignore, str):
        raise TypeError("select and ignore must be lists of rules, such as ['JL301']")
    if profile not in PROFILES:
        raise WrongInput(f"profile must be {' or '.join(PROFILES)}, not {profile!r}")
    return _made(_version(version), tuple(select), tuple(ignore), profile)


@lru_cache(maxsize=16)
def _made(version: str, select: tuple[str, ...], ignore: tuple[str, ...], profile: str) -> Engine:
    """The engine of some settings: creating one takes as long as checking many manifests. Raises WrongInput."""
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, UnknownRule, chosen
    from joblint.rules.engine import Engine

    try:
        rules = chosen(builtin(), Selection(select, ignore, profile), version)
    except UnknownRule as error:
        raise WrongInput(str(error)) from None
    return Engine(rules, version)


def _found(path: os.PathLike[str]) -> Any:
    import os

    from joblint.base.files import find

    found = find((os.fspath(path),))
    for missing, reason in found.missing:
        raise FileNotFoundError(f"{missing}: {reason}")
    return found


def _contents(manifest: Manifest) -> list[tuple[str, bytes]]:
    """Names and contents of a manifest argument."""
    import os

    if isinstance(manifest, bytes):
        return [("<text>", manifest)]
    if isinstance(manifest, str):
        return [("<text>", manifest.encode("utf-8", "surrogatepass"))]
    if isinstance(manifest, os.PathLike):
        from joblint.run.contents import read_file

        return [(file, read_file(file)) for file in _found(manifest).files]
    from json import dumps

    return [("<mapping>", dumps(_object(manifest)).encode())]


def _object(manifest: Any) -> Any:
    """An object with the API's own names: models of the Kubernetes client have others, and None for unset fields."""
    if hasattr(manifest, "attribute_map") and hasattr(manifest, "openapi_types"):
        fields = {name: _object(getattr(manifest, attribute)) for attribute, name in manifest.attribute_map.items()}
        return {name: value for name, value in fields.items() if value is not None}
    if not isinstance(manifest, (dict, list, tuple, str, int, float, type(None))) and hasattr(manifest, "to_dict"):
        return _object(manifest.to_dict())
    if isinstance(manifest, (list, tuple)):
        return [_object(item) for item in manifest]
    if hasattr(manifest, "items"):
        return {name: _object(value) for name, value in manifest.items()}
    return manifest
