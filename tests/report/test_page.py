"""The page in a real browser: tabs, the slider, light and dark, paper. Skipped where there is no Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from joblint.report.explain.html import render
from joblint.report.explain.json import data
from tests.report.explain_helper import ETL, NIGHTLY, explained, job

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is missing (Debian: apt-get install chromium)")

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--virtual-time-budget=3000",
]  # fmt: skip

# What the tests do on the page, as a person would; written into a copy of it, since the page itself takes no orders. Its
# policy is taken off that copy: it forbids all scripts but its own.
DRIVER = """<script>
var log = {};
window.addEventListener('error', function (e) { log.error = e.message; });
function press(key) { document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: key, bubbles: true})); }
function shown() {
  return Array.from(document.querySelectorAll('[role=tabpanel]')).filter(function (p) { return p.offsetHeight > 0; })
    .map(function (p) { return p.id; });
}
function text(where, what) { return document.querySelector(where + ' ' + what).textContent; }
window.addEventListener('load', function () {
  try { %s } catch (e) { log.error = String(e); }
  var out = document.createElement('pre');
  out.id = 'log';
  out.textContent = JSON.stringify(log);
  document.body.appendChild(out);
});
</script>"""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("chromium")


def browser(profile: Path, *arguments: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode("utf-8", "replace")


def done_on_page(profile: Path, folder: Path, html: str, steps: str) -> dict[str, object]:
    """What the steps (JavaScript that fills `log`) found on the page."""
    import json

    loose = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    file = folder / "driven.html"
    file.write_text(loose.replace("</body>", DRIVER % steps + "</body>"), encoding="utf-8")
    dom = browser(profile, "--dump-dom", file.as_uri())
    found = re.search(r'<pre id="log">(.*?)</pre>', dom, re.S)
    assert found is not None
    from html import unescape

    log: dict[str, object] = json.loads(unescape(found[1]))
    assert "error" not in log, log
    return log


def test_the_script_runs_under_the_page_s_own_policy(profile: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(render(explained(ETL, page=True)), encoding="utf-8")
    dom = browser(profile, "--dump-dom", file.as_uri())
    assert '<html lang="en" class="js">' in dom
    assert dom.count('role="tabpanel"') == 7
    assert len(re.findall(r'role="tabpanel"[^>]* hidden=""', dom)) == 6
    for scenario in data(explained(ETL))["jobs"][0]["scenarios"].values():
        assert escape(scenario["text"], quote=False) in dom


def test_tabs_by_mouse_and_keyboard(profile: Path, tmp_path: Path) -> None:
    steps = """
      log.first = shown();
      document.getElementById('tab-0-hang').click();
      log.clicked = shown();
      document.getElementById('tab-0-hang').focus();
      press('ArrowRight'); log.right = shown(); log.focus = document.activeElement.id;
      press('End'); log.end = shown();
      press('ArrowRight'); log.round = shown();
      press('ArrowLeft'); log.back = shown();
      log.selected = document.querySelectorAll('[aria-selected=true]').length;
      log.reachable = document.querySelectorAll('[role=tab][tabindex="0"]').length;
    """
    assert done_on_page(profile, tmp_path, render(explained(ETL, page=True)), steps) == {
        "first": ["panel-0-fail"],
        "clicked": ["panel-0-hang"],
        "right": ["panel-0-evict"],
        "focus": "tab-0-evict",
        "end": ["panel-0-all"],
        "round": ["panel-0-fail"],
        "back": ["panel-0-all"],
        "selected": 1,
        "reachable": 1,
    }


def test_the_slider_redraws_everything_that_depends_on_it(profile: Path, tmp_path: Path) -> None:
    html = render(explained(ETL, page=True))
    steps = """
      var slider = document.querySelector('input[type=range]');
      function set(at) { slider.value = at; slider.dispatchEvent(new Event('input', {bubbles: true})); }
      var before = document.querySelector('#panel-0-fail svg').outerHTML;
      var runs = JSON.parse(document.querySelector('article script').textContent).runs;
      set(runs.indexOf('10m'));
      log.says = slider.getAttribute('aria-valuetext') + '|' + text('.control', 'output');
      log.title = text('#panel-0-fail', '.title');
      log.text = text('#panel-0-fail', '.text');
      log.card = text('.card[data-told=fail]', '.text');
      log.kubectl = text('#panel-0-fail', '[data-cell="1"]') + ' ' + text('#panel-0-fail', '[data-cell="2"]');
      log.bars = document.querySelectorAll('#panel-0-fail .wide svg rect.bar').length;
      log.hang = text('#panel-0-hang', '.title');
      set(0);
      log.same = document.querySelector('#panel-0-fail svg').outerHTML === before;
    """
    told = data(explained(ETL, run=600.0))["jobs"][0]["scenarios"]["fail"]
    assert done_on_page(profile, tmp_path, html, steps) == {
        "says": "10m|10m",
        "title": "the program fails after 10m, in every attempt",
        "text": told["text"],
        "card": told["text"],
        "kubectl": f"{told['kubectl']['status']} {told['kubectl']['completions']}",
        "bars": told["pods"],
        "hang": "the program hangs",
        "same": True,
    }


def test_several_jobs_do_not_disturb_one_another(profile: Path, tmp_path: Path) -> None:
    html = render(explained(ETL + "---\n" + NIGHTLY + "---\n" + job("parallelism: 3"), page=True))
    steps = """
      document.getElementById('tab-1-evict').click();
      log.shown = shown();
      log.jobs = document.querySelectorAll('article').length;
      log.wide = document.documentElement.scrollWidth <= window.innerWidth;
    """
    assert done_on_page(profile, tmp_path, html, steps) == {
        "shown": ["panel-0-fail", "panel-1-evict", "panel-2-fail"],
        "jobs": 3,
        "wide": True,
    }


def test_hostile_text_does_nothing(profile: Path, tmp_path: Path) -> None:
    bad = "</script><script>window.owned=1</script><img src=x onerror=window.owned=1>"
    html = render(explained(job().replace('"b:1"', f"'{bad}'"), page=True))
    steps = "log.owned = window.owned === undefined; log.images = document.images.length; log.scripts = document.scripts.length;"
    assert done_on_page(profile, tmp_path, html, steps) == {"owned": True, "images": 0, "scripts": 3}


def test_words_stand_out_from_the_paper_in_light_and_dark(profile: Path, tmp_path: Path) -> None:
    """Contrast of at least 4.5 (WCAG 2.2 AA) for every piece of text, pictures included."""
    steps = """
      function channel(c) { c /= 255; return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4); }
      function light(rgb) { return 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]); }
      function numbers(colour) { return colour.match(/[0-9.]+/g).map(Number); }
      function behind(e) {
        for (; e; e = e.parentElement) {
          var found = numbers(getComputedStyle(e).backgroundColor);
          if (found.length === 3 || found[3] > 0) { return found; }
        }
        return [255, 255, 255];
      }
      log.dark = light(behind(document.body)) < 0.1;
      log.poor = [];
      document.querySelectorAll('p,h1,h2,h3,td,th,dt,dd,button,output,label,text:not(.on),.line span,.finding,caption').forEach(
        function (e) {
          var style = getComputedStyle(e);
          var a = light(numbers(e.namespaceURI.endsWith('svg') ? style.fill : style.color)), b = light(behind(e));
          var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) { log.poor.push(e.tagName + '.' + e.getAttribute('class') + ' ' + ratio.toFixed(2)); }
        });
      log.poor = Array.from(new Set(log.poor));
    """
    html = render(explained(ETL + "---\n" + NIGHTLY, page=True))
    assert done_on_page(profile, tmp_path, html, steps) == {"dark": False, "poor": []}
    dark = html.replace("@media screen and (prefers-color-scheme:dark)", "@media screen")
    assert done_on_page(profile, tmp_path, dark, steps) == {"dark": True, "poor": []}


MANY = """\
apiVersion: batch/v1
kind: Job
metadata: {name: a-name-that-is-long-and-has-no-place-at-which-it-could-be-broken}
spec:
  completions: 40
  parallelism: 40
  backoffLimit: 60
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: main
        image: registry.example.com/a/very/long/name/of/an/image/that/nobody/breaks:1.2.3
        command: [sh, -c, "load --from=postgresql://reader@database.example.com:5432/production --to=/data/out | tee /data/log"]
