"""A cascade of one mapper error, under kit and under plain pytest: ``python tests/bench/cascade.py``.

The target is the demo, with what would end plain pytest early taken out (a hang, an exit of the interpreter, a
fail-fast plugin), in two states: as it is, where a duplicate index fails most tests at once, and with that mended,
where one mapper error does. Plain pytest renders each traceback, which takes many minutes; ``--every N`` takes only
every Nth test file. The bar: kit's CPU time is at most 0.15 of plain pytest's.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measuring import measure
from tests.demo.trees import mended

#: state of the demo to the fixes that are applied
_STATES = {"duplicate index": ("08", "09", "10"), "mapper error": ("01", "08", "09", "10")}

_LIMIT = 7200.0


def main() -> None:
    """Measure both states."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="Only every Nth test file.")
    parser.add_argument("--state", choices=_STATES, action="append", help="Only this one.")
    options = parser.parse_args()
    for state in options.state or _STATES:
        with tempfile.TemporaryDirectory() as folder:
            _compare(state, mended(Path(folder, "trading"), *_STATES[state]), options.every)


def _compare(state: str, tree: Path, every: int) -> None:
    files = [str(path.relative_to(tree)) for path in sorted(tree.glob("backend/tests/test_*.py"))[::every]]
    named = [word for file in files for word in ("--tests", file)] if every > 1 else []
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    reports = tree.parent / "reports"
    output = tree.parent / "kit.json"
    kit = [sys.executable, "-m", "kit", "run", tree, *named, "--format", "json", "--reports-dir", reports]
    ours = measure(kit, folder=tree.parent, environment=environment, output=output, limit_s=_LIMIT)
    outcomes = Counter(test["outcome"] for test in json.loads(output.read_bytes())["tests"])
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--maxfail=0"]
    plain += ["--continue-on-collection-errors", *(files if every > 1 else [])]
    text = tree.parent / "plain.txt"
    theirs = measure(plain, folder=tree, environment=environment, output=text, limit_s=_LIMIT)
    print(f"{state}: kit {dict(outcomes)}; plain: {text.read_text().splitlines()[-1]}")
    print(f"  CPU s: kit {ours.cpu_s:.1f}, plain {theirs.cpu_s:.1f}, ratio {ours.cpu_s / theirs.cpu_s:.3f} (bar 0.15)")
    print(f"  wall s: kit {ours.wall_s:.1f}, plain {theirs.wall_s:.1f}, ratio {ours.wall_s / theirs.wall_s:.3f}")


if __name__ == "__main__":
    main()
