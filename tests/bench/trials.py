"""What trials of fixes cost, on the demo, against plain pytest on the healthy demo: ``python tests/bench/trials.py``.

Each round peels the broken demo, runs plain pytest on a copy with every defect fixed (6,373 tests, all pass), and then
the final trial of every test. Ratios of CPU time are made inside one round, medians of rounds are printed. The run that
the case itself makes is not measured: it is there before any fix is tried.

With ``--simulated`` it counts how often sampled intervals contain the share of the whole, in 1,000 samples each.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.case import CaseOptions, Investigation
from kit.demo import copy_demo
from kit.facts.case import CaseFacts
from kit.facts.fixes import FixFacts
from kit.fixes import Explained, Peeling, TrialCopy, full_trial
from kit.fixes.trials.sampling import choose_sample, wilson
from kit.platform.linux.guard import descendants
from tests.bench.measuring import measure
from tests.demo.trees import EVERY_FIX, mended

_LIMIT_S = 7200.0
_TICK = os.sysconf("SC_CLK_TCK")
#: the bars, as shares of the plain run's CPU time
_BARS = {"one further option": 0.03, "whole peeling": 0.15, "full trial": 1.05}
_SHARES, _TESTS, _SAMPLE, _SAMPLES = (0.0, 0.005, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 0.995, 1.0), 6373, 200, 1000


class Clock:
    """CPU seconds by what was done, of this process and of all that it started; each is printed when ``verbose``."""

    def __init__(self, verbose: bool) -> None:
        self.spent: list[tuple[str, float]] = []
        self._verbose, self._last = verbose, cpu_s()

    def lap(self, name: str, detail: str = "") -> None:
        """What was spent since the last call went to ``name``."""
        now = cpu_s()
        self._note(name, now - self._last, detail)
        self._last = now

    def restart(self, name: str, seconds: float) -> None:
        """What was spent since the last call is known to have been ``seconds``."""
        self._note(name, seconds)
        self._last = cpu_s()

    def all(self, name: str) -> list[float]:
        """The laps of that name."""
        return [seconds for told, seconds in self.spent if told == name]

    def _note(self, name: str, seconds: float, detail: str = "") -> None:
        self.spent.append((name, seconds))
        if self._verbose:
            print(f"    {seconds:7.2f} s  {name}  {detail[:90]}", flush=True)


def cpu_s() -> float:
    """User and system time of this process, of its descendants, and of those of them that have ended."""
    return sum(map(_cpu_of, [os.getpid(), *descendants(os.getpid())]))


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # gone meanwhile: its parent has its time
    return sum(map(int, fields[11:15])) / _TICK


def main() -> None:
    """Measure the cost, or count the intervals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--simulated", action="store_true", help="Count intervals instead; starts no suite.")
    parser.add_argument("--verbose", action="store_true", help="Each lap of each round.")
    options = parser.parse_args()
    if options.simulated:
        _simulate()
    else:
        _cost(options.rounds, verbose=options.verbose)


def _cost(rounds: int, *, verbose: bool) -> None:
    ratios: dict[str, list[float]] = {name: [] for name in _BARS}
    with tempfile.TemporaryDirectory() as folder:
        options = CaseOptions.of(copy_demo(Path(folder, "broken")), reports_dir=Path(folder, "reports"))
        investigation = Investigation.start(options)
        investigation.map_registry()
        investigation.run_tests()
        investigation.diagnose()
        healthy = mended(Path(folder, "healthy"), *EVERY_FIX)
        for number in range(1, rounds + 1):
            clock = Clock(verbose)
            print(f"round {number}: {_counted(_tried(options, investigation.facts, healthy, clock))}", flush=True)
            (plain,) = clock.all("plain")
            for name, seconds in _by_bar(clock).items():
                ratios[name].append(seconds / plain)
                print(f"  {name}: {seconds:.2f} s of {plain:.1f} s, {seconds / plain:.3f}", flush=True)
        investigation.store.close()
    for name, bar in _BARS.items():
        told = ", ".join(f"{one:.3f}" for one in ratios[name])
        print(f"{name}: median {statistics.median(ratios[name]):.3f} ({told}), bar {bar}")


def _plain(tree: Path) -> float:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    cost = measure(command, folder=tree, environment=environment, limit_s=_LIMIT_S)
    if cost.code:
        raise SystemExit(f"The healthy demo does not pass: exit code {cost.code}")
    return cost.cpu_s


def _tried(options: CaseOptions, recorded: CaseFacts, healthy: Path, clock: Clock) -> FixFacts:
    """Peel, run plain pytest on the healthy demo, then every test with the fixes: a lap for each part."""
    assert recorded.suite is not None
    assert recorded.grouping is not None
    assert recorded.causes is not None
    assert recorded.inventory is not None
    first = Explained(recorded.suite, recorded.grouping, recorded.causes)
    with TrialCopy(recorded.case.target, options.run_options(), options.own_categories()) as copy:
        peeling = Peeling(copy, monotonic() + _LIMIT_S, _option_of(clock), lambda _: clock.lap("closer look"))
        peeling.run(first, recorded.inventory)
        clock.lap("end of peeling")
        plain = _plain(healthy)
        clock.restart("plain", plain)
        facts = peeling.add(full_trial(copy, first.state, peeling.applied, limit_s=_LIMIT_S)[0])
        clock.lap("full trial")
    return facts


def _option_of(clock: Clock) -> Callable[[str], None]:
    """A listener that tells the first option of a cause, for which the state before is read, from the further ones."""

    def heard(line: str) -> None:
        clock.lap("first option" if line.startswith("1/") else "one further option", line)

    return heard


def _by_bar(clock: Clock) -> dict[str, float]:
    further, full = clock.all("one further option"), sum(clock.all("full trial"))
    whole = sum(seconds for _, seconds in clock.spent) - full - sum(clock.all("plain"))
    return {"one further option": statistics.mean(further), "whole peeling": whole, "full trial": full}


def _counted(facts: FixFacts) -> str:
    final = facts.final
    assert final is not None
    return f"{len(facts.trials)} trials, {len(facts.layers)} fixes kept, {final.passed} of {final.tests_of} pass"


def _simulate() -> None:
    """Samples as trials take them, of suites in which a known share of the blocked tests passes with the fix."""
    tests = [f"tests/test_app.py::test_{number}" for number in range(_TESTS)]
    every = 0
    for share in _SHARES:
        passing = frozenset(tests[: round(share * _TESTS)])
        inside = 0
        for seed in range(_SAMPLES):
            low, high = wilson(len(choose_sample(tests, _SAMPLE, seed) & passing), _SAMPLE)
            inside += low <= len(passing) / _TESTS <= high
        every += inside
        print(f"share {share}: {inside} of {_SAMPLES} intervals contain it")
    print(f"all shares: {every / len(_SHARES) / _SAMPLES:.1%} of the intervals contain it, bar 93 %")


if __name__ == "__main__":
    main()
