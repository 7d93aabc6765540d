"""Words in Markdown: nothing in a manifest becomes a link, an image, a mention, a table or HTML."""

from __future__ import annotations

from joblint.report.safe import safe, safe_output

_NOTHING = "&#8203;"  # a zero-width space: what follows does not continue the name before it


def words(text: str) -> str:
    """Return a text in one line, for a paragraph or a cell of a table."""
    text = safe_output(" ".join(text.split()))
    for ch in "\\`*_[]|~":
        text = text.replace(ch, f"\\{ch}")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub and GitLab look for addresses, people and issues in what they show, not in the source.
    text = text.replace("@", f"@{_NOTHING}").replace("#", "\\#" + _NOTHING).replace("://", f":{_NOTHING}//")
    return text.replace("www.", f"www{_NOTHING}.")


def code(text: str) -> str:
    """Return a text as a code span, for a place outside of tables."""
    text = safe(text)
    longest = run = 0
    for ch in text:
        run = run + 1 if ch == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_cell(text: str) -> str:
    """Return a text as a code span in a cell of a table, where GitHub requires an escaped vertical bar."""
    return code(text).replace("|", "\\|")


def code_block(lines: list[str], language: str = "") -> list[str]:
    """Return lines as a code block."""
    lines = [safe_output(line) for line in lines]  # a log is interpreted line by line
    fence = "```"
    while any(line.lstrip().startswith(fence) for line in lines):
        fence += "`"
    return [fence + language, *lines, fence]
