"""How the suite was run, and what was seen beside its outcomes: re-runs, leftovers, warnings, coverage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from kit.facts.suite import Coverage, ModuleCoverage, RecheckVerdict, SuiteFacts, TestResult, TestWarning
from kit.facts.upgrades import Forecast

_LABELS: dict[RecheckVerdict, str] = {
    "fails": "Fails alone too",
    "fails_beside_others": "Fails only while other tests run at the same time; counted as without them",
    "needs_others": "Fails alone, and passes after the tests that come before it; counted as after them",
    "passes_alone": "Passes alone, and fails after other tests of the suite",
    "fails_watched": "Fails only while kit watches the state that tests share: it asks whether an object has died; "
    "counted as without that",
    "flaky": "Fails now and then",
}

#: how many are shown of what may be long
_TESTS_SHOWN, _WARNINGS_SHOWN, _MODULES_SHOWN = 5, 20, 50


@dataclass(frozen=True)
class Rerun:
    """Failing tests that did the same when they were run once more; ``shown`` are the first of them."""

    label: str
    tests: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Conduct:
    """``leaked`` are tests with the processes that they left behind, ``modules`` the least covered ones first, and
    ``not_alone`` the files that pytest collects only with the others, each with its error.
    """

    isolation: str | None
    shares: str | None
    protection: str | None
    touched: tuple[str, ...]
    polluted: tuple[str, ...]
    state_watch: str | None
    disabled_options: tuple[str, ...]
    reruns: tuple[Rerun, ...]
    leaked: tuple[TestResult, ...]
    not_alone: tuple[tuple[str, str], ...]
    forecasts: tuple[Forecast, ...]
    warnings: tuple[TestWarning, ...]
    more_warnings: int
    coverage: Coverage | None
    coverage_problem: str | None
    modules: tuple[ModuleCoverage, ...]


def view(suite: SuiteFacts, forecasts: tuple[Forecast, ...] = ()) -> Conduct:
    """What the page says about the run itself."""
    warnings = sorted(suite.warnings, key=lambda one: (-one.count, one.category, one.message))
    return Conduct(
        isolation=suite.isolation,
        shares=suite.shares,
        protection=suite.protection,
        touched=tuple(one.sentence for one in suite.touched),
        polluted=tuple(one.sentence for one in suite.polluted),
        state_watch=suite.state_watch,
        disabled_options=suite.neutralised,
        reruns=tuple(_reruns(suite.results)),
        leaked=tuple(result for result in suite.results if result.leaked),
        not_alone=tuple(suite.not_alone.items()),
        forecasts=forecasts,
        warnings=tuple(warnings[:_WARNINGS_SHOWN]),
        more_warnings=max(0, len(warnings) - _WARNINGS_SHOWN),
        coverage=suite.coverage,
        coverage_problem=suite.coverage_problem,
        modules=_least_covered(suite.coverage),
    )


def _reruns(results: tuple[TestResult, ...]) -> Iterable[Rerun]:
    for verdict in get_args(RecheckVerdict):
        tests = [result.nodeid for result in results if result.alone == verdict]
        if tests:
            yield Rerun(_LABELS[verdict], len(tests), tuple(tests[:_TESTS_SHOWN]))


def _least_covered(coverage: Coverage | None) -> tuple[ModuleCoverage, ...]:
    if coverage is None:
        return ()
    return tuple(sorted(coverage.modules, key=lambda one: (one.percent, one.path))[:_MODULES_SHOWN])
