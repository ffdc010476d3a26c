"""Which lines of the app a test runs, where kit asks for that: of a handful of tests that are run once more.

Python 3.12 and later report each line once (PEP 669); before, the calls of the app's functions are traced.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import os
import sys
import threading

from ..own_files import is_own
from .units import TOOLS

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, FrozenSet, List, Optional, Set

    from ...wire.messages import FromProbe


class LineWatch:
    """Watches nothing before :meth:`ask`. Lines of modules and classes are left out: they run at the import."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._asked: FrozenSet[int] = frozenset()
        self._index = -1
        self._tool = -1
        self._lines: Dict[str, Set[int]] = {}
        self._of_name: Dict[str, Optional[Set[int]]] = {}
        self._before: Any = None

    def ask(self, indexes: List[int]) -> None:
        """Watch these tests from now on."""
        monitoring: Any = getattr(sys, "monitoring", None)
        if monitoring is None or not indexes:
            self._asked = frozenset(indexes)
            return
        free = [tool for tool in TOOLS if monitoring.get_tool(tool) is None]
        if free:
            self._asked, self._tool = frozenset(indexes), free[0]
            monitoring.use_tool_id(self._tool, "kit lines")
            monitoring.register_callback(self._tool, monitoring.events.LINE, self._reported)

    def begin(self, index: int) -> None:
        """A test is about to run."""
        if index not in self._asked:
            return
        self._index, self._lines, self._of_name = index, {}, {}
        if self._tool >= 0:
            monitoring: Any = getattr(sys, "monitoring")  # noqa: B009
            monitoring.restart_events()
            monitoring.set_events(self._tool, monitoring.events.LINE)
            return
        self._before = sys.gettrace()
        threading.settrace(self._called)
        sys.settrace(self._called)

    def end(self, send: Callable[[FromProbe], None]) -> None:
        """The test has run: tell its lines."""
        if self._index < 0:
            return
        if self._tool >= 0:
            getattr(sys, "monitoring").set_events(self._tool, 0)  # noqa: B009
        else:
            sys.settrace(self._before)
            threading.settrace(self._before)
        files = {path: sorted(lines) for path, lines in self._lines.items() if lines}
        send({"kind": "lines", "index": self._index, "files": files})
        self._index = -1

    def _called(self, frame: Any, _event: str, _argument: Any) -> Optional[Callable[..., Any]]:
        lines = self._of(frame.f_code)
        if lines is None:
            return None

        def ran(frame: Any, event: str, _argument: Any) -> Any:
            if event == "line":
                lines.add(frame.f_lineno)
            return ran

        return ran

    def _reported(self, code: Any, line: int) -> Any:
        lines = self._of(code)
        if lines is not None:
            lines.add(line)
        return getattr(sys, "monitoring").DISABLE  # noqa: B009

    def _of(self, code: Any) -> Optional[Set[int]]:
        """Where the lines of some code are kept; ``None`` for what is not the app's, and for modules."""
        if code.co_name == "<module>":
            return None
        name = code.co_filename
        if name not in self._of_name:
            own = name.endswith(".py") and is_own(name, self._root)
            path = name[len(self._root) + 1 :].replace(os.sep, "/")
            self._of_name[name] = self._lines.setdefault(path, set()) if own else None
        return self._of_name[name]
