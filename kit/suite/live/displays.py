"""Displays of a run: one for notebooks, one of plain lines, and the choice between these and a terminal's."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, TextIO

from kit.masking import visible
from kit.suite import live
from kit.suite.live.advancing import advance
from kit.suite.live.display import KINDS, REDRAWS, Display, Throttled
from kit.suite.live.lines import duration, kind_line, live_line
from kit.suite.live.progress import FailureKind, Progress

#: how often a plain line is printed, in seconds
_PLAIN_EVERY = 5.0

#: how many kinds of failures are printed when they are first seen
_MOST_KINDS = 20


def display_for(stream: TextIO) -> Display:
    """The display for this process: for a notebook in a Jupyter kernel, else for the terminal or file ``stream``."""
    if _is_kernel():
        return NotebookDisplay()
    if not stream.isatty():
        return PlainDisplay(stream)
    return live.TerminalDisplay(getattr(stream, "unguarded", stream))


def feed(display: Display, earlier: Iterable[Mapping[str, Any]] = ()) -> Callable[[Mapping[str, Any]], None]:
    """Make a callback that shows the progress after each event. ``earlier`` are the events of a resumed run."""
    progress = reduce(advance, earlier, Progress())

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal progress
        before, progress = progress, advance(progress, event)
        if progress is not before:
            display.show(progress)

    return on_event


class PlainDisplay(Throttled):
    """Prints a line at once, and then every five seconds one that is not the same as the last."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        super().__init__(_PLAIN_EVERY)
        self._stream = stream
        self._printed: set[str] = set()
        self._kinds: Mapping[str, FailureKind] | None = None
        self._slow: str | None = None
        self._line = ""

    def show(self, progress: Progress) -> None:
        """Show ``progress`` with the next line; print a slow test and a new kind of failure at once."""
        if progress.slow and progress.slow != self._slow:
            print(f"slow: {progress.slow}", file=self._stream, flush=True)
        self._slow = progress.slow
        if progress.kinds is not self._kinds:
            self._kinds = progress.kinds
            self._print_new_kinds(progress)
        super().show(progress)

    def _print_new_kinds(self, progress: Progress) -> None:
        for kind in list(progress.kinds.values())[:_MOST_KINDS]:
            if kind.first and kind.title not in self._printed:
                self._printed.add(kind.title)
                print(f"new: {kind.title} · in {kind.first}", file=self._stream, flush=True)

    def _draw(self, progress: Progress) -> None:
        line = live_line(progress, time.time())
        if line != self._line:
            print(line, file=self._stream, flush=True)
        self._line = line
        if progress.stage == "ended":
            for kind in progress.top_kinds(KINDS):
                print(f"  {kind_line(kind)}", file=self._stream, flush=True)


class NotebookDisplay(Throttled):
    """Updates one output of a cell in place; the last state stays in the notebook."""

    def __init__(self) -> None:
        super().__init__(1 / REDRAWS)
        self._handle: Any = None

    def _draw(self, progress: Progress) -> None:
        from IPython.display import HTML, display

        page = HTML(visible(render_html(progress, time.time())))  # type: ignore[no-untyped-call]
        if self._handle is None:
            self._handle = display(page, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(page)


def render_html(progress: Progress, now: float) -> str:
    """The HTML for a notebook; all text of the target is escaped."""
    import html  # only notebooks need it: its table of entities takes a while to load

    share = 100 * progress.finished / progress.collected if progress.stage != "collecting" and progress.collected else 0
    rows = "".join(
        f"<div style='opacity:.7'>{test.worker}: {duration(test.seconds)} <code>{html.escape(test.nodeid)}</code></div>"
        for test in progress.running
    )
    rows += f"<div>slow: {html.escape(progress.slow)}</div>" if progress.slow else ""
    rows += "".join(f"<div>{html.escape(kind_line(kind))}</div>" for kind in progress.top_kinds(KINDS))
    bar = f"<progress value='{share:.1f}' max='100' style='width:24em' aria-label='tests finished'></progress>"
    return f"<div>{bar} {share:.0f} %</div><div>{html.escape(live_line(progress, now))}</div>{rows}"


def _is_kernel() -> bool:
    """Whether this code runs in a Jupyter kernel; IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
