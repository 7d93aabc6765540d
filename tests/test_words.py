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
GLOSSARY = (
    (r"\bmend(s|ed|ing)?\b", "mend", "fix"),
    (r"\b(tries|try again|tried again)\b", "try, tries", "attempt(s); retry for the second and later ones"),
    (r"\bmade (anew|up)\b|\b(is|are|was|were|be) made\b(?! (of|for))", "made", "created"),
    (r"\brefus(e|es|ed|al|ing)\b", "refuses, does not take", "rejects, does not accept"),
    (r"\b(is|are|be) (taken|told)\b", "is taken, is told", "is accepted, is reported"),
    (r"\bfor ever\b|\bwithout end\b", "for ever, without end", "indefinitely, forever"),
    (r"\b(goes|gone) with\b", "goes, is gone", "is deleted, is deleted along with the Pod"),
    (
        r"\b(deadline|limit) ends\b|\bends? the Job\b",
        "ends the Job (by a limit)",
        'fails the Job; "completes" where it succeeds, "finishes" for both',
    ),
    (r"\bstands?\b(?! for)", "stands", "is; is defined on line 5"),
    (r"\bas (it|they) stands?\b", "as it stands", "as written"),
    (r"\b(tells|told)\b", "told, says, a word", "reported, shows, message"),
    (r"\bblanks?\b(?! line)", "blank", "space; whitespace"),
    (r"\bamounts?\b", "amount", "quantity (resources), number"),
    ("", "hint (as a severity)", "info; a confidence is certain, likely or possible (`hint` in rule files and JSON)"),
    ("", "the hours of the machine", "the controller manager's time zone"),
    ("", "nothing ends a wait, a Pod is away", "there is no timeout; the Pod is unavailable"),
    (
        r"\bwaves?\b(?! (do|of|order))|\brounds? of Pods\b",
        "wave, round",
        "batch: the Pods that run at the same time (explain it once)",
    ),
    (r"(?<!there )\b(is|are) (no (?!longer|more)|none of)", "is no, is none of", "is not a"),
    (r"\bknows? no\b", "knows no", "does not know"),
    (r"\bbesides?\b", "beside", "next to, in addition to"),
    (r"\b(behind|beneath) (the|it)\b", "behind, beneath", "after, below"),
    (r"\banew\b", "anew, once more", "again"),
    (r"\bby accident\b", "by accident", "unintended"),
    (r"\bfolder of the node\b", "folder", "directory (a project may have folders)"),
    (r"\bjudge[sd]?\b", "judge, verdict on something", 'check, validate; "verdict" only for the API server\'s'),
    (r"\b(leave|left|take|taken) (it|them) out\b", "leave out, take out", "remove; skip"),
    (r"\bpass(es|ed)? over\b", "pass over", "skip, ignore"),
    (r"\bgo(es)? on\b", "go on", "continue"),
    (r"\bcomes? round\b", "comes round", "the next scheduled time"),
    ("", "made up for (a missed start)", "starts late"),
    (r"\bnames (no|another|which)\b", "name (a file, an option)", "specify, list, refer to"),
    ("", "refused, taken (an argument)", "rejected, accepted"),
    (r"(^|[.:] )Where [a-z]+ (is|are|has|does|do)\b", "where (a condition)", "if, when"),
    (r"\bhardly\b", "hardly", "rarely, little"),
    (r"\bmostly\b", "mostly", "usually"),
    (r"\bmisspelt\b", "misspelt", "misspelled"),
    (
        r"\b(all the same|at one stroke|in turn|in want of|whence|thereof|lest|albeit|ere|nobody asked)\b",
        "all the same, in turn, lest",
        "plainer words",
    ),
    (r"\bborne with\b", "borne with", "retried"),
    (r"\bspeaks?\b", "speaks", "supports"),
    (r"\bexit status(es)?\b", "exit status", "exit code"),
    (r", too(?=[.,;:)]|$)", ", too", "also"),
    (r"\b(holds?|holding)\b", "holds", "contains"),
    (r"\bask(s|ed|ing)?\b", "asks", "checks, requests, queries"),
    (r"\banswer(s|ed|ing)?\b", "answers", "responds; response, result"),
    (r"\bfile systems?\b", "file system", "filesystem"),
    (r"\bclean-ups?\b", "clean-up", "cleanup"),
    (
        r"\b(deleted|killed|fails?|completes?|finish(es)?|starts?|ends?|created|effect|succeeds?) at once\b",
        "fails at once",
        "fails immediately; runs at the same time",
    ),
    (r"\bunder (Allow|Forbid|Replace|OnFailure|Never)\b", "under Forbid", "with Forbid"),
    (r"\bfor good\b", "for good", "permanently"),
    (r"\(the default\)", "(the default)", "(default)"),
    (r"\bprocess numbers?\b", "process number", "process ID"),
    (r"\bmay not (…|patch|list|get|watch|create|delete)", "may not (a permission)", "cannot, is not allowed to"),
    (r"\bin these files\b|\b(Cron)?Jobs here\b", "in these files, Jobs here", "in the checked files"),
    (r"\bhangs? in ContainerCreating\b", "hangs in ContainerCreating", "stays in ContainerCreating"),
    (r"\bsuppos(e|es|ed|ing)\b", "suppose", "assume"),
    (r"\b(is|are|was|were) so\b(?! )", "were so", "were true"),
    (r"\bwhere none runs\b|\bwhich it is not\b|: so many\b", "where none runs, so many", "and there is none, this many"),
    (r"\bdisappears?\b", "disappear", "is deleted"),
    (r"\bin vain\b", "in vain", "until the timeout; without a result"),
    (r"\bin place of\b", "in place of", "instead of"),
    (r"\bthe (line|command|word) before\b(?! (the|it|that))", "the line before", "the previous line"),
    (r"\bruns? under (the|an) (Service)?[Aa]ccount\b", "runs under an account", "uses a ServiceAccount"),
    (r"\bliterally\b", "literally", "unchanged, as written"),
    (r"\bawaited\b", "awaited", "waits for"),
    (r"\b(counts?|counted) from then\b", "counts from then", "counts from the end of the Job"),
    (r"\bfield in the message\b", "the field in the message", "the field shown in the message"),
)
"""Words that read quaint or mean something else in Kubernetes: a pattern ("" if none can find it), the word, and what to write
instead. CONTRIBUTING.md shows the last two."""

