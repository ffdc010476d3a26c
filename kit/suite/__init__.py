"""The target's test suite: collected, run in batches with live counts, every test accounted for."""

from kit.suite.engine import bisect_pollution, run_suite
from kit.suite.live.display import Display
from kit.suite.live.displays import NotebookDisplay, PlainDisplay, display_for, feed
from kit.suite.live.progress import Progress, RunningTest, advance, live_line
from kit.suite.live.tail import watch
from kit.suite.options import RunOptions
from kit.suite.record.events import read_events
from kit.suite.run.bisecting import Pollution

__all__ = [
    "Display",
    "NotebookDisplay",
    "PlainDisplay",
    "Pollution",
    "Progress",
    "RunOptions",
    "RunningTest",
    "advance",
    "bisect_pollution",
    "display_for",
    "feed",
    "live_line",
    "read_events",
    "run_suite",
    "watch",
]
