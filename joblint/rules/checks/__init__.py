"""The checks behind the rules, a module a family; a check takes a Subject and yields Hits."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

    Check = Callable[[Subject], Iterator[Hit]]
    _C = TypeVar("_C", bound=Callable[..., Any])


def check(function: _C) -> _C:
    """Mark a function as the check of the rule of its name (dashes for underscores).

    It takes a Subject and yields Hits; of a rule with `scope: folder` it takes the tuple of Facts of all objects of the
    run and yields (Facts, Hit) pairs; of a rule that explains the server's errors it takes a Subject and an ApiError and
    returns the Hit that tells of it, or None where the general words serve.
    """
    function.is_check = True  # type: ignore[attr-defined]
    return function
