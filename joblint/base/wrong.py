"""Wrong input of a person, told apart from an error of joblint itself, which may also be a ValueError."""

from __future__ import annotations


class WrongInput(ValueError):
    """An option, an argument or a file that cannot be used; the text is for the person who wrote it."""
