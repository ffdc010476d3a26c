"""What a test sees of chance and of event loops is what a plain run shows, although its process is a fork."""

from __future__ import annotations

import os
import random
import subprocess
import sysconfig
from pathlib import Path

import pytest

from kit.probes.suite.chance import follows
from kit.suite import RunOptions, run_suite
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.projects import outcomes, rows, target_of
from tests.target.making import python_of

pytestmark = pytest.mark.slow

SEEDED = {
    "conftest.py": "import random\nrandom.seed(20)\nDRAWN = [random.random() for _ in range(3)]\n",
    "test_draws.py": """
        import random

        def test_the_numbers_after_the_seed():
            expected = random.Random(20)
            before = [expected.random() for _ in range(3)]
            assert [random.random() for _ in range(5)] == [expected.random() for _ in range(5)]
            assert before[0] != random.random()
    """,
}

UNSEEDED = """
    import random, time

    def test_{name}():
        with open("{folder}/{name}", "w") as file:
            file.write(str(random.random()))
        time.sleep(0.5)
"""


def test_a_seed_in_a_conftest_holds_in_every_worker(run: Run) -> None:
    facts = run(SEEDED, workers=2)

    assert (facts.isolation or "").startswith("fork")
    assert rows(facts) == {"collected": 1, "passed": 1}


def test_workers_of_a_suite_without_a_seed_draw_numbers_of_their_own(run: Run, tmp_path: Path) -> None:
    """Names that tests draw would otherwise be the same in two workers."""
    files = {f"test_{name}.py": UNSEEDED.replace("{name}", name).replace("{folder}", str(tmp_path)) for name in "ab"}
    facts = run({"conftest.py": "import random\nDRAWN = random.random()\n", **files}, workers=2)

    assert rows(facts) == {"collected": 2, "passed": 2}
    assert (tmp_path / "a").read_text() != (tmp_path / "b").read_text()


@pytest.mark.parametrize("draws", [0, 1, 623, 624, 625, 5000])
def test_a_generator_that_has_only_drawn_is_told_from_one_that_was_seeded(draws: int) -> None:
    generator = random.Random()
    start = generator.getstate()
    for _ in range(draws):
        generator.getrandbits(32)

    assert follows(start, generator.getstate())
    generator.seed(1)
    assert not follows(start, generator.getstate())


def test_an_event_loop_that_an_import_has_closed_stays_closed(tmp_path: Path) -> None:
    """Python 3.12 and newer forget it at a fork: ``get_event_loop`` would make a new one."""
    environment = tmp_path / "environment"
    subprocess.run([python_of("3.13"), "-m", "venv", "--without-pip", environment], check=True, capture_output=True)
    (packages,) = environment.glob("lib/python3*/site-packages")
    (packages / "shared.pth").write_text(sysconfig.get_path("purelib") + os.linesep)
    root = write_project(
        tmp_path / "project",
        {
            "pytest.ini": "[pytest]\n",
            "conftest.py": """
                import asyncio

                async def warm_up(): pass

                asyncio.run(warm_up())
            """,
            "test_loop.py": """
                import asyncio
                import pytest

                def test_no_loop_is_left():
                    with pytest.raises(RuntimeError, match="no current event loop"):
                        asyncio.get_event_loop()
            """,
        },
    )
    target = target_of(root, python=str(environment / "bin/python"))
    facts = run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(workers=2))

    assert (facts.isolation or "").startswith("fork")
    assert outcomes(facts) == {"test_loop.py::test_no_loop_is_left": "passed"}