"""


@pytest.mark.parametrize("manifest", [MANY, NIGHTLY + "---\n" + ETL], ids=["many", "cron"])
def test_nothing_hangs_out_of_a_telephone(profile: Path, tmp_path: Path, manifest: str) -> None:
    """At 400 pixels nothing is wider than the screen but what scrolls by itself, on every tab."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", render(explained(manifest, page=True)))
    frame = f'<iframe id="frame" width="400" height="900" style="border:0" srcdoc="{escape(page)}"></iframe>'
    steps = """
      var inner = document.getElementById('frame').contentDocument;
      function scrolls(e) {
        for (; e && e !== inner.documentElement; e = e.parentElement) {
          if (/auto|scroll|hidden/.test(inner.defaultView.getComputedStyle(e).overflowX)) { return true; }
        }
        return false;
      }
      var out = new Set();
      inner.querySelectorAll('[role=tab]').forEach(function (tab) {
        tab.click();
        inner.querySelectorAll('body *').forEach(function (e) {
          var box = e.getBoundingClientRect();
          if (box.width && box.right > 401 && !scrolls(e.parentElement)) { out.add(e.tagName + '.' + e.getAttribute('class')); }
        });
      });
      log.width = inner.defaultView.innerWidth;
      log.wide = inner.documentElement.scrollWidth > 400;
      log.out = Array.from(out);
    """
    html = f"<!doctype html><html><body>{frame}</body></html>"
    assert done_on_page(profile, tmp_path, html, steps) == {"width": 400, "wide": False, "out": []}


