"""Findings that an object in another document or file contradicts: a Kustomization of Flux with force creates Jobs again."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblint.rules.catalogue.rule import builtin
from joblint.rules.catalogue.select import Selection, chosen
from joblint.rules.engine import Engine
from joblint.run.check import check_files

JOB = """apiVersion: batch/v1
kind: Job
metadata:
  name: db-migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: registry.example.com/app:1.4.2
"""
FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop, namespace: flux-system}
spec:
  interval: 5m
  path: %s
  prune: true
  force: %s
  sourceRef: {kind: GitRepository, name: flux-system}
"""


def rules_of(*files: Path) -> list[str]:
    engine = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
    report = check_files(engine, tuple(map(str, files)))
    assert not report.crashes
    return [f.rule for f in report.findings if f.rule == "JL602"]


@pytest.mark.parametrize(
    ("path", "force", "found"),
    [
        ("./apps/shop", "true", []),
        ("apps/", "true", []),
        ("./apps/shop", "false", ["JL602"]),
        ("./apps/sho", "true", ["JL602"]),
        ("./apps/other", "true", ["JL602"]),
        ("./", "true", ["JL602"]),
    ],
)
def test_flux_with_force_creates_the_job_again(tmp_path: Path, path: str, force: str, found: list[str]) -> None:
    job, flux = tmp_path / "apps" / "shop" / "job.yaml", tmp_path / "clusters" / "shop.yaml"
    job.parent.mkdir(parents=True)
    flux.parent.mkdir()
    job.write_text(JOB)
    flux.write_text(FLUX % (path, force))
    assert rules_of(job, flux) == found
    assert rules_of(job) == ["JL602"]


def test_in_one_file_the_path_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(FLUX % ("./x", "true") + "---\n" + JOB)
    assert rules_of(file) == []
    file.write_text((FLUX % ("./x", "true")).replace("kustomize.toolkit.fluxcd.io/v1", "example.com/v1") + "---\n" + JOB)
    assert rules_of(file) == ["JL602"]


@pytest.mark.parametrize(("force", "counted"), [("true", 0), ("false", 1)])
def test_findings_that_are_only_counted(tmp_path: Path, force: str, counted: int) -> None:
    file = tmp_path / "all.yaml"
    file.write_text(FLUX % ("./x", force) + "---\n" + JOB)
    engine = Engine(chosen(builtin(), Selection(), "1.36"), "1.36")
    report = check_files(engine, (str(file),), least="error")
    assert sum(n for (rule, _, _), n in report.hidden if rule == "JL602") == counted
