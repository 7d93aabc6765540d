"""Words as Markdown shows them: nothing of a manifest becomes a link, an image, a mention, a table or HTML."""

from __future__ import annotations

from joblint.report.safe import safe, safe_output

_NOTHING = "&#8203;"  # a space of no width: what is after it belongs to no name before it


def words(text: str) -> str:
    """A text in one line, for a paragraph or a cell of a table."""
    text = safe_output(" ".join(text.split()))
    for ch in "\\`*_[]|~":
        text = text.replace(ch, f"\\{ch}")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub and GitLab look for addresses, people and issues in what they show, not in what is written.
    text = text.replace("@", f"@{_NOTHING}").replace("#", "\\#" + _NOTHING).replace("://", f":{_NOTHING}//")
    return text.replace("www.", f"www{_NOTHING}.")


def code(text: str) -> str:
    """A text as a span of code, for a place outside tables."""
    text = safe(text)
    longest = run = 0
    for ch in text:
        run = run + 1 if ch == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_cell(text: str) -> str:
    """A text as a span of code in a cell of a table, where GitHub wants the stroke escaped."""
    return code(text).replace("|", "\\|")


def code_block(lines: list[str], language: str = "") -> list[str]:
    """Lines as a block of code."""
    lines = [safe_output(line) for line in lines]  # what goes to a log is read there by its lines
    fence = "```"
    while any(line.lstrip().startswith(fence) for line in lines):
        fence += "`"
    return [fence + language, *lines, fence]
