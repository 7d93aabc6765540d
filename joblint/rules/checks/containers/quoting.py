"""Where a shell expands `$` in a text: outside of single quotes, also within `"$(…)"`, where quotes begin again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def dollars(text: str) -> Iterator[int]:
    """Yield the positions of each `$` that the shell expands."""
    stack = [""]  # the open quote, for each level of `$(…)`; a "(" for a parenthesis within it
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        quote = stack[-1]
        if char == "\\" and quote != "'":
            at += 2
            continue
        if quote == "'":
            stack[-1] = "" if char == "'" else "'"
        elif char == "$":
            yield at
            if text.startswith("$(", at):
                stack.append("")
                at += 2
                continue
        elif char == '"':
            stack[-1] = "" if quote == '"' else '"'
        elif char == "'" and not quote:
            stack[-1] = "'"
        elif char == "(" and not quote and len(stack) > 1:
            stack.append("")
        elif char == ")" and not quote and len(stack) > 1:
            stack.pop()
        at += 1
