"""What kit's care for the target costs: the guard, the scratch copy, the walk, and the end of a run.

``python tests/bench/target.py`` prints each beside the plain way, measured in turn in one run: median seconds, and the
median of the pairs' ratios.
"""

from __future__ import annotations

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.masking import mask
from kit.target import guarded
from kit.target.copying import copy_tree
from kit.target.tree import Tree

ROUNDS = 7


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def compare(what: str, ours: Callable[[], object], plain: Callable[[], object]) -> None:
    """Measure the two in turn and print what came out."""
    pairs = [(seconds(ours), seconds(plain)) for _ in range(ROUNDS)]
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{what:<40} {medians[0]:.3f} s against {medians[1]:.3f} s, ratio {ratio:.2f}")


def fresh(folder: Path) -> Path:
    """A path in ``folder`` where nothing is yet."""
    return Path(tempfile.mkdtemp(dir=folder)) / "copy"


def ctrl_c() -> float:
    """Seconds from Ctrl-C to the end of ``kit run`` in the middle of a slow suite."""
    with tempfile.TemporaryDirectory() as here:
        project = Path(here) / "project"
        project.mkdir()
        test = "import time, pytest\n@pytest.mark.parametrize('n', range(99))\ndef test_n(n): time.sleep(0.2)\n"
        (project / "test_slow.py").write_text(test)
        events = Path(here) / "reports" / "c" / "events.jsonl"
        command = [sys.executable, "-m", "kit", "run", "project", "--case", "c"]
        with subprocess.Popen(command, cwd=here, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while not events.exists() or events.read_text().count('"kind":"finished"') < 4:
                time.sleep(0.05)
            run.send_signal(signal.SIGINT)
            return seconds(run.wait)


def main() -> None:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as here:
        root, copies = Path(here) / "tree", Path(here) / "copies"
        copies.mkdir()
        for number in range(10_000):
            path = root / f"p{number % 10}" / f"m{number % 200}" / f"f{number}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n")
        compare("walk of 10,000 files, os.walk", lambda: Tree.of(root), lambda: list(os.walk(root)))
        small = root / "p0"
        compare(
            "copy of 1,000 files, shutil.copytree",
            lambda: copy_tree(small, fresh(copies)),
            lambda: shutil.copytree(small, fresh(copies)),
        )
    for what, text in (("ordinary", "the test failed with an error in app.py "), ("hostile", "://a:")):
        one, ten = (text * 1_000)[:1_000], (text * 10_000)[:10_000]
        compare(
            f"masking 10 kB, ten times 1 kB, {what}", lambda t=ten: mask(t), lambda t=one: [mask(t) for _ in range(10)]
        )
    compare(
        "a guarded command, a plain one",
        lambda: subprocess.run(guarded(["/bin/true"]), check=True),
        lambda: subprocess.run(["/bin/true"], check=True),
    )
    print(f"{'from Ctrl-C to the end of kit run':<40} {statistics.median(ctrl_c() for _ in range(3)):.2f} s")


if __name__ == "__main__":
    main()
