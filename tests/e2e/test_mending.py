"""The loop of a person who mends, as it is typed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

SHOP = {
    "pytest.ini": "[pytest]\n",
    "prices.py": "def double(price):\n    return price * 3\n",
    "test_prices.py": "from prices import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
    "test_other.py": "def test_fine():\n    pass\n\n\ndef test_always():\n    assert 1 == 2\n",
}
MENDED = "def double(price):\n    return price * 2\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_project(tmp_path / "shop", SHOP)


def test_what_failed_is_run_again_by_the_command_that_stands_last(shop: Path, tmp_path: Path) -> None:
    first = run_kit("run", str(shop), "--recheck-s", "0", cwd=tmp_path)
    last = first.stderr.strip().splitlines()[-1]
    (shop / "prices.py").write_text(MENDED)

    second = run_kit(*last.removeprefix("kit: next: kit ").split(), cwd=tmp_path)

    assert first.returncode == 1
    assert re.fullmatch(r"kit: next: kit run --failed shop-\d{8}-\d{6}", last)
    assert "2 collected = 1 passed + 1 failed" in second.stdout
    assert "kit: 1 of 2 failures fixed · 1 left" in second.stderr


def test_a_suite_in_order_names_no_next_command_and_leaves_nothing_to_run_again(shop: Path, tmp_path: Path) -> None:
    run = run_kit("run", str(shop), "--case", "c", cwd=tmp_path)
    assert "next:" in run.stderr
    (shop / "test_other.py").unlink()
    (shop / "prices.py").write_text(MENDED)
    run = run_kit("run", str(shop), "--case", "d", cwd=tmp_path)
    again = run_kit("run", "--failed", "d", cwd=tmp_path)

    assert (run.returncode, "next:" in run.stderr) == (0, False)
    assert (again.returncode, again.stderr) == (2, 'kit: Nothing failed in the case "d".\n')


def test_a_case_that_does_not_exist_cannot_be_run_again(tmp_path: Path) -> None:
    run = run_kit("run", "--failed", "nobody", cwd=tmp_path)

    assert run.returncode == 2
    assert 'There is no case "nobody"' in run.stderr


@pytest.fixture
def watching(shop: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[[str], str]]]:
    """``kit run --watch``, and what waits until it has printed a text."""
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kit", "run", str(shop), "--watch", "--recheck-s", "0"],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )

    def wait_for(text: str) -> str:
        deadline = time.monotonic() + 60
        while text not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        said = log.read_text()
        assert text in said, said
        return said

    yield process, wait_for
    process.kill()
    process.wait()


def test_after_an_edit_what_it_concerns_is_run_again(
    shop: Path, watching: tuple[subprocess.Popen[str], Callable[[str], str]]
) -> None:
    process, wait_for = watching
    wait_for("2 of 3 tests failing or not run; waiting for an edit")

    (shop / "prices.py").write_text(MENDED)
    said = wait_for("1 of 3 tests failing or not run; waiting for an edit")
    process.send_signal(signal.SIGINT)

    assert process.wait(10) == 0
    assert "kit: changed: prices.py" in said
    assert "1 of 2 failures fixed · 1 left" in said


def test_what_was_in_a_removed_file_is_spoken_of_no_more(
    shop: Path, watching: tuple[subprocess.Popen[str], Callable[[str], str]]
) -> None:
    _, wait_for = watching
    assert "not in order: test_other.py::" in wait_for("2 of 3 tests failing or not run; waiting for an edit")

    (shop / "test_other.py").unlink()
    said = wait_for("1 of 1 test failing or not run; waiting for an edit")

    assert "not in order: test_other.py::" not in said.partition("kit: changed: test_other.py")[2]


def test_the_polluting_test_is_named_with_a_command_that_shows_it(tmp_path: Path) -> None:
    files = {
        "pytest.ini": "[pytest]\n",
        "test_a.py": "import os\n\n\ndef test_sets():\n    os.environ['SHOP'] = 'shut'\n\n\n"
        "def test_other():\n    pass\n",
        "test_b.py": "import os\n\n\ndef test_open():\n    assert 'SHOP' not in os.environ\n",
    }
    shop = write_project(tmp_path / "shop", files)

    found = run_kit("run", str(shop), "--bisect", "test_b.py::test_open", cwd=tmp_path)
    wrong = run_kit("run", str(shop), "--bisect", "test_b.py::test_opn", cwd=tmp_path)
    command = found.stdout.splitlines()[-1]

    assert found.returncode == 1
    assert found.stdout.startswith("test_b.py::test_open passes alone and fails after\n    test_a.py::test_sets\n")
    assert "kit: after 2 other tests: fails" in found.stderr
    assert command == "python -m pytest test_a.py::test_sets test_b.py::test_open"
    plain = subprocess.run(
        [sys.executable, *command.split()[1:]], cwd=shop, capture_output=True, text=True, check=False
    )
    assert "1 failed, 1 passed" in plain.stdout
    assert (wrong.returncode, "did you mean test_b.py::test_open?" in wrong.stderr) == (2, True)
