"""The end of pytest's session: which hooks can make it fail although every test passes, and which one did.

Stdlib only, Python 3.8 to 3.14, pytest 6 to 9.
"""

from __future__ import annotations

import contextlib
import dis
import os
import sys
import traceback

from ..own_files import is_own

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from types import CodeType
    from typing import Any, Dict, List, Optional

HOOKS = ("pytest_sessionfinish", "pytest_unconfigure", "pytest_terminal_summary")

#: names with which code ends a program or refuses
ENDING = frozenset({"exit", "_exit", "fail", "UsageError"})

#: hooks of plugins that decide only where an option asks for it
OPTIONS = {"pytest_rerunfailures": "fail_on_flaky"}

#: the part of pytest that sets the exit code itself
PYTEST = os.sep + "_pytest" + os.sep


def deciding_hooks(config: Any, root: str) -> List[str]:
    """``"path:line"`` of the hooks that may decide how the session ends: of any plugin those that set the exit code,
    of the target's own also those that raise or end the process.
    """
    found = []
    for name in HOOKS:
        for hook in getattr(config.hook, name).get_hookimpls():
            code = getattr(hook.function, "__code__", None)
            if code is not None and PYTEST not in code.co_filename and may_decide(code, config, root):
                found.append("%s:%d" % (code.co_filename, code.co_firstlineno))
    return found


def may_decide(code: CodeType, config: Any, root: str) -> bool:
    option = OPTIONS.get(os.path.basename(code.co_filename)[: -len(".py")])
    if option and not getattr(config.option, option, None):
        return False
    if sets_exit_code(code):
        return True
    return is_own(os.path.abspath(code.co_filename), root) and (
        bool(ENDING & set(code.co_names)) or any(step.opname == "RAISE_VARARGS" for step in dis.get_instructions(code))
    )


def sets_exit_code(code: CodeType) -> bool:
    """Whether it assigns to an attribute ``exitstatus``."""
    return "exitstatus" in code.co_names and any(
        step.opname == "STORE_ATTR" and step.argval == "exitstatus" for step in dis.get_instructions(code)
    )


class SessionEnd:
    """A plugin that follows a whole run: what failed, and what made the session fail in the end."""

    def __init__(self, pytest: Any, root: str) -> None:
        pytest.hookimpl(trylast=True)(SessionEnd.pytest_sessionstart)
        pytest.hookimpl(tryfirst=True)(SessionEnd.pytest_runtestloop)
        self.has_begun = False
        self._root = root
        self._failed = 0
        self._config: Any = None
        self._setter: Optional[Dict[str, Any]] = None

    def pytest_sessionstart(self, session: Any) -> None:
        self._config = session.config
        note = self._note_setter

        class Watched(type(session)):  # type: ignore[misc]  # a class that is known only now
            def __setattr__(self, name: str, value: Any) -> None:
                if name == "exitstatus":
                    note(sys._getframe(1), value)
                super().__setattr__(name, value)

        with contextlib.suppress(TypeError):  # of a plugin's session class of another shape: the place is not known
            session.__class__ = Watched

    def pytest_runtestloop(self) -> None:
        self.has_begun = True

    def pytest_runtest_logreport(self, report: Any) -> None:
        self._failed += bool(report.failed)

    def pytest_collectreport(self, report: Any) -> None:
        self._failed += bool(report.failed)

    def _note_setter(self, frame: Any, value: Any) -> None:
        code = frame.f_code
        if PYTEST not in code.co_filename:
            self._setter = {"path": code.co_filename, "line": frame.f_lineno, "name": code.co_name, "value": int(value)}

    def seen(self, error: Optional[BaseException]) -> Dict[str, Any]:
        """The number of failed reports, the exception that left pytest with its place, what set the exit code, and the
        coverage that was reached and required.
        """
        return {
            "failed": self._failed,
            "raised": None if error is None else self._raised(error),
            "set_by": self._setter,
            "coverage": self._coverage(),
        }

    def _raised(self, error: BaseException) -> Dict[str, Any]:
        steps = [step for step in traceback.extract_tb(error.__traceback__) if not step.filename.startswith("<")]
        own = [step for step in steps if is_own(os.path.abspath(step.filename), self._root)]
        place = next(reversed(own or steps), None)
        return {
            "type": type(error).__name__,
            "message": str(error),
            "path": os.path.abspath(place.filename) if place else "",
            "line": place.lineno if place else None,
        }

    def _coverage(self) -> Optional[Dict[str, float]]:
        """Of pytest-cov, where it has a threshold."""
        plugin = self._config.pluginmanager.get_plugin("_cov") if self._config is not None else None
        total, required = getattr(plugin, "cov_total", None), getattr(self._config.option, "cov_fail_under", None)
        if total is None or not required:
            return None
        return {"total": float(total), "required": float(required)}
