"""The words and lengths of texts for people: rules, messages, reports, help, docs. CONTRIBUTING.md has the glossary."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from joblint.rules.catalogue.rule_files import builtin_rule_files, read_rule_file

ROOT = Path(__file__).parents[1]
RULES = {data["id"]: data for data in [read_rule_file(name, raw) for name, raw in builtin_rule_files()]}
NOT = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\b(tries|try again|tried again)\b": "attempts, retry",
    r"\bfor ever\b": "forever, indefinitely",
    r"\bwithout end\b": "indefinitely",
    r"\b(is|are|be) (taken|told)\b": "is accepted, is reported",
    r"\bdoes not take\b": "rejects",
    r"\brefus(e|es|ed|al|ing)\b": "reject",
    r"\bstands?\b(?! for)": "is",
    r"\b(behind|beneath) (the|it)\b": "after, below",
    r"\bblanks?\b(?! line)": "space",
    r"\bamounts?\b": "quantity, number",
    r"\bpass(es|ed)? over\b": "skip, ignore",
    r"\b(leave|left|take|taken) (it|them) out\b": "remove it",
    r"\b(goes|gone) with\b": "is deleted along with",
    r"\bgo(es)? on\b": "continue",
    r"\bwaves?\b(?! (do|of|order))": "batch",
    r"\b(tells|told)\b": "reports, shows",
    r"\bfolder of the node\b": "directory on the node",
    r"\banew\b": "again",
    r"\bhardly\b": "rarely, little",
    r"\bmostly\b": "usually",
    r"\bbesides?\b": "next to, in addition to",
    r"\bmisspelt\b": "misspelled",
    r"\bby accident\b": "unintended",
    r"\bmade up for\b": "starts late",
    r"\b(all the same|at one stroke|in turn|in want of|whence|thereof|lest|albeit|ere|nobody asked)\b": "plainer words",
    r"(?<!there )\b(is|are) (no (?!longer|more)|none of)": "is not a",
    r"\bknows? no\b": "does not know",
    r"\bjudge[sd]?\b": "check, validate",
    r"\bas (it|they) stands?\b": "as written",
    r"\bborne with\b": "retried",
    r"\bcomes? round\b": "the next scheduled time",
    r"\bspeaks?\b": "supports",
    r"\bexit status(es)?\b": "exit code",
    r", too(?=[.,;:)]|$)": "also",
    r"\b(holds?|holding)\b": "contains",
    r"\bask(s|ed|ing)?\b": "checks, requests, queries",
    r"\banswer(s|ed|ing)?\b": "responds; response, result",
    r"\bfile systems?\b": "filesystem",
    r"\bclean-ups?\b": "cleanup",
    r"\b(deleted|killed|fails?|completes?|finish(es)?|starts?|ends?|created|effect|succeeds?) at once\b": "immediately",
    r"\bunder (Allow|Forbid|Replace|OnFailure|Never)\b": "with",
    r"\b(deadline|limit) ends\b|\bends? the Job\b": "fails the Job",
    r"\bfor good\b": "permanently",
    r"\bnames (no|another|which)\b": "specifies, lists, refers to",
    r"\(the default\)": "(default)",
    r"(^|[.:] )Where [a-z]+ (is|are|has|does|do)\b": "if, when",
    r"\brounds? of Pods\b": "batch",
    r"\bprocess numbers?\b": "process ID",
    r"\bmade (anew|up)\b|\b(is|are|was|were|be) made\b(?! (of|for))": "created",
}
"""Words that read quaint or mean something else in Kubernetes, as patterns, and what to write instead."""

NOT_IN_RULES = {r"\bmachine\b": "node, controller manager", r"\bsays? so\b": "reports it", r"\bfolders?\b": "directory"}
"""The same for the texts of rules only: the docs also speak of the machine that joblint runs on."""

PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / "editors").glob("*/README.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    + [ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]
)

QUOTED = r'`[^`]*`|"[^"]*"|“[^”]*”|\{[^}]*\}|\]\([^)]*\)|<[^>]*>|\b\w+(-\w+){2,}\b'
"""What a text only quotes: code, the API server's words, values, targets of links, tags of HTML, names of rules."""


def _found(text: str, where: str, more: dict[str, str] | None = None) -> list[str]:
    plain = re.sub(QUOTED, "…", text)
    words = {**NOT, **(more or {})}
    hits = [(re.search(pattern, plain, re.IGNORECASE), better) for pattern, better in words.items()]
    return [f"{where}: {hit[0]!r}, better: {better}" for hit, better in hits if hit is not None]


def _texts(data: dict[str, Any]) -> dict[str, str]:
    """The texts of a rule that a person reads."""
    return {key: str(data.get(key, "")).replace('\\"', '"') for key in ("summary", "message", "label", "why", "fix")}


