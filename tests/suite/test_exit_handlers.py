"""What may end Python with an exit code of its own when the tests are over is found without calling it."""

from __future__ import annotations

import atexit
import functools
import os
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.probes.suite.exit_handlers import deciding_handlers, may_end
from kit.suite import RunOptions, run_suite
from kit.suite.options import Isolation
from kit.target import find_target
from tests.helpers import write_project

ROOT = str(Path(__file__).parent)


def leave() -> None:
    os._exit(3)


def leave_by_another() -> None:
    leave()


def harmless() -> None:
    Path().exists()


class Service:
    def stop(self) -> None:
        self.end()

    def end(self) -> None:
        os.kill(os.getpid(), 9)

    def __call__(self) -> None:
        self.stop()


def closing_over() -> Callable[[], None]:
    then = leave
    return lambda: then()


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (os._exit, True),
        (leave, True),
        (leave_by_another, True),
        (functools.partial(os._exit, 3), True),
        (functools.partial(map, leave), True),
        (Service().stop, True),
        (Service(), True),
        (closing_over(), True),
        (functools.partial(print, "a text", 3), False),
        (harmless, False),
        (print, False),
    ],
)
def test_a_function_that_ends_the_process_is_known_by_what_it_calls(called: Callable[[], None], expected: bool) -> None:
    assert may_end(called, ROOT) is expected


def test_what_a_library_calls_is_not_followed() -> None:
    assert may_end(leave, "/elsewhere")
    assert not may_end(leave_by_another, "/elsewhere")


class Refusing:
    def __call__(self) -> None: ...

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


def test_an_object_that_refuses_every_question_is_left_out() -> None:
    refusing = Refusing()
    before = deciding_handlers(ROOT)
    atexit.register(refusing)
    try:
        assert deciding_handlers(ROOT) == before
    finally:
        atexit.unregister(refusing)


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_a_folder_that_a_module_keeps_to_the_end_does_not_keep_a_worker_from_its_end(
    tmp_path: Path, isolation: Isolation
) -> None:
    text = "import tempfile\n\nFOLDER = tempfile.TemporaryDirectory()\n\ndef test_it():\n    assert FOLDER.name\n"
    target = find_target(write_project(tmp_path / "app", {"test_a.py": text}))

    run_suite(target, events=tmp_path / "events.jsonl", options=RunOptions(workers=1, isolation=isolation))

    assert '"state":"lost"' not in (tmp_path / "events.jsonl").read_text()


def test_handlers_finalizers_and_threads_are_found_and_stay(tmp_path: Path) -> None:
    service, go = Service(), threading.Event()

    def wait_and_leave() -> None:
        go.wait(20)
        if tmp_path.parts == ():
            leave()

    thread = threading.Thread(target=wait_and_leave)
    before = len(deciding_handlers(ROOT))
    finalizer = weakref.finalize(service, leave)
    atexit.register(leave_by_another)
    thread.start()
    try:
        found = [one.rpartition(" ")[2] for one in deciding_handlers(ROOT)]
        again = deciding_handlers(ROOT)
    finally:
        go.set()
        thread.join()
        atexit.unregister(leave_by_another)
        finalizer.detach()

    assert len(found) == len(again) == before + 3
    assert {"leave", "leave_by_another"} < set(found)
    assert any("wait_and_leave" in one for one in found)
    assert len(deciding_handlers(ROOT)) == before