@pytest.mark.parametrize("size", ["1500,1200", "420,900"])
def test_a_screenshot_is_not_empty(profile: Path, tmp_path: Path, size: str) -> None:
    file, shot = tmp_path / "page.html", tmp_path / "shot.png"
    file.write_text(render(explained(ETL, page=True)), encoding="utf-8")
    browser(profile, f"--window-size={size}", f"--screenshot={shot}", file.as_uri())
    picture = shot.read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(picture) > 20_000


def test_on_paper_every_scenario_is_there(profile: Path, tmp_path: Path) -> None:
    file, paper = tmp_path / "page.html", tmp_path / "page.pdf"
    file.write_text(render(explained(ETL, page=True)), encoding="utf-8")
    browser(profile, "--no-pdf-header-footer", f"--print-to-pdf={paper}", file.as_uri())
    assert paper.read_bytes()[:5] == b"%PDF-"
    on_paper = file.read_text(encoding="utf-8").replace("@media print{", "@media all{")
    everything = ["panel-0-fail", "panel-0-succeed", "panel-0-hang", "panel-0-evict", "panel-0-node", "panel-0-pending"]
    assert done_on_page(profile, tmp_path, on_paper, "log.shown = shown();") == {"shown": everything}


def test_a_fix_is_copied_without_the_words_beside_it_and_why_unfolds(profile: Path, tmp_path: Path) -> None:
    html = render(explained(job().replace("      restartPolicy: Never\n", ""), page=True))
    steps = """
      log.copied = [];
      Object.defineProperty(navigator, 'clipboard', {value: {writeText: function (text) {
        log.copied.push(text);
        return {then: function (done) { done(); }};
      }}});
      document.querySelectorAll('.finding.error .copy').forEach(function (button) { button.click(); });
      log.says = text('.finding.error', '.copy');
      var why = document.querySelector('.finding.error details');
      var folded = why.offsetHeight;
      why.open = true;
      log.unfolds = why.offsetHeight > folded;
    """
    assert done_on_page(profile, tmp_path, html, steps) == {
        "copied": ["restartPolicy: Never", "restartPolicy: OnFailure"],
        "says": "copied",
        "unfolds": True,
    }
