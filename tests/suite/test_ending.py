"""A process that has run tests ends as Python does, but sums nothing up and does not take its modules apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import outcomes

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_what_is_to_happen_at_exit_happens(run: Run, tmp_path: Path, isolation: str) -> None:
    said = tmp_path / "said"
    conftest = f"""
        import atexit, threading, time

        def say(what):
            with open({str(said)!r}, "a") as file: file.write(what + "\\n")

        def late():
            time.sleep(0.2)
            say("thread")

        class Kept:
            def __del__(self): say("taken apart")

        kept = Kept()
        atexit.register(say, "atexit")
        def pytest_terminal_summary(): say("a summary of a session that has run no test, or that nobody reads")
        def pytest_unconfigure(): threading.Thread(target=late).start()
        """
    facts = run({"conftest.py": conftest, "test_a.py": "def test_a(): pass\n"}, isolation=isolation, workers=1)
    assert list(outcomes(facts).values()) == ["passed"]
    assert said.read_text().splitlines() == ["thread", "atexit"]
