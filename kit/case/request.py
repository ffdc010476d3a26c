"""What a person asks for: the common parameters of the command line and of every notebook, checked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.facts.errors import UsageError
from kit.facts.suite import RecheckVerdict, StartMethod
from kit.facts.target import Target
from kit.suite.options import RunOptions

if TYPE_CHECKING:
    from kit.failures import Rule

_CASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

#: what ``run`` may hold beside ``timeouts``
_RUN_FIELDS = {field.name for field in fields(RunOptions)} - {
    "workers",
    "timeout_s",
    "durations",
    "explained",
    "overlays",
    "start_method",
}

#: how many processes run tests when nobody says so, and how many may join them while they wait for something
WORKERS, EXTRA_WORKERS = 2, 2

#: carries the store's URL to the notebooks: a parameter would stand, password and all, in the executed copies
STORE_URL_VARIABLE = "KIT_STORE_URL"


@dataclass(frozen=True)
class Request:
    """One investigation as asked for. Empty values mean "find out" or "the default".

    * ``target``: a folder, or ``"--demo"`` for the demo that comes with kit
    * ``case``: the name to record under
    * ``python``: the target's interpreter
    * ``tests``: test files or folders, relative to the target
    * ``app``: import roots, relative to the target
    * ``timeout_s``: how many seconds one test may take
    * ``workers``: how many processes run tests; 0: two, which up to two more join while they wait for something, or one
      where tests share a file or a database and cannot be kept apart
    * ``reports_dir``: the folder for reports
    * ``store_url``: an SQLAlchemy URL
    * ``run``: more about how the tests are run, as fields of :class:`~kit.suite.RunOptions`, such as
      ``{"isolation": "process", "memory_mb": 2048, "timeouts": {"tests/slow/*": 120}}``
    * ``categories``: a TOML file with failure categories of your own (:func:`kit.failures.load_categories`)
    """

    target: str = "."
    case: str = ""
    python: str = ""
    tests: tuple[str, ...] = ()
    app: tuple[str, ...] = ()
    timeout_s: float = 30.0
    workers: int = 0
    reports_dir: str = ""
    store_url: str = ""
    run: dict[str, Any] = field(default_factory=dict)
    categories: str = ""

    @classmethod
    def of(
        cls,
        target: str = ".",
        case: str = "",
        python: str = "",
        tests: Sequence[str] = (),
        app: Sequence[str] = (),
        timeout_s: float = 30.0,
        workers: int = 0,
        reports_dir: str = "",
        store_url: str = "",
        run: Mapping[str, Any] | None = None,
        categories: str = "",
    ) -> Request:
        """Check the values and keep them.

        Raises :class:`UsageError` with a sentence for the first value that cannot be used.
        """
        if case and not _CASE_NAME.fullmatch(case):
            raise UsageError(f'"{case}" cannot name a case: use letters, digits, dots, dashes and underscores.')
        url = store_url or os.environ.get(STORE_URL_VARIABLE, "")
        more = {name: value for name, value in (run or {}).items() if value not in (None, "", {})}
        file = str(Path(categories).expanduser().resolve()) if categories else ""  # notebooks run in another folder
        request = cls(
            target, case, python, tuple(tests), tuple(app), float(timeout_s), workers, reports_dir, url, more, file
        )
        request.run_options()
        request.own_categories()
        return request

    def own_categories(self) -> tuple[Rule, ...]:
        """The categories of one's own. Raises :class:`UsageError` that says what is wrong in their file."""
        if not self.categories:
            return ()
        from kit.failures import load_categories  # half of kit's imports: not for a request that needs none of it

        return load_categories(self.categories)

    def run_options(
        self,
        durations: Mapping[str, float] | None = None,
        explained: Mapping[str, tuple[str, RecheckVerdict]] | None = None,
        *,
        shares: bool = False,
        overlays: bool = False,
        start_method: StartMethod | None = None,
    ) -> RunOptions:
        """How the tests are run; ``durations``, ``explained``, ``shares`` and ``start_method`` are what earlier cases
        say. ``overlays``: tests that share files can be kept apart (see :attr:`may_have_overlays`).

        Raises :class:`UsageError` for a value that cannot be.
        """
        more = dict(self.run)
        timeouts = tuple(dict(more.pop("timeouts", {})).items())
        unknown = sorted(set(more) - _RUN_FIELDS)
        if unknown:
            raise UsageError(f"{unknown[0]} is no option of a run; there are {', '.join(sorted(_RUN_FIELDS))}.")
        most = 1 if shares and not overlays else WORKERS
        is_free = not self.workers and most > 1
        return RunOptions(
            workers=self.workers or most,
            extra_workers=more.pop("extra_workers", EXTRA_WORKERS if is_free else 0),
            timeout_s=self.timeout_s,
            timeouts=timeouts,
            durations=durations or {},
            explained=explained or {},
            overlays=overlays and not self.workers,
            start_method=start_method,
            **more,
        )

    @property
    def may_have_overlays(self) -> bool:
        """Whether workers may see only their own changes to the files: nobody asks for a number of them, they are on
        this machine, and what fails for want of others' changes is run once more.
        """
        return not self.workers and not self.run.get("cluster") and self.run.get("recheck_s") != 0

    def parameters(self) -> dict[str, Any]:
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
            "run": self.run,
            "categories": self.categories,
        }


def reports_folder(reports_dir: str, target: Target | None = None) -> Path:
    """The folder that reports go to, made when it is missing.

    By default ``reports`` in the current folder (or beside it, when the current folder is the notebooks'), and beside
    the target when that would lie inside the target's tree, where nothing is ever written.

    Raises :class:`UsageError` when the folder was asked for inside the target, or cannot be written.
    """
    folder = named_reports_folder(reports_dir)
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


def named_reports_folder(reports_dir: str) -> Path:
    """The folder that was asked for, or the default one; it need not exist."""
    return Path(reports_dir).expanduser().resolve() if reports_dir else _default_folder()


def _default_folder() -> Path:
    here = Path.cwd()
    if here.name == "notebooks" and (here.parent / "reports").is_dir():
        here = here.parent
    return here / "reports"
