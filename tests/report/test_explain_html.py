"""The page and the SVG picture as text: well-formed, alone, small, safe, and the same as the JSON says."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from joblint.report.explain import html as explain_html
from joblint.report.explain import svg as explain_svg
from joblint.report.explain.json import data
from joblint.report.explain.page.manifest import extent
from tests.report.explain_helper import ETL, NIGHTLY, OFTEN, explained, job

HOSTILE = "</script></style><svg onload=alert(1)><img src=x onerror=alert(2)>\"'&\u2028]]>-->"
MANIFESTS = [
    ETL,
    NIGHTLY,
    job("suspend: true"),
    job("completions: 0"),
    job("completions: 6\nparallelism: 3\ncompletionMode: Indexed\nbackoffLimitPerIndex: 1"),
    job("completions: 3000\nparallelism: 10"),
    job("backofLimit: 1"),
    "apiVersion: batch/v1\nkind: Job\nmetadata: {name: 3}\nspec: 7\n",
    "a: [",
    ETL + "---\n" + NIGHTLY,
    job().replace("name: j\n", f"name: {json.dumps(HOSTILE)}\n"),
    job().replace('"b:1"', json.dumps(HOSTILE)),
]


def page(manifest: str, **options: object) -> str:
    return explain_html.render(explained(manifest, page=True, **options))


def embedded(html: str) -> dict[str, Any]:
    """What the slider redraws."""
    (text,) = re.findall(r'<script type="application/json">(.*?)</script>', html, re.S)
    found: dict[str, Any] = json.loads(text)
    return found


class Balanced(HTMLParser):
    """Collects elements, and fails where one is closed that is not open."""

    VOID = frozenset({"meta", "input", "img", "br", "link"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(html: str) -> Balanced:
    found = Balanced()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_every_element_is_closed_and_every_id_unique(manifest: str) -> None:
    found = parsed(page(manifest))
    ids = [a["id"] for _, a in found.seen if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in found.seen:
        for name in ("aria-controls", "aria-labelledby", "for"):
            if name in attributes:
                assert attributes[name] in ids


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_the_page_asks_nobody_for_anything(manifest: str) -> None:
    html = page(manifest)
    assert "default-src 'none'" in html
    for tag, attributes in parsed(html).seen:
        assert tag not in ("img", "link", "iframe", "object", "base", "form")
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href", "style", "srcset")]
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.S))
    assert "url(" not in style and "@import" not in style


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_the_svg_is_well_formed(manifest: str) -> None:
    root = ElementTree.fromstring(explain_svg.render(explained(manifest)))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    names = {e.tag.split("}")[1] for e in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "line", "text", "g", "polygon"}


@pytest.mark.parametrize("manifest", MANIFESTS[-2:])
def test_hostile_text_stays_text(manifest: str) -> None:
    html = page(manifest)
    assert "<svg onload" not in html and "<img" not in html
    assert html.count("<script") == html.count("</script>")
    assert HOSTILE[:20] in unescape(html)


@pytest.mark.parametrize("manifest", [ETL, NIGHTLY, job(), job("completions: 30\nactiveDeadlineSeconds: 600")])
def test_an_ordinary_page_is_small(manifest: str) -> None:
    assert len(page(manifest).encode()) < 150_000


def test_the_page_says_what_the_json_says() -> None:
    for run in (1.0, 30.0):
        found = explained(ETL, page=True, run=run)
        html = unescape(explain_html.render(found))
        told = data(found)["jobs"][0]
        for text in [s["text"] for s in told["scenarios"].values()] + [limit["text"] for limit in told["limits"]]:
            assert text in html
        for fact in told["facts"]:
            assert fact["text"].split(": ", 1)[-1] in html


def test_each_stop_of_the_slider_is_what_a_run_of_that_length_gives() -> None:
    stops = embedded(page(ETL))
    assert stops["runs"][0] == "1s" and len(stops["runs"]) >= 10
    for seconds, words in ((1.0, "1s"), (60.0, "1m"), (600.0, "10m")):
        at = stops["runs"].index(words)
        alone = data(explained(ETL, run=seconds))["jobs"][0]
        for name in ("fail", "succeed", "evict"):
            assert stops["told"][name][at]["text"] == alone["scenarios"][name]["text"]
            assert stops["told"][name][at]["kubectl"][1] == alone["scenarios"][name]["kubectl"]["status"]
        assert [row[2] for row in stops["limits"][at]] == [limit["text"] for limit in alone["limits"]]


def test_the_slider_stands_where_the_page_is_drawn() -> None:
    html = page(ETL, run=45.0)
    (slider,) = [a for tag, a in parsed(html).seen if tag == "input"]
    stops = embedded(html)
    at = int(slider["value"] or "")
    assert slider["aria-valuetext"] == stops["runs"][at] == "45s"
    assert stops["told"]["fail"][at]["title"] == "the program fails after 45s, in every attempt"
    assert ">the program fails after 45s, in every attempt</h3>" in html


def test_every_try_is_a_bar_and_every_wait_is_named() -> None:
    fail = embedded(page(job()))["told"]["fail"][0]["picture"]
    bars = [item for item in fail[3] if item[0] == "r" and str(item[1]).startswith("bar")]
    assert len(bars) == 7
    named = [item[4] for item in fail[3] if item[0] == "t" and str(item[4]).endswith(" wait")]
    beside = [f"after {t} wait" for t in ("10s", "20s", "40s")]
    assert named == [*beside, *[f"{t} wait" for t in ("1m20s", "2m40s", "5m20s")]]


def test_bars_are_to_scale() -> None:
    picture = embedded(page(job("backoffLimit: 1"), run=60.0))
    at = picture["runs"].index("1m")
    first, second = [i for i in picture["told"]["fail"][at]["picture"][3] if str(i[1]).startswith("bar")]
    assert first[4] == pytest.approx(second[4], abs=1)
    # 60.1 s of trying, then 10 s of waiting, whole seconds counted
    assert (second[2] - first[2]) / first[4] == pytest.approx(70 / 60.1, rel=0.02)


def test_findings_stand_under_their_lines() -> None:
    html = page(ETL)
    line = html.index("activeDeadlineSeconds: <mark>300</mark>")
    following = html.index('<span class="n">8</span>')
    assert line < html.index("JL301") < following


def test_documents_of_a_file_stand_beside_their_jobs() -> None:
    html = page("# first\n" + ETL + "---\n" + NIGHTLY)
    assert html.count('<div class="document">') == 2
    first, second = html.split('<div class="document">')[1:]
    assert "# first" in first and "kind: CronJob" not in first.split("</section>")[0]
    assert "kind: CronJob" in second.split("</section>")[0] and "etl-load" not in second.split("</section>")[0]


def test_the_extent_of_a_document() -> None:
    lines = ["# a", "a: 1", "", "---", "b: 2", "c: 3", "---", "d: 4", ""]
    assert [extent(lines, n) for n in (2, 5, 6, 8)] == [(1, 2), (5, 6), (5, 6), (8, 8)]


def test_a_scenario_of_one_s_own_has_its_tab() -> None:
    from joblint.controller.scenario.file import read_scenario

    own = read_scenario({"pods": [{"run": 3, "exit": 2}]}, "mine.yaml")
    tabs = [a for tag, a in parsed(page(ETL, scenario=own)).seen if a.get("role") == "tab"]
    assert [t["id"] for t in tabs][0] == "tab-0-asked"
    assert [t["aria-selected"] for t in tabs] == ["true"] + ["false"] * 7


def test_a_cronjob_shows_starts_and_overlaps() -> None:
    html = page(NIGHTLY)
    assert "<td>2026-11-22T02:30:00+01:00</td><td>2026-11-22T01:30:00Z</td><td><code>nightly-29921850</code></td>" in html
    assert html.count('<div class="overlap">') == 2
    overlaps = data(explained(NIGHTLY))["jobs"][0]["schedule"]["overlaps"]
    assert [o["skipped"] for o in overlaps] == [len(o["missed"]) for o in overlaps]
    assert [o["started"] for o in overlaps] == [len(o["jobs"]) for o in overlaps]
    assert overlaps[1]["jobs"][0] == {"start": pytest.approx(0, abs=1), "end": None, "outcome": "running"}


def test_overlaps_that_come_to_the_same_are_told_once_with_a_picture_each() -> None:
    (block,) = re.findall(r'<div class="overlap">.*?</div></div>', page(OFTEN), re.S)
    shown = re.sub(r"<[^>]*>", "", block)
    assert shown.count("each start kills the previous run") == 1
    assert block.count("<svg") == 2 and '<p class="condition">if a run never ends</p>' in block


def test_nothing_to_explain() -> None:
    assert "No Job or CronJob to explain." in page("kind: Pod\napiVersion: v1\n")


def test_a_narrow_screen_gets_a_picture_with_its_end_in_sight() -> None:
    html = page(ETL)
    (drawn,) = re.findall(r'id="panel-0-fail".*?<div class="picture narrow">(.*?)</div>', html, re.S)
    assert 'viewBox="0 0 400 ' in drawn and "deadline: Failed after 4m59s to 5m" in drawn
    assert all(0 <= float(x) <= 400 for x in re.findall(r'x[12]?="([-\d.]+)"', drawn))
    assert "@media (max-width:600px){.wide{display:none}.narrow{display:block}}" in html


def test_fixes_have_a_button_each_and_their_reason() -> None:
    html = page(job().replace("      restartPolicy: Never\n", ""))
    assert re.findall(r'<div class="fix"><button[^>]*>copy</button><span class="typed">(restartPolicy: \w+)</span>', html) == [
        "restartPolicy: Never",
        "restartPolicy: OnFailure",
    ]
    whys = re.findall(r'<details class="why"><summary>why</summary>(.*?)</details>', html, re.S)
    assert whys and not [why for why in whys if "\n" in why]  # the page breaks the lines, wherever it is narrow


def test_the_svg_of_a_rejected_job_says_why() -> None:
    drawn = unescape(explain_svg.render(explained(job("backofLimit: 1"))))
    assert "The API server rejects this Job. After the fix, it runs like this:" in drawn
    assert 'unknown field "spec.backofLimit"' in drawn
    lost = unescape(explain_svg.render(explained("apiVersion: batch/v1\nkind: Job\nmetadata: {name: x}\nspec: 7\n")))
    assert "joblint can predict what it will do only after this is fixed." in lost
