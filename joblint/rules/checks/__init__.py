"""The checks of the rules, one directory for each family; `table.py` defines which function is the check of which rule.

A check looks at one thing and yields hits: at one object (a Subject), or at all objects of a run together (a Folder).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from joblint.api.verdict import ApiError
    from joblint.rules.facts.folder import Folder
    from joblint.rules.facts.origin import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.subject import Subject

    Check = Callable[[Subject], Iterable[Hit]]
    """Checks one Job or CronJob."""

    FolderCheck = Callable[[Folder], Iterable[tuple[Origin, Hit]]]
    """Checks all objects of a run; each hit comes with its object."""

    Explanation = Callable[[Subject, ApiError], Hit | None]
    """Explains an error of the API server with a rule's texts; None if the rule's general texts are enough."""
