"""The Python API: one call that takes a manifest and returns the report; knows the checker, no output format."""

from __future__ import annotations

from functools import lru_cache

from joblint.api.version.versions import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from typing import Any

    from joblint.rules.engine import Engine
    from joblint.run.check import Report


def check(
    manifest: str | bytes | os.PathLike[str] | Mapping[str, Any],
    *,
    kubernetes_version: str = DEFAULT,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    profile: str = "default",
) -> Report:
    """The report on a manifest: verdicts of the API server, findings, what was skipped.

    `manifest` is YAML or JSON text (str or bytes), a path to a file or folder (os.PathLike), or an object as a mapping.
    Raises ValueError for a Kubernetes version or a rule that joblint does not know, FileNotFoundError or OSError for a
    path that cannot be read, TypeError for a mapping that is no JSON data.
    """
    import os

    from joblint.run.check import check_files, check_text

    engine = _engine(kubernetes_version, tuple(select), tuple(ignore), profile)
    if isinstance(manifest, (str, bytes)):
        return check_text(engine, manifest.encode() if isinstance(manifest, str) else manifest, "<text>")
    if isinstance(manifest, os.PathLike):
        from joblint.base.files import find
        from joblint.base.record import replace

        found = find((os.fspath(manifest),))
        for path, reason in found.missing:
            raise FileNotFoundError(f"{path}: {reason}")
        return replace(check_files(engine, found.files), passed=found.passed)
    from json import dumps

    return check_text(engine, dumps(manifest).encode(), "<mapping>")


@lru_cache(maxsize=16)
def _engine(kubernetes_version: str, select: tuple[str, ...], ignore: tuple[str, ...], profile: str) -> Engine:
    """The engine of some settings: making one takes as long as checking many manifests. Raises ValueError."""
    from joblint.api.version.versions import parse_range
    from joblint.rules.catalogue.rule import builtin
    from joblint.rules.catalogue.select import Selection, UnknownRule, chosen
    from joblint.rules.engine import Engine

    (version,) = parse_range(kubernetes_version)[-1:]
    try:
        rules = chosen(builtin(), Selection(select, ignore, profile), version)
    except UnknownRule as error:
        raise ValueError(str(error)) from None
    return Engine(rules, version)
