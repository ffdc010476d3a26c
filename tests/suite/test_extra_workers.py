"""Workers that wait leave processors idle; then others join them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.options import CaseOptions
from kit.suite.process.idleness import Idleness, could_do_more
from tests.suite.conftest import Run

pytestmark = pytest.mark.slow

#: each test waits until three run at a time, or nothing more can come
MEETING = """
    import os, time
    import pytest

    @pytest.mark.parametrize("n", range(6))
    def test_{name}(n):
        mine = os.path.join({folder!r}, str(os.getpid()))
        open(mine, "w").close()
        deadline = time.monotonic() + {patience}
        while len(os.listdir({folder!r})) < {wanted} and time.monotonic() < deadline:
            time.sleep(0.01)
"""


def processes(run: Run, folder: Path, *, wanted: int, patience: float, more: str = "", **options: object) -> int:
    """How many processes have run tests that wait until so many are there."""
    folder.mkdir()
    files = {
        f"test_{name}.py": MEETING.format(name=name, folder=str(folder), wanted=wanted, patience=patience) + more
        for name in "ab"
    }
    assert run(files, workers=2, **options).accounting.passed == 12
    return len(list(folder.iterdir()))


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers wait, and processors are idle, whatever else the machine does."""
    monkeypatch.setattr(Idleness, "look", lambda _self, _pids: True)


@pytest.mark.usefixtures("idle")
def test_others_join_workers_that_wait(run: Run, tmp_path: Path) -> None:
    assert processes(run, tmp_path / "seen", wanted=4, patience=20, extra_workers=2) == 4


@pytest.mark.usefixtures("idle")
def test_no_more_join_them_than_may(run: Run, tmp_path: Path) -> None:
    assert processes(run, tmp_path / "seen", wanted=99, patience=0.1, extra_workers=1) == 3


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize(
    ("more", "options"),
    [
        ("", {"isolation": "process"}),
        ("\n    def test_name(worker_id):\n        assert worker_id\n", {}),
    ],
)
def test_nobody_joins_where_it_takes_more_than_a_fork_or_workers_have_names(
    run: Run, tmp_path: Path, more: str, options: dict[str, object]
) -> None:
    folder = tmp_path / "seen"
    folder.mkdir()
    text = MEETING.format(name="one", folder=str(folder), wanted=99, patience=0.1) + more
    conftest = "import pytest\n@pytest.fixture\ndef worker_id(): return 'gw0'\n"
    facts = run({"conftest.py": conftest, "test_one.py": text}, workers=2, extra_workers=2, **options)

    assert facts.accounting.failed == facts.accounting.error == 0
    assert len(list(folder.iterdir())) <= 2


def test_workers_that_compute_are_left_alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Idleness, "look", lambda _self, _pids: False)
    assert processes(run, tmp_path / "seen", wanted=99, patience=0.1, extra_workers=2) == 2


@pytest.mark.parametrize(
    ("before", "after", "idle_s", "could"),
    [
        ({1: 5.0, 2: 5.0}, {1: 5.0, 2: 6.0}, 1.0, True),  # one waits for ever
        ({1: 5.0, 2: 5.0}, {1: 5.6, 2: 5.7}, 0.7, True),  # both wait for a third of the time
        ({1: 5.0, 2: 5.0}, {1: 6.0, 2: 5.9}, 6.0, False),  # both compute, on a machine with more processors
        ({1: 5.0, 2: 5.0}, {1: 5.0, 2: 5.0}, 0.1, False),  # both wait for processes that compute
        ({1: 5.0}, {2: 0.0, 3: 0.0}, 2.0, False),  # those that are there have just begun
    ],
)
def test_more_could_be_done_when_workers_wait_and_a_processor_is_idle(
    before: dict[int, float], after: dict[int, float], idle_s: float, *, could: bool
) -> None:
    assert could_do_more(1.0, before, after, idle_s) is could


def test_whoever_names_a_number_of_workers_gets_that_number() -> None:
    asked = CaseOptions.of(workers=2).run_options()
    assert (asked.workers, asked.most_workers) == (2, 2)


def test_nobody_joins_where_tests_share_something() -> None:
    assert CaseOptions.of().run_options(shares=True).most_workers == 1


def test_two_more_may_join_by_default() -> None:
    free = CaseOptions.of().run_options()
    assert (free.workers, free.most_workers) == (2, 4)
