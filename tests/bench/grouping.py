"""How long 100,000 failures of 500 signatures take to group, and how much memory: ``python tests/bench/grouping.py``.

The failures are distinct in their data and lines, as those of a real suite are. The bars are 5 s and 500 MB.
"""

from __future__ import annotations

import hashlib
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.suite import SuiteFacts, TestResult
from kit.failures import group_failures

FAILURES, SIGNATURES = 100_000, 500


def failure(number: int) -> Failure:
    """One of the signatures; every second one says how many there were, in the singular or the plural."""
    kind = number % SIGNATURES
    amount = f"{number % 7} orders" if number % 7 != 1 else "1 order"
    message = f"{amount} of trader{number}@example.com at 0x{number:08x} have no price in table{kind}"
    frames = tuple(Frame(f"app/part{kind}.py", number % 900 + depth, "run", "own", "run()") for depth in range(6))
    info = ExceptionInfo(f"Order{kind % 20}Error", "app.errors", message, len(message), frames)
    return Failure(hashlib.sha256(message.encode()).hexdigest()[:16], "call", (info,))


def main() -> None:
    failures = [failure(number) for number in range(FAILURES)]
    suite = SuiteFacts(
        results=tuple(
            TestResult(
                f"tests/test_{n % 400}.py::test_order[{n}]", f"tests/test_{n % 400}.py", "failed", "call", 0.0, f.id
            )
            for n, f in enumerate(failures)
        ),
        failures={one.id: one for one in failures},
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    grouping = group_failures(suite)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{FAILURES:,} failures, {len(grouping.groups)} groups of {SIGNATURES}: {seconds:.2f} s")
    print(f"peak {after / 1024:.0f} MB, of which the facts themselves {before / 1024:.0f} MB")


if __name__ == "__main__":
    main()
