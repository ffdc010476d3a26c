"""What of the real tree changed while its tests ran, in spite of the protection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Touched:
    """``path`` of the real tree (absolute when it lies outside) changed during the run: ``how`` it did, and the tests
    that ran at that moment.
    """

    path: str
    how: str
    tests: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in words."""
        when = f"while {' or '.join(self.tests)} ran" if self.tests else "while no test ran"
        return f"The real tree has changed: {self.path} ({self.how}), {when}."
