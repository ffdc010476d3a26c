"""An app over its cases: how its tests ended in each, and since when each cause of the newest is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.facts.case import CaseFacts
from kit.facts.causes import Cause
from kit.facts.history import Introduction
from kit.facts.overview import CaseLine
from kit.facts.trend import CauseAge, Trend
from kit.history.comparing import moment_of
from kit.history.identity import matched
from kit.store import Store

#: at most this many cases are looked at, the newest ones
_MOST = 100


def trend_of(store: Store, facts: CaseFacts) -> Trend | None:
    """The cases of the app up to this one; ``None`` for the first that has outcomes or causes, unless commits were
    found for its causes.
    """
    target, started = facts.case.target, (facts.case.started, facts.case.id)
    lines = [line for line in store.lines(target.root) if (line.case.started, line.case.id) <= started]
    told = [line for line in lines if line.total or line.causes is not None]
    if not told or told[0].case.id != facts.case.id:
        return None
    if len(told) < 2 and not store.introductions([facts.case.id]):
        return None
    newest = tuple(reversed(told[:_MOST]))
    causes = store.causes_of([facts.case.id]).get(facts.case.id, ())
    past = _Past(newest, causes, store)
    return Trend(newest, tuple(map(past.age_of, causes)), len(told) - len(newest))


@dataclass(frozen=True)
class _Sighting:
    """A case in which causes were looked for, the oldest first, and the causes of the newest case that it named."""

    line: CaseLine
    named: Mapping[str, Cause]
    introduced: Mapping[str, Introduction]


class _Past:
    """What the cases of an app say about the causes of the newest of them."""

    def __init__(self, lines: Sequence[CaseLine], causes: Sequence[Cause], store: Store) -> None:
        looked = [line for line in lines if line.causes is not None] if causes else []
        ids = [line.case.id for line in looked]
        of_case, introduced = store.causes_of(ids), store.introductions(ids)
        self._sightings = [
            _Sighting(line, matched(of_case.get(name, ()), causes), introduced.get(name, {}))
            for line, name in zip(looked, ids, strict=True)
        ]

    def age_of(self, cause: Cause) -> CauseAge:
        """Since when a cause is there. Cases after the first that did not name it are counted, and explain nothing."""
        first = next(at for at, one in enumerate(self._sightings) if cause.id in one.named)
        after = self._sightings[first:]
        commit, case = self._introduced(cause)
        seen = sum(cause.id in one.named for one in after)
        return CauseAge(cause.id, cause.title, moment_of(after[0].line.case), seen, len(after), commit, case)

    def _introduced(self, cause: Cause) -> tuple[Introduction | None, str]:
        """The newest recorded commit of a cause; none from before a case that did not name it."""
        for one in reversed(self._sightings):
            earlier = one.named.get(cause.id)
            if earlier is None:
                break
            found = one.introduced.get(earlier.id)
            if found is not None and found.commit is not None:
                return found, one.line.case.id
        return None, ""
