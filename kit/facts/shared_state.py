"""State that tests of one process share, and the outcomes that come of it."""

from __future__ import annotations

from dataclasses import dataclass

from kit.facts.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class StateChange:
    """A state that tests of one process share (``app.state.CURRENCY``), with its values before and after, in words."""

    path: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class PollutedTest:
    """A test (``victim``) whose outcome in a plain run comes of state that earlier tests have changed.

    ``instead`` is the outcome that it has without them. ``polluters`` are the tests that change it, and ``states`` what
    they change, as far as the code of the victim uses it. Either is empty when it could not be found out.
    """

    victim: str
    instead: Outcome
    polluters: tuple[str, ...] = ()
    states: tuple[StateChange, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the state or who changes it was found out; otherwise it may as well fail now and then."""
        return bool(self.polluters or self.states)

    @property
    def sentence(self) -> str:
        """All of it in words."""
        what = "; ".join(map(str, self.states)) or "state that could not be named"
        by = " and ".join(self.polluters) or "an earlier test"
        return f"{what}, set by {by}, read by {self.victim} ({self.instead} without it)"
