"""Showing the progress of a run: in a terminal, in a notebook, or as plain lines where there is neither."""

from __future__ import annotations

import html
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from kit.suite.live.progress import Progress, advance, counts_line, duration, kind_line, live_line, pace_line

#: at most so many redraws a second
_REDRAWS = 4

#: a plain line comes so often, in seconds
_PLAIN_EVERY = 5.0

#: so many kinds of failures are shown with their counts, and said when they are first seen
_KINDS, _MOST_KINDS = 5, 20

_STYLES = {"failed": "red", "errors": "red", "timed out": "magenta", "crashed": "magenta", "passed": "green"}


class Display(Protocol):
    """Shows the progress of a run for as long as its ``with`` block lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def show(self, progress: Progress) -> None:
        """Show ``progress``, or keep it for the next redraw: this may be called for every event."""


def display_for(stream: TextIO) -> Display:
    """The display that fits: a notebook's when this is a kernel, else a terminal's or plain lines on ``stream``."""
    if _is_kernel():
        return NotebookDisplay()
    return TerminalDisplay(stream) if stream.isatty() else PlainDisplay(stream)


def feed(display: Display, earlier: Iterable[Mapping[str, Any]] = ()) -> Callable[[Mapping[str, Any]], None]:
    """What hands a display the progress after each event; ``earlier`` are those of a run that is gone on with."""
    progress = reduce(advance, earlier, Progress())

    def on_event(event: Mapping[str, Any]) -> None:
        nonlocal progress
        progress = advance(progress, event)
        display.show(progress)

    return on_event


class _Throttled:
    """Draws no more often than it may, and the last state in any case."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._drawn_at = float("-inf")
        self._latest: Progress | None = None
        self._is_drawn = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._latest and not self._is_drawn:
            self._draw(self._latest)

    def show(self, progress: Progress) -> None:
        """Show ``progress`` now, or with the next redraw."""
        self._latest, self._is_drawn = progress, False
        if time.monotonic() - self._drawn_at >= self._seconds:
            self._draw(progress)
            self._drawn_at, self._is_drawn = time.monotonic(), True

    def _draw(self, progress: Progress) -> None:
        raise NotImplementedError


class TerminalDisplay(_Throttled):
    """One block at the bottom of a terminal: the counts, a bar, and what every worker runs."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        super().__init__(1 / _REDRAWS)
        self._console = Console(file=stream)
        self._live = Live(console=self._console, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, traceback)
        finally:
            self._live.stop()

    def _draw(self, progress: Progress) -> None:
        self._live.update(render_block(progress, time.time(), self._console.width), refresh=True)


class PlainDisplay(_Throttled):
    """A line at once, and then one every five seconds."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        super().__init__(_PLAIN_EVERY)
        self._stream = stream
        self._told: set[str] = set()
        self._slow: str | None = None

    def show(self, progress: Progress) -> None:
        """Show ``progress`` now, or with the next line; a slow test, and a kind of failure that is new, at once."""
        if progress.slow and progress.slow != self._slow:
            print(f"slow: {progress.slow}", file=self._stream, flush=True)
        self._slow = progress.slow
        for kind in list(progress.kinds.values())[:_MOST_KINDS]:
            if kind.first and kind.title not in self._told:
                self._told.add(kind.title)
                print(f"new: {kind.title} · in {kind.first}", file=self._stream, flush=True)
        super().show(progress)

    def _draw(self, progress: Progress) -> None:
        print(live_line(progress, time.time()), file=self._stream, flush=True)
        if progress.stage == "ended":
            for kind in progress.top_kinds(_KINDS):
                print(f"  {kind_line(kind)}", file=self._stream, flush=True)


class NotebookDisplay(_Throttled):
    """One output of a cell, which is updated in place and stays as it was at the end."""

    def __init__(self) -> None:
        super().__init__(1 / _REDRAWS)
        self._handle: Any = None

    def _draw(self, progress: Progress) -> None:
        from IPython.display import HTML, display

        page = HTML(render_html(progress, time.time()))  # type: ignore[no-untyped-call]
        if self._handle is None:
            self._handle = display(page, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(page)


def render_block(progress: Progress, now: float, width: int) -> RenderableType:
    """The block for a terminal that is ``width`` columns wide."""
    if progress.stage != "running":
        return _coloured(_cut(live_line(progress, now), width))
    pace = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=max(progress.collected, 1), completed=progress.finished, width=max(8, min(40, width - 40)))
    doing = f"once more: {progress.rechecking}" if progress.rechecking else pace_line(progress, now)
    pace.add_row(bar, Text(doing, style="dim", no_wrap=True, overflow="ellipsis"))
    lines: list[RenderableType] = [_coloured(_cut(counts_line(progress), width)), pace]
    for test in progress.running:
        head = f"{test.worker}: {duration(test.seconds)} "
        lines.append(Text(head + shorten(test.nodeid, width - len(head)), style="dim"))
    if progress.slow:
        lines.append(Text(_cut(f"slow: {progress.slow}", width), style="yellow"))
    lines += [Text(_cut(kind_line(kind), width), style="red") for kind in progress.top_kinds(_KINDS)]
    return Group(*lines)


def render_html(progress: Progress, now: float) -> str:
    """The output for a notebook; everything that comes from the target is escaped."""
    share = 100 * progress.finished / progress.collected if progress.stage != "collecting" and progress.collected else 0
    rows = "".join(
        f"<div style='opacity:.7'>{test.worker}: {duration(test.seconds)} <code>{html.escape(test.nodeid)}</code></div>"
        for test in progress.running
    )
    rows += f"<div>slow: {html.escape(progress.slow)}</div>" if progress.slow else ""
    rows += "".join(f"<div>{html.escape(kind_line(kind))}</div>" for kind in progress.top_kinds(_KINDS))
    bar = f"<progress value='{share:.1f}' max='100' style='width:24em' aria-label='tests finished'></progress>"
    return f"<div>{bar} {share:.0f} %</div><div>{html.escape(live_line(progress, now))}</div>{rows}"


def shorten(nodeid: str, width: int) -> str:
    """A node id in ``width`` columns: the end tells more than the folders at its beginning."""
    return nodeid if len(nodeid) <= width else f"…{nodeid[len(nodeid) - max(width - 1, 0) :]}"


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _coloured(line: str) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, part in enumerate(line.split(" · ")):
        if number:
            text.append(" · ")
        text.append(part, style=_STYLES.get(part.partition(" ")[2], ""))
    return text


def _is_kernel() -> bool:
    """Whether this code runs in a Jupyter kernel; IPython is not imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None
