"""One object for the equal parts of many facts: the Jobs of an estate, and above all those of one application, need the same."""

from __future__ import annotations

from joblint.base.record import fields, replace
from joblint.rules.facts.needs import Needs
from joblint.rules.facts.others import ConfigFacts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from joblint.rules.facts.folder import Facts

_MOST = 20_000
_PARTS = ("references", "amounts", "kept", "hosts", "named", "pulls", "links", "injection")
"""The fields of needs that other Jobs often have as well."""


class Alike:
    """Knows the latest parts of facts."""

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}

    def shared(self, facts: Facts) -> Facts:
        """Return facts equal to these, whose parts are those of earlier ones where they are equal."""
        if facts.__class__ is ConfigFacts:
            return replace(facts, keys=self._one(facts.keys))
        needs: Needs | None = getattr(facts, "needs", None)
        if needs is None:
            return facts
        known = self._known.get(needs)
        if known is None:
            of_needs = [getattr(needs, name) for name in _NAMES]
            for i in _PLACES:
                if of_needs[i]:
                    of_needs[i] = self._one(of_needs[i])
            known = Needs(*of_needs)
            self._one(known)
        return facts if known is needs else replace(facts, needs=known)

    def _one(self, value: Any) -> Any:
        if len(self._known) >= _MOST:
            self._known.clear()
        return self._known.setdefault(value, value)


_NAMES = fields(Needs)
_PLACES = tuple([_NAMES.index(name) for name in _PARTS])
