"""A worker lets go of the terminal: it prints nothing there, and captures output into files of its own."""

from __future__ import annotations

import os
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List


def leave_terminal(config: Any) -> None:
    """Discard output that pytest does not capture; from now on its capture files are this process's own."""
    plugins = config.pluginmanager
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    capture = plugins.get_plugin("capturemanager")
    for stream in streams_of(capture):
        own_file(stream, nowhere)
    os.close(nowhere)
    silence(config)


def silence(config: Any) -> None:
    """Write no summary at the end of the session, and call no plugin for it.

    Hypothesis imports all of itself for it, which takes longer than many suites.
    """
    plugins = config.pluginmanager
    reporter = plugins.get_plugin("terminalreporter")
    if reporter is not None and not isinstance(reporter, Silent):
        plugins.unregister(reporter)
        plugins.register(Silent(reporter), "terminalreporter")


def streams_of(capture: Any) -> List[Any]:
    """pytest's captures of descriptors: others hold what they capture in memory."""
    every = getattr(capture, "_global_capturing", None)
    streams = (getattr(every, name, None) for name in ("in_", "out", "err"))
    return [stream for stream in streams if hasattr(stream, "targetfd_save") and hasattr(stream, "tmpfile")]


def own_file(stream: Any, nowhere: int) -> None:
    """Let a suspended capture write into a file that no other process has. The objects stay the same, and open: what
    was imported may have kept ``sys.stdout`` as it was then.
    """
    os.dup2(nowhere, stream.targetfd_save, False)
    if stream.targetfd and not stream.tmpfile.closed:
        with tempfile.TemporaryFile(buffering=0) as file:
            os.dup2(file.fileno(), stream.tmpfile.fileno(), False)


class Silent:
    """Replaces the terminal reporter: its attributes can still be read, but pytest no longer calls its hooks."""

    def __init__(self, reporter: Any) -> None:
        self._reporter = reporter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reporter, name)
