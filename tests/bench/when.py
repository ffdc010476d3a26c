"""How often ``kit when`` names the right commit, and what it costs.

``python tests/bench/when.py [static|run-time|large] [ROUNDS]``: faults planted in histories of 200 commits with merges,
a moved module and a stretch whose suite cannot be collected; ``large`` is one history of 1,000 commits of an app of 700
files, whose figures are CPU seconds of this process and those that it started.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.history import Introduction
from kit.history import When
from kit.suite import RunOptions
from tests.history.planting import RUN_TIME, STATIC, plant
from tests.history.test_when import asked, in_source, in_tests

FILES = 690


def cpu() -> float:
    """CPU seconds of this process and of all that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def many_files() -> dict[str, str]:
    """Modules that import one another, a tenth of them with a mapped class."""
    files = {}
    for number in range(FILES):
        text = f"from shop.area_{number // 2 // 50} import part_{number // 2}\n" if number else ""
        text += "".join(f"\n\ndef work_{at}(value):\n    return value + {at}\n" for at in range(20))
        if number % 10 == 0:
            text += (
                "\n\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom shop.base import Base\n\n\n"
                f'class Part{number}(Base):\n    __tablename__ = "parts_{number}"\n'
                "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            )
        files[f"shop/area_{number // 50}/part_{number}.py"] = text
    return files | {f"shop/area_{number}/__init__.py": "" for number in range(FILES // 50 + 1)}


def right(found: Introduction, planted: str) -> str:
    """Whether the answer is the planted commit, or a range that has it."""
    if found.commit and found.commit.id == planted and not found.untested:
        return "right"
    named = (found.commit.id if found.commit else "", *found.untested)
    return f"one of {len(named)}" if planted in named else "wrong"


def main(what: str, rounds: int) -> None:
    """Print a line a history, and the sums."""
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        root = Path(folder)
        if what == "large":
            _large(root)
            return
        faults = STATIC if what == "static" else RUN_TIME
        for seed in range(rounds):
            for number, fault in enumerate(faults):
                history = plant(root / f"{seed}-{number}", fault, 100 * seed + number, 200)
                case = (
                    in_source(history, fault)
                    if what == "static"
                    else in_tests(history, root / f"{seed}-{number}.jsonl")
                )
                before = cpu()
                found = asked(*case)
                answer = right(found, history.planted)
                counts[answer] = counts.get(answer, 0) + 1
                looked = f"{found.tested} commits, {found.skipped} skipped"
                print(f"{answer:10} {fault.name:32} {looked:24} {cpu() - before:6.2f} s CPU", flush=True)
    print(counts)


def _large(root: Path) -> None:
    history = plant(root / "large", STATIC[1], 7, 1000, more=many_files())
    facts, cause = in_source(history, STATIC[1])
    print(f"{facts.inventory.files if facts.inventory else 0} files", flush=True)
    for which in ("first", "second, everything in the cache"):
        before = cpu()
        steps: list[float] = []
        with When(facts, RunOptions(workers=1), lambda *_, steps=steps: steps.append(cpu())) as when:  # type: ignore[misc]
            found = when.of(cause)
        further = (steps[-1] - steps[0]) / (len(steps) - 1)
        told = f"{right(found, history.planted)}, {found.tested} commits, {cpu() - before:.2f} s CPU"
        print(f"{which}: {told}, {further:.3f} s for each further commit", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "static", int(sys.argv[2]) if len(sys.argv) > 2 else 4)
