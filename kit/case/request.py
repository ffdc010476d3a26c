"""What a person asks for: the common parameters of the command line and of every notebook, checked."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.facts.errors import UsageError
from kit.facts.target import Target

_CASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

#: carries the store's URL to the notebooks: a parameter would stand, password and all, in the executed copies
STORE_URL_VARIABLE = "KIT_STORE_URL"


@dataclass(frozen=True)
class Request:
    """One investigation as asked for. Empty values mean "find out" or "the default".

    ``target`` is a folder (``""``: the demo), ``case`` the name to record under, ``python`` the target's interpreter,
    ``tests`` test paths and ``app`` import roots relative to the target, ``timeout_s`` the limit of one test in
    seconds, ``workers`` the number of test processes, ``reports_dir`` the folder for reports, ``store_url`` an
    SQLAlchemy URL.
    """

    target: str = ""
    case: str = ""
    python: str = ""
    tests: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    timeout_s: float = 30.0
    workers: int = 2
    reports_dir: str = ""
    store_url: str = ""

    @classmethod
    def of(
        cls,
        target: str = "",
        case: str = "",
        python: str = "",
        tests: Sequence[str] = (),
        app: Sequence[str] = (),
        timeout_s: float = 30.0,
        workers: int = 2,
        reports_dir: str = "",
        store_url: str = "",
    ) -> Request:
        """Check the values and keep them.

        Raises :class:`UsageError` with a sentence for the first value that cannot be used.
        """
        if case and not _CASE_NAME.fullmatch(case):
            raise UsageError(f'"{case}" cannot name a case: use letters, digits, dots, dashes and underscores.')
        if timeout_s <= 0:
            raise UsageError(f"A test cannot have {timeout_s:g} seconds: give --timeout-s a number above 0.")
        if workers < 1:
            raise UsageError(f"{workers} workers cannot run tests: give --workers a number from 1 up.")
        url = store_url or os.environ.get(STORE_URL_VARIABLE, "")
        return cls(target, case, python, tuple(tests), tuple(app), float(timeout_s), workers, reports_dir, url)

    def parameters(self) -> dict[str, str | int | float | list[str] | None]:
        """The values as the notebooks take them and the case records them; the store's URL stays out of both."""
        return {
            "target": self.target,
            "case": self.case,
            "python": self.python,
            "tests": list(self.tests),
            "app": list(self.app),
            "timeout_s": self.timeout_s,
            "workers": self.workers,
            "reports_dir": self.reports_dir,
        }


def reports_folder(reports_dir: str, target: Target | None = None) -> Path:
    """The folder that reports go to, made when it is missing.

    By default ``reports`` in the current folder (or beside it, when the current folder is the notebooks'), and beside
    the target when that would lie inside the target's tree, where nothing is ever written.

    Raises :class:`UsageError` when the folder was asked for inside the target, or cannot be written.
    """
    folder = Path(reports_dir).expanduser().resolve() if reports_dir else _default_folder()
    if target and folder.is_relative_to(target.path):
        if reports_dir:
            raise UsageError(
                f"The reports folder {folder} lies inside the target, where nothing is written. "
                "Give --reports-dir a folder outside of it."
            )
        folder = target.path.parent / f"{target.path.name}-reports"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".kit-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"The reports folder {folder} cannot be written ({error.strerror}). Give --reports-dir another one."
        ) from error
    return folder


def _default_folder() -> Path:
    here = Path.cwd()
    if here.name == "notebooks" and (here.parent / "reports").is_dir():
        here = here.parent
    return here / "reports"
