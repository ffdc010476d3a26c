"""The progress of a run in a terminal: one block at its bottom, redrawn in place."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from kit.masking import visible
from kit.suite.live.display import KINDS, REDRAWS, Throttled
from kit.suite.live.lines import counts_line, duration, kind_line, live_line, pace_line
from kit.suite.live.progress import Progress

_STYLES = {"failed": "red", "errors": "red", "timed out": "magenta", "crashed": "magenta", "passed": "green"}


class TerminalDisplay(Throttled):
    """One block at the bottom of a terminal: the counts, a bar, and what every worker runs."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        super().__init__(1 / REDRAWS)
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
        lines.append(Text(head + shorten(visible(test.nodeid), width - len(head)), style="dim"))
    if progress.slow:
        lines.append(Text(_cut(f"slow: {progress.slow}", width), style="yellow"))
    lines += [Text(_cut(kind_line(kind), width), style="red") for kind in progress.top_kinds(KINDS)]
    return Group(*lines)


def shorten(nodeid: str, width: int) -> str:
    """A node id in ``width`` columns. Its end is kept: the folders at its beginning say less."""
    return nodeid if len(nodeid) <= width else f"…{nodeid[len(nodeid) - max(width - 1, 0) :]}"


def _cut(line: str, width: int) -> str:
    line = visible(line)
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _coloured(line: str) -> Text:
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, part in enumerate(line.split(" · ")):
        if number:
            text.append(" · ")
        text.append(part, style=_STYLES.get(part.partition(" ")[2], ""))
    return text
