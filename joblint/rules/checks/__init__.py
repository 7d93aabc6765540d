"""The checks behind the rules, a folder a family; `table.py` says which function is the check of which rule.

A check looks at one thing and yields hits. Of one object that is a Subject, of all objects of a run together a Folder.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from joblint.api.verdict import ApiError
    from joblint.rules.facts import Origin
    from joblint.rules.finding import Hit
    from joblint.rules.folder import Folder
    from joblint.rules.subject import Subject

    Check = Callable[[Subject], Iterable[Hit]]
    """Looks at one Job or CronJob."""

    FolderCheck = Callable[[Folder], Iterable[tuple[Origin, Hit]]]
    """Looks at all objects of a run; each hit goes with the object it is on."""

    Explanation = Callable[[Subject, ApiError], Hit | None]
    """Tells of an error of the API server in the words of a rule; None where the rule's general words serve."""