NOT = {pattern: better for pattern, _, better in GLOSSARY if pattern}

NOT_IN_RULES = {
    r"\bat once\b": "at the same time, immediately",
    r"\bmachine\b": "node, controller manager",
    r"\bsays? so\b": "reports it",
    r"\bfolders?\b": "directory",
}
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


def test_the_glossary_is_the_list_of_these_words() -> None:
    """The table in CONTRIBUTING.md is made of GLOSSARY: one list."""
    table = re.search(
        r"^\| not \| but \|\n\|---\|---\|\n((?:\|.*\n)*)", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
    )
    assert table is not None
    assert table[1] == "".join([f"| {word} | {better} |\n" for _, word, better in GLOSSARY])


@pytest.mark.parametrize("rule", RULES)
def test_a_message_is_a_sentence(rule: str) -> None:
    """Not `suspend: true: no Pod runs`, but `With suspend: true, no Pod runs`; no article in lower case at the beginning."""
    message = RULES[rule]["message"]
    assert not re.match(r"[\w.{}]+: [\w.{}]+:", message)
    assert message.split()[0] not in ("the", "a", "an", "each", "with", "if", "no", "both")


CAPITALS = re.compile(r"(?<![$({\[_A-Z/=-])\b(NAME|HOST|PORT|FILE|VALUE|SECONDS|NODE|KEY|INDEX|TAG|DIGEST|PATH)\b(?![=_}:-])")
"""A placeholder in capitals; the variable of a shell or of Kubernetes has a sign around it."""

BARE = re.compile(
    r"\b(container|(Cron)?Job|Pod|ConfigMap|Secret|Service(Account)?|Deployment|Role|NetworkPolicy|emptyDir|Namespace|claim|volume"
    r"|\{kind\}) \{(?!until|ttl|what|since)\w+\}",
    re.IGNORECASE,
)
"""A name from the manifest without quotes."""


@pytest.mark.parametrize("rule", RULES)
def test_placeholders_and_names_of_a_rule(rule: str) -> None:
    """`<name>` for what the reader fills in, and quotes around names."""
    data = RULES[rule]
    assert CAPITALS.findall(data["fix"]) == []
    assert [text for key in ("message", "label") if (text := BARE.search(data.get(key, ""))) is not None] == []


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
    shared = {f"{of}.{name}": field for of, fields in texts["types"].items() for name, field in fields.items()}
    fields = [(name, field.get(key, "")) for name, field in {**texts["fields"], **shared}.items() for key in ("means", "default")]
    assert [line for name, text in fields for line in _found(text, name)] == []
