"""The texts of hover and completion: of each field of each Kubernetes version, and of nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from joblint.api.version.schema import STRUCT, STRUCTS, load
from joblint.api.version.versions import DEFAULT, VERSIONS
from joblint.lsp.texts import key_of, meaning, values

TEXTS = tomllib.loads((Path(__file__).parents[2] / "schemas/editor-texts.toml").read_text("utf-8"))


def _paths(version: str, kind: str) -> list[str]:
    """Every field of a kind, without its status; a type that contains itself once."""
    schema = load(version)
    structs: list[Any] = schema["structs"]
    found: list[str] = []

    def walk(index: int, path: str, above: tuple[int, ...]) -> None:
        for name, field in structs[index][1].items():
            if path + name == "status":
                continue
            found.append(path + name)
            if field[0] in (STRUCT, STRUCTS) and field[1] not in above:
                walk(field[1], f"{path}{name}{'[0]' if field[0] == STRUCTS else ''}.", (*above, index))

    walk(schema["roots"][kind], "", ())
    return found


def test_every_field_has_a_text_or_at_least_its_type() -> None:
    for kind in ("Job", "CronJob"):
        assert [path for path in _paths(DEFAULT, kind) if not meaning(DEFAULT, kind, path)[0]] == []
    assert meaning("1.31", "Job", "spec.template.spec.volumes[0].image.reference")[0]
    assert meaning("1.37", "Job", "spec.template.spec.volumes[0].nowhere") == ("", "")


def test_every_text_is_that_of_a_field() -> None:
    keys = {key_of(path, kind) for kind in ("Job", "CronJob") for path in _paths(DEFAULT, kind)}
    assert sorted(set(TEXTS["fields"]) - keys) == []
    declared = {of: set(fields) for version in VERSIONS for of, fields, _ in load(version)["structs"]}
    assert [f"{of}.{name}" for of, texts in TEXTS["types"].items() for name in texts if name not in declared.get(of, ())] == []


def test_values_are_those_that_the_api_server_accepts() -> None:
    pod = "spec.template.spec"
    assert values("1.37", "Job", f"{pod}.tolerations[0].effect") == ("NoSchedule", "PreferNoSchedule", "NoExecute")
    assert values("1.37", "Job", f"{pod}.containers[0].ports[0].protocol") == ("TCP", "UDP", "SCTP")
    assert values("1.37", "Job", f"{pod}.hostNetwork") == ("true", "false")
    assert values("1.37", "Job", f"{pod}.dnsPolicy")[0] == "ClusterFirst"
    assert values("1.37", "Job", f"{pod}.containers[0].image") == ()
