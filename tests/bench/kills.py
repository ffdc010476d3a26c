"""Runs that are killed or interrupted at random moments and resumed: every outcome is that of an undisturbed run.

``python tests/bench/kills.py [--kills 40] [--seed N] [--seconds N]`` ends early when its time is over, and says how far
it came.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SUITE = """
import os, time, pytest

@pytest.mark.parametrize("n", range(60))
def test_it(n):
    time.sleep(0.03)
    if n % 17 == 5:
        os._exit(3)
    if n % 7 == 2:
        pytest.skip("no")
    assert n % 5
"""
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)


def main() -> None:
    """Read the command line, and print each case that differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=3600.0)
    given = parser.parse_args()
    rng, kills, wrong, cases = random.Random(given.seed), Counter[str](), 0, 0
    until = time.monotonic() + given.seconds
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        folder = Path(name)
        expected = _expected()
        while sum(kills.values()) < given.kills and time.monotonic() < until:
            cases += 1
            wrong += not _case(folder, f"case{cases}", rng, kills, expected)
    print(f"seed {given.seed}: {cases} cases, {sum(kills.values())} ends ({dict(kills)}), {wrong} cases differ")


def _expected() -> dict[str, int]:
    outcomes = Counter(
        "crashed" if n % 17 == 5 else "skipped" if n % 7 == 2 else "passed" if n % 5 else "failed" for n in range(60)
    )
    return dict(outcomes)


def _case(folder: Path, case: str, rng: random.Random, kills: Counter[str], expected: dict[str, int]) -> bool:
    app = folder / case / "app"
    app.mkdir(parents=True)
    (app / "test_a.py").write_text(_SUITE)
    words = ["run", str(app), "--case", case]
    for _ in range(rng.randint(1, 3)):
        with subprocess.Popen([sys.executable, "-m", "kit", *words, "--reports-dir", str(folder / "reports")],
                              cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
            events = folder / "reports" / case / "events.jsonl"
            while not events.exists() and process.poll() is None:
                time.sleep(0.02)
            time.sleep(rng.uniform(0, 4))
            if process.poll() is None:
                chosen = rng.choice(_SIGNALS)
                process.send_signal(chosen)
                kills[chosen.name] += 1
        words = ["run", "--resume", case]
    words += ["--reports-dir", str(folder / "reports"), "--format", "json"]
    done = subprocess.run([sys.executable, "-m", "kit", *words], cwd=ROOT, capture_output=True, text=True)
    try:
        tests = json.loads(done.stdout)["tests"]
    except (ValueError, KeyError):
        print(case, done.returncode, done.stderr[-500:])
        return False
    found = Counter(one["outcome"] for one in tests)
    if dict(found) != expected or done.returncode != 1:
        print(case, done.returncode, dict(found), expected)
        return False
    return True


if __name__ == "__main__":
    main()
