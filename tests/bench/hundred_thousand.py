"""A very large suite: ``python tests/bench/hundred_thousand.py [--tests 100000] [--files 5000] [--command run]``.

Writes an app of which half of the files are test files. Three tests in ten fail, with 300 signatures among them. Then
``kit run`` or ``kit investigate`` runs, as a user has it. Printed are what is lost, the peak of the memory of kit's own
processes (MB, resident) and of those of the target (MB, shared pages divided), the seconds after the last outcome of a
test (wall, and CPU time of all processes), split where failures run once more, and the size of the report.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
sys.path.remove(str(Path(__file__).parent))  # its secrets.py hides the library's

from kit.platform.linux.guard import descendants  # noqa: E402

#: fewer where the app has fewer modules
SIGNATURES = 300
#: in this many tests three fail
_OF_TESTS = 10
_DEFECTS = (
    "return {{'a': value}}['missing_{0}']",
    "return Item_{0}().absent_{0}",
    "raise ValueError(f'part {0} refuses {{value}}')",
    "return Item_{0}(value)",
    "assert value < 0, 'part {0} takes only debts'",
    "return int('part {0}')",
)
_MODULE = """
class Item_{0}:
    price_{0} = {0}

def right(value):
    return value + Item_{0}.price_{0}

def broken(value):
    {1}
"""
_TEST = """
def test_{0}():
    assert part_{1}.{2}({0}) == {3}
"""
_TICKS = os.sysconf("SC_CLK_TCK")


def write(app: Path, tests: int, files: int) -> dict[str, int]:
    """The app on disk; how many tests have which outcome."""
    modules, expected, number = files // 2, Counter[str](), 0
    for folder in ("shop", "tests"):
        (app / folder).mkdir(parents=True)
    (app / "shop/__init__.py").touch()
    (app / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    for n in range(modules):
        (app / f"shop/part_{n}.py").write_text(_MODULE.format(n, _DEFECTS[n % len(_DEFECTS)].format(n)))
        parts, lines = {n}, []
        for _ in range(n * tests // modules, (n + 1) * tests // modules):
            fails = number % _OF_TESTS < 3
            part = (number // _OF_TESTS * 3 + number % _OF_TESTS) % min(SIGNATURES, modules) if fails else n
            parts.add(part)
            lines.append(_TEST.format(number, part, "broken" if fails else "right", number + part))
            expected["failed" if fails else "passed"] += 1
            number += 1
        imports = f"from shop import {', '.join(f'part_{part}' for part in sorted(parts))}\n"
        (app / f"tests/test_{n}.py").write_text(imports + "".join(lines))
    return dict(expected)


@dataclass
class Watched:
    """What was seen of the processes: peaks of memory, and the CPU time of all at moments."""

    own_mb: float = 0.0
    targets_mb: float = 0.0
    spent: list[tuple[float, float]] = field(default_factory=list)

    def look(self) -> None:
        """Look at every process below this one."""
        targets = cpu = 0.0
        for pid in descendants(os.getpid()):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().split()
                times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
            except OSError:
                continue  # gone meanwhile
            cpu += sum(map(int, times)) / _TICKS
            if b"/probes/" in words or b"guard.py" in words:
                targets += int(rollup[rollup.index("Pss:") + 1]) / 1024
            elif "Rss:" in rollup:
                self.own_mb = max(self.own_mb, int(rollup[rollup.index("Rss:") + 1]) / 1024)
        self.targets_mb = max(self.targets_mb, targets)
        self.spent.append((time.time(), cpu))

    def follow(self, is_over: threading.Event) -> None:
        """Look until it is over."""
        while not is_over.wait(0.5):
            self.look()

    def cpu_until(self, moment: float) -> float:
        """CPU seconds that all processes had used at a moment."""
        return max((cpu for at, cpu in self.spent if at <= moment), default=0.0)


def moments(events: Path) -> Iterator[tuple[str, float]]:
    """The kind of each event, and when it was."""
    started = 0.0
    for line in events.open():
        event = json.loads(line)
        kind = event["kind"]
        if kind == "session":
            started = datetime.fromisoformat(event["started"]).timestamp() - event["at"]
        yield kind, started + event.get("at", 0.0)


def measure(folder: Path, command: str, more: list[str], expected: dict[str, int]) -> None:
    """Run the command, and print a line for each thing that has a bar."""
    reports = folder / "reports"
    words = [sys.executable, "-m", "kit", command, str(folder / "app"), "--case", "c", "--reports-dir", str(reports)]
    words += [*more, *(("--no-trials",) if command == "investigate" else ())]
    watched, is_over = Watched(), threading.Event()
    watching = threading.Thread(target=watched.follow, args=(is_over,))
    watching.start()
    with (folder / "stdout").open("wb") as stdout, (folder / "stderr").open("wb") as stderr:
        done = subprocess.run(words, cwd=ROOT, stdout=stdout, stderr=stderr)
    ended = time.time()
    is_over.set()
    watching.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = used.ru_utime + used.ru_stime
    print(
        f"kit {command} ended with {done.returncode}; {whole:.1f} s CPU; largest process {used.ru_maxrss / 1024:.0f} MB"
    )
    print((folder / "stdout").read_text()[-1500:])
    print(f"memory: kit {watched.own_mb:.0f} MB, processes of the target {watched.targets_mb:.0f} MB")
    last = dict(moments(reports / "c" / "events.jsonl"))
    for kind in ("finished", "rechecked"):
        if kind in last:
            cpu = whole - watched.cpu_until(last[kind])
            print(f"after the last event {kind!r}: {ended - last[kind]:.1f} s, {cpu:.1f} s CPU")
    outcomes = Counter(
        event["outcome"]
        for line in (reports / "c" / "events.jsonl").open()
        if (event := json.loads(line))["kind"] == "finished"
    )
    print(f"outcomes in the events {dict(outcomes)}, expected {expected}")
    for path in sorted(reports.rglob("*")):
        if path.is_file() and path.stat().st_size > 100_000:
            print(f"{path.relative_to(reports)}: {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Read the command line, write the app and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--command", choices=["run", "investigate"], default="run")
    parser.add_argument("--keep", type=Path, help="A new folder for the app and what kit writes.")
    parser.add_argument("options", nargs="*", help="Options of the command, after --.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        expected = write(folder / "app", given.tests, given.files)
        print(f"{given.tests:,} tests in {given.files:,} files: {expected}, {SIGNATURES} signatures", flush=True)
        measure(folder, given.command, given.options, expected)


if __name__ == "__main__":
    main()
