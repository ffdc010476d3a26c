"""Suites of misbehaving tests, made at random: ``python tests/bench/misbehaving.py [--suites 2000] [--seed N]``.

Every innocent test must have its outcome, no test may be started more than three times, and no process may be left.
Suites that break this are printed; the exit code is 1 then. The isolation of each is drawn, and counted at the end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.suite.generated import MadeSuite, complaints, run_made, suites


def main() -> None:
    """Run the suites one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suites", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    ran: list[MadeSuite] = []
    broken: list[MadeSuite] = []

    @seed(wanted.seed)
    @settings(
        max_examples=wanted.suites,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(suites())
    def one(made: MadeSuite) -> None:
        mark = f"7{wanted.seed}{len(ran):06}.5"
        with tempfile.TemporaryDirectory() as folder:
            wrong = complaints(made, *run_made(made, Path(folder), mark), mark)
        ran.append(made)
        if wrong:
            broken.append(made)
            print(made, *wrong, sep="\n    ", flush=True)
        if len(ran) % 10 == 0:
            print(f"{len(ran):,} suites, {len(broken)} broken", flush=True)

    one()
    tests = sum(len(tests) for made in ran for tests in made.files)
    drawn = ", ".join(f"{name} {count}" for name, count in sorted(Counter(made.isolation for made in ran).items()))
    print(f"seed {wanted.seed}: {len(ran):,} suites ({drawn}) with {tests:,} tests: {len(broken)} broken")
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
