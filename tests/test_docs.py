"""The documentation is what the rules say now, and its links lead somewhere."""

from __future__ import annotations

import gzip
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_pages_that_are_made_are_up_to_date() -> None:
    tool = runpy.run_path(str(ROOT / "tools/build_docs.py"))
    wanted, there = tool["pages"](), tool["written"]()
    assert sorted(there) == sorted(wanted)
    assert [n for n in wanted if wanted[n] != there[n]] == [], "run: python tools/build_docs.py"


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)  # code contains no links
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"


def test_the_questions_name_rules_that_are_there() -> None:
    text = (ROOT / "docs/questions.md").read_text("utf-8")
    named = set(re.findall(r"JL\d{3}", text))
    assert len(named) > 20
    pages = {p.stem: p.read_text("utf-8").split("\n", 1)[0] for p in (ROOT / "docs/rules").glob("JL*.md")}
    assert named <= set(pages)
    for rule, name in re.findall(r"\[(JL\d{3}) ([a-z0-9-]+)\]", text):
        assert name in pages[rule], f"{rule} is not called {name}"


@pytest.mark.parametrize("page", ["README.md", "docs/start.md"])
def test_the_readme_and_the_first_steps_show_real_output(page: str) -> None:
    made = runpy.run_path(str(ROOT / "tools/build_readme.py"))["made"](page)
    assert made == (ROOT / page).read_text("utf-8"), "run: python tools/build_readme.py"


def test_the_manual_page_names_every_command_and_option() -> None:
    from joblint.cli.commands import cli
    from joblint.cli.options import CHECK

    page = runpy.run_path(str(ROOT / "tools/build_man.py"))["page"]()
    for name in [c for c, command in cli.commands.items() if not command.hidden]:
        assert f"\n.SS joblint {name}\n".replace("-", "\\-") in page
    for option in CHECK:
        assert option.name.replace("-", "\\-") in page
    if shutil.which("groff") is not None:
        plain = ["groff", "-man", "-Tutf8", "-P-cbou", "-ww"]
        done = subprocess.run(plain, input=page.encode(), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"") and b"joblint check" in done.stdout


def test_the_page_of_the_node_has_the_waits_of_the_model() -> None:
    from joblint.controller.node.pace import OVERDUE

    text = (ROOT / "docs/kubelet.md").read_text("utf-8")
    told = re.findall(r"^\| (\d+) s \| ([\d.]+) to ([\d.]+) s \|$", text, re.MULTILINE)
    assert [(float(w), float(low), float(high)) for w, low, high in told] == [
        (wait / 1000, (wait + early) / 1000, (wait + late) / 1000) for wait, (early, _, late) in OVERDUE.items()
    ]


def test_the_numbers_of_records_are_those_that_are_replayed() -> None:
    rows = re.findall(r"^\| (`.*`) \| .* \| (\d+) \|$", (ROOT / "docs/truth.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 10
    for names, told in rows:
        files = [ROOT / "tests/data" / name for name in re.findall(r"`([^`]+)`", names)]
        texts = [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]
        assert sum(len(text.splitlines()) for text in texts) == int(told), names
