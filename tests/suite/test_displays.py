from __future__ import annotations

import io
import sys
import types
from dataclasses import replace

import pytest
from rich.console import Console

from kit.suite import NotebookDisplay, PlainDisplay, Progress, RunningTest, display_for
from kit.suite.live.displays import render_html
from kit.suite.live.progress import FailureKind
from kit.suite.live.terminal import TerminalDisplay, render_block, shorten

NOW = 1_000.0
COUNTS = dict.fromkeys(Progress().counts, 0)
LONG = "backend/tests/services/test_orders.py::TestPlacing::test_a_quantity_below_one_is_refused[limit-order]"


def running(passed: int = 10, failed: int = 0) -> Progress:
    return Progress(
        stage="running",
        collected=100,
        counts={**COUNTS, "passed": passed, "failed": failed},  # type: ignore[dict-item]
        running=(RunningTest(1, LONG, "call", 3.0), RunningTest(2, "test_b.py::test_<b>", "setup", 0.2)),
        began=NOW - 12,
        ready=NOW - 10,
    )


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def drawn(progress: Progress, width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        console.print(render_block(progress, NOW, width))
    return capture.get().splitlines()


def test_lines_come_at_once_and_then_every_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("kit.suite.live.displays.time.monotonic", lambda: clock[0])
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        for second in range(12):
            clock[0] = 100.0 + second
            display.show(running(passed=second))
    lines = stream.getvalue().splitlines()

    assert [line.split(" · ")[1] for line in lines] == ["0 passed", "5 passed", "10 passed", "11 passed"]


def test_the_last_state_is_shown_even_when_it_comes_too_soon() -> None:
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        display.show(running(passed=1))
        display.show(running(passed=2))
        display.show(running(passed=3))

    assert [line.split(" · ")[1] for line in stream.getvalue().splitlines()] == ["1 passed", "3 passed"]


def test_a_line_that_has_not_changed_is_printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("kit.suite.live.displays.time.monotonic", lambda: clock[0])
    waiting = [replace(running(), rechecking=f"{done} of 4 tests in order") for done in (0, 0, 0, 1, 1)]
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        for progress in waiting:
            clock[0] += 5
            display.show(progress)

    lines = stream.getvalue().splitlines()
    assert [line.rpartition("once more: ")[2] for line in lines] == ["0 of 4 tests in order", "1 of 4 tests in order"]


def test_a_display_that_never_had_anything_to_show_is_silent() -> None:
    stream = io.StringIO()
    with PlainDisplay(stream):
        pass

    assert stream.getvalue() == ""


def test_a_terminal_is_redrawn_at_most_four_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, drawings = [0.0], []
    monkeypatch.setattr("kit.suite.live.displays.time.monotonic", lambda: clock[0])
    monkeypatch.setattr(TerminalDisplay, "_draw", lambda self, progress: drawings.append(progress))
    with TerminalDisplay(Screen()) as display:
        for step in range(1000):
            clock[0] = step / 500
            display.show(running(passed=step))

    assert 8 <= len(drawings) <= 10


def test_a_terminal_shows_counts_a_bar_and_what_every_worker_runs() -> None:
    screen = Screen()
    with TerminalDisplay(screen) as display:
        display.show(running(passed=10, failed=2))

    text = screen.getvalue()
    assert "12 / 100" in text
    assert "2 failed" in text
    assert "test_b.py::test_<b>" in text


@pytest.mark.parametrize("width", [30, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = drawn(running(passed=10, failed=2), width)

    assert len(lines) == 4
    assert all(len(line) <= width for line in lines)


def test_while_collecting_and_at_the_end_one_line_is_enough() -> None:
    collecting = Progress(stage="collecting", began=NOW - 3, collected=812, files=40)
    ended = replace(running(), stage="ended", running=(), seconds=12.0)

    assert drawn(collecting, 80) == ["collecting: 812 tests in 40 files · 3 s"]
    assert drawn(ended, 80) == ["10 / 100 · 10 passed · 1.0 tests/s · 12 s"]


def test_the_end_of_a_node_id_is_what_is_kept() -> None:
    assert shorten(LONG, 24) == "…is_refused[limit-order]"
    assert shorten("short", 30) == "short"


def test_what_comes_from_the_target_is_no_markup_in_a_notebook() -> None:
    page = render_html(running(), NOW)

    assert "test_&lt;b&gt;" in page
    assert "<b>" not in page
    assert "value='10.0'" in page


def test_a_notebook_has_one_output_that_is_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Handle:
        def update(self, page: object) -> None:
            shown.append("updated")

    def display(page: object, *, display_id: bool) -> Handle:
        assert display_id
        shown.append("made")
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr("kit.suite.live.displays.REDRAWS", 4)
    with NotebookDisplay() as notebook:
        notebook.show(running(passed=1))
        notebook.show(running(passed=2))

    assert shown == ["made", "updated"]


def test_the_display_fits_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert isinstance(display_for(io.StringIO()), PlainDisplay)
    assert isinstance(display_for(Screen()), TerminalDisplay)

    kernel = types.ModuleType("IPython")
    kernel.get_ipython = lambda: types.SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", kernel)
    assert isinstance(display_for(io.StringIO()), NotebookDisplay)

    kernel.get_ipython = lambda: None  # type: ignore[attr-defined]
    assert isinstance(display_for(io.StringIO()), PlainDisplay)


KINDS = {
    "a": FailureKind("KeyError: <id>", 31, "t.py::one"),
    "b": FailureKind("OSError: away", 2, "t.py::two"),
    "c": FailureKind("not seen in a test yet"),
}


def test_a_kind_of_failure_is_said_when_it_is_first_seen_and_counted_at_the_end() -> None:
    stream = io.StringIO()
    with PlainDisplay(stream) as display:
        for _ in range(3):
            display.show(replace(running(), kinds=KINDS))
        display.show(replace(running(), kinds=KINDS, stage="ended"))
    lines = stream.getvalue().splitlines()

    assert [line for line in lines if line.startswith("new: ")] == [
        "new: KeyError: <id> · in t.py::one",
        "new: OSError: away · in t.py::two",
    ]
    assert lines[-2:] == [
        "  31 \N{MULTIPLICATION SIGN} KeyError: <id> · first in t.py::one",
        "  2 \N{MULTIPLICATION SIGN} OSError: away · first in t.py::two",
    ]


def test_terminals_and_notebooks_show_the_kinds_with_their_counts() -> None:
    console = Console(file=io.StringIO(), width=80)
    console.print(render_block(replace(running(), kinds=KINDS), NOW, 80))

    assert "31 \N{MULTIPLICATION SIGN} KeyError: <id> · first in t.py::one" in console.file.getvalue()  # type: ignore[attr-defined]
    assert "31 \N{MULTIPLICATION SIGN} KeyError: &lt;id&gt;" in render_html(replace(running(), kinds=KINDS), NOW)
