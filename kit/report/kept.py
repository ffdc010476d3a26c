"""The fixes that stayed applied: what the report recommends, and what all of them together were measured to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from kit.facts.fixes import Comparison, FixFacts, FixOption, Layer, Trial
from kit.facts.outcomes import BAD
from kit.facts.suite import Accounting
from kit.facts.wording import counted
from kit.report.joined import Joined
from kit.report.wording import share


@dataclass(frozen=True)
class KeptFixes:
    """The options in the order in which they are applied, with what was measured of all of them together.

    ``final`` ran every test; without it the counts are those of the last layer, which a few tests stand for.
    """

    options: tuple[FixOption, ...]
    last: Layer
    final: Trial | None

    @cached_property
    def comparison(self) -> Comparison | None:
        """What became of each test, where every test was run."""
        return self.final.comparison if self.final else None

    @property
    def unlocked(self) -> int:
        """Tests that failed before any fix and pass with all of them."""
        return len(self.comparison.unlocked) if self.comparison else self.last.unlocked

    @property
    def unmasked(self) -> int:
        """Tests that still fail, of another cause than before."""
        return sum((self.comparison.unmasked if self.comparison else self.last.unmasked).values())

    @property
    def broken(self) -> int:
        """Tests that passed before and fail with the fixes."""
        return len(self.comparison.broken) if self.comparison else self.last.broken

    @property
    def newly_collected(self) -> int:
        """Tests that can be collected only with the fixes."""
        return sum(self.comparison.newly_collected.values()) if self.comparison else self.last.newly_collected

    @property
    def collected(self) -> int:
        """Tests that are collected with the fixes."""
        return self.comparison.after if self.comparison else self.last.collected

    @property
    def passed(self) -> int:
        """Tests that pass with the fixes."""
        return self.final.passed if self.final and self.final.passed is not None else self.last.passed

    @property
    def failing(self) -> int | None:
        """Tests that fail or do not run with the fixes; ``None`` where not every test was run."""
        if self.comparison is None:
            return None
        newly = sum(tests for outcome, tests in self.comparison.newly_collected.items() if outcome in BAD | {"not_run"})
        return self.unmasked + self.comparison.still_failing + self.broken + newly

    def finding(self, accounting: Accounting) -> str:
        """What the fixes do to the pass rate, in a sentence without its full stop."""
        now, then = share(accounting.passed, accounting.collected), share(self.passed, self.collected)
        fixes = counted(len(self.options), "fix")
        if now == then:
            return f"{now} of the tests pass, with {fixes} as without"
        whole = f"{now} of the tests pass now, {then} with {fixes}"
        return whole if self.comparison else f"{whole}, measured {self.how}"

    @property
    def how(self) -> str:
        """Which tests measured the fixes."""
        return "with every test" if self.comparison else "with a few tests that stand for the others"

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the fixes change."""
        return files_of(self.options)

    @property
    def lines_changed(self) -> int:
        """Lines that come or go."""
        return sum(option.lines_changed for option in self.options)

    @property
    def patch(self) -> str:
        """The patches of all fixes, one after the other."""
        return "".join(one.patch if one.patch.endswith("\n") else f"{one.patch}\n" for one in self.options if one.patch)

    @property
    def causes(self) -> frozenset[str]:
        """Ids of the causes that the fixes remove."""
        return frozenset(option.cause for option in self.options)


def kept_fixes(joined: Joined) -> KeptFixes | None:
    """The fixes that stayed applied; ``None`` where no fix was tried, or none helped."""
    facts = joined.facts.fixes
    if facts is None or not facts.layers:
        return None
    return KeptFixes(kept_options(facts), facts.layers[-1], facts.final)


def kept_options(facts: FixFacts) -> tuple[FixOption, ...]:
    """The options that stayed applied, in their order."""
    by_id = {option.id: option for option in facts.options}
    return tuple(by_id[layer.option] for layer in facts.layers if layer.option in by_id)


def files_of(options: Iterable[FixOption]) -> tuple[str, ...]:
    """The files that these options change, each once."""
    return tuple(dict.fromkeys(path for option in options for path in option.files))
