"""What the sandbox costs: ``python tests/bench/sandbox.py [--rounds N] [--tests N]``.

CPU time of one command in a scratch copy below kit's guard, in turns with the sandbox and without it: of an interpreter
that does nothing (start-up), and of plain pytest with tests that write two files and remove one. A machine without
namespaces has no sandbox, and shows no difference.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.target import find_target, guarded, scratch_copy
from tests.bench.measuring import measure

_HEAD = "from pathlib import Path\n"
_TEST = """
def test_{0}(tmp_path):
    (tmp_path / "a").write_text("a")
    made = Path("made_{0}")
    made.write_text("b")
    made.unlink()
"""
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def main() -> None:
    """Read the command line, and print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tests", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, given.tests, 100):
            numbers = range(first, min(first + 100, given.tests))
            Path(folder, f"test_{first:06}.py").write_text(_HEAD + "".join(map(_TEST.format, numbers)))
        with scratch_copy(find_target(folder)) as copy:
            compare("start-up", copy, ("-c", "pass"), 10 * given.rounds)
            compare(f"{given.tests:,} tests", copy, _PYTEST, given.rounds)


def compare(name: str, copy: Path, words: Sequence[str], rounds: int) -> None:
    """Measure both in turns, and print their medians, and those of the differences and the ratios."""
    commands = [guarded([sys.executable, *words], root=root, memory_bytes=0) for root in (copy, None)]
    pairs = [[measure(one, folder=copy, environment=os.environ).cpu_s for one in commands] for _ in range(rounds + 1)]
    kept = pairs[1:]  # the first round makes bytecode
    sandbox, plain = map(statistics.median, zip(*kept, strict=True))
    more = statistics.median(1000 * (one - other) for one, other in kept)
    ratio = statistics.median(one / other for one, other in kept)
    print(f"{name}: sandbox {sandbox:.3f} s CPU, without {plain:.3f} s: {more:+.0f} ms, ratio {ratio:.3f} (medians)")


if __name__ == "__main__":
    main()
