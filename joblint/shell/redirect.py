"""A redirection as the readers of scripts give it."""

from __future__ import annotations

from joblint.base.record import Record


class Redirect(Record):
    """A redirection: its characters, the descriptor ("" if none is written), the operator, and the word after it as written."""

    start: int
    end: int
    descriptor: str
    sign: str
    word: str