@pytest.mark.parametrize("rule", RULES)
def test_words_of_a_rule(rule: str) -> None:
    assert [line for key, text in _texts(RULES[rule]).items() for line in _found(text, f"{rule} {key}", NOT_IN_RULES)] == []


@pytest.mark.parametrize("rule", RULES)
def test_lengths_of_a_rule(rule: str) -> None:
    data = RULES[rule]
    message = re.sub(r"\{[^}]*\}", "values", data["message"])
    assert len(message) <= 140, f"{rule}: a message of {len(message)} characters"
    assert len(data["summary"]) <= 100 and not data["summary"].endswith(".")
    assert len(data.get("label", "")) <= 50
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z{$])", re.sub(r"\{ending\}", "", data["why"]).strip())
    assert len(sentences) <= 3, f"{rule}: {len(sentences)} sentences in why"
    lines = len(textwrap.wrap(message, 98)) + len(textwrap.wrap(data["why"], 92)) + len(data["fix"].strip().split("\n"))
    assert lines + 6 <= 14 or data["fix"].count(":\n"), f"{rule}: a finding of {lines + 6} lines"


@pytest.mark.parametrize("page", [str(p.relative_to(ROOT)) for p in PAGES])
def test_words_of_a_page(page: str) -> None:
    """Prose of the docs, without code and without the glossary, which has to name the words."""
    text = (ROOT / page).read_text("utf-8")
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^\| not \| but \|\n(\|.*\n)*", "", text, flags=re.MULTILINE)
    assert [line for n, part in enumerate(text.split("\n\n")) for line in _found(part, f"{page}, paragraph {n}")] == []


def _strings(path: Path) -> list[tuple[int, str]]:
    """The strings of a module with at least three words, f-strings with `{}` for their values; no docstrings, no patterns."""
    tree = ast.parse(path.read_text("utf-8"))
    inside: set[int] = set()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            text = "".join([str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values])
            found.append((node.lineno, text))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            found.append((node.lineno, node.value))
    return [(line, text) for line, text in found if text.count(" ") >= 2 and "\\b" not in text and not text.isupper()]


QUOTING = ("api", "shell", "_compiled")
"""The packages whose strings are those of the API server, of shells, and no source at all."""

MODULES = [
    path
    for path in sorted((ROOT / "joblint").rglob("*.py"))
    if path.relative_to(ROOT).parts[1] not in QUOTING and path.name != "stylesheet.py"
]


def test_words_of_messages() -> None:
    """What commands, reports, explanations, diffs, fixes and the language server print is made of these strings."""
    found = []
    for path in MODULES:
        name = str(path.relative_to(ROOT))
        for line, text in _strings(path):
            found += _found(text, f"{name}:{line}: {text[:60]!r}")
    assert found == []


def _commands() -> list[list[str]]:
    from joblint.cli.commands import cli

    found: list[list[str]] = [[]]
    for name, command in cli.commands.items():
        found.append([name])
        found += [[name, inner] for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_words_of_the_help(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from joblint.cli.commands import run

    assert run([*command, "--help"]) == 0
    assert _found(" ".join(capsys.readouterr().out.split()), " ".join(command)) == []


OTHERS = ["action.yml", ".pre-commit-hooks.yaml", "schemas/config.json", "schemas/rule.json", "schemas/scenario.json"]
OTHERS += ["editors/vscode/package.json", "playground/index.html", "playground/src/index.html"]
OTHERS += [
    str(p.relative_to(ROOT))
    for d in ("editors/vscode/src", "playground/src", "packaging")
    for p in sorted((ROOT / d).glob("*.*"))
]


@pytest.mark.parametrize("name", [n for n in OTHERS if (ROOT / n).is_file()])
def test_words_of_other_texts(name: str) -> None:
    """Texts in quotes of at least three words, in a file that is neither Python nor prose; of YAML and HTML all words."""
    text = (ROOT / name).read_text("utf-8")
    if name.endswith((".yml", ".yaml", ".html")):
        parts = [line for line in text.split("\n") if not line.lstrip().startswith("#")]
    else:
        parts = [part for part in re.findall(r'"((?:[^"\\\n]|\\.)*)"', text) if part.count(" ") >= 2]
    assert [line for part in parts for line in _found(part, f"{name}: {part[:50]!r}")] == []


def test_words_of_an_editor() -> None:
    import tomllib

    texts = tomllib.loads((ROOT / "schemas/editor-texts.toml").read_text("utf-8"))
    fields = [(name, field.get(key, "")) for name, field in texts["fields"].items() for key in ("means", "default")]
    assert [line for name, text in fields for line in _found(text, name)] == []
