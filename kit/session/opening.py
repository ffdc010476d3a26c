"""Opening a case for questions: by the path of its target, by its name, or by the parameters of a notebook."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.case import CaseOptions, Investigation, find_target_of, known_store, newest_case, planned_folder
from kit.facts.errors import UsageError
from kit.facts.target import DEMO

if TYPE_CHECKING:
    from kit.session.session import Session

#: packages that answers are made with; a core installation leaves them out
_NEEDED = ("pandas", "matplotlib", "IPython")


def open_session(what: str | os.PathLike[str] = "", /, **options: Any) -> Session:
    """Open a case: the newest one of the app at a path, the one of a name, or that of a notebook's parameters.

    Begins a case when the app has none. ``options`` are those of ``kit investigate``, under their names in Python:
    ``kit.open("app", tests=["tests/unit"], timeout_s=10)``.

        case = kit.open("path/to/app")
        case = kit.open("app-20261129-101500")
        case = kit.open()            # in a notebook with a cell of parameters: what they say; else the current folder
        case.causes[0].tests()

    Raises :class:`~kit.facts.errors.UsageError` when there is neither a folder nor a case of that name, and
    :class:`~kit.facts.errors.TargetError` when the app cannot be investigated. A notebook shows their sentence alone.
    """
    lacking = [name for name in _NEEDED if find_spec(name) is None]
    if lacking:
        raise UsageError(
            f"Notebooks need {' and '.join(lacking)}. Install them with: pip install 'incident-kit[jupyter]'"
        )
    from kit.session.session import Session

    return Session(*_opened(os.fspath(what), options))


def _opened(what: str, options: dict[str, Any]) -> tuple[Investigation, str]:
    """The case, and what to know about where it was found; empty where it is the one that was named."""
    if not what and not options and (parameters := _notebook_parameters()) is not None:
        return _of_options(CaseOptions.of_notebook(parameters))
    if what and what != DEMO and not Path(what).expanduser().exists():
        given = CaseOptions.of(**options)
        reports, store = known_store(given)
        known = [head.case.id for head in store.cases()] if store else []
        if store:
            store.close()
        if what in known:
            return Investigation.resume(what, given), ""
        cases = f"; the newest cases in {reports}: {', '.join(known[:5])}" if known else f", and no case in {reports}"
        raise UsageError(
            f'There is no folder "{what}"{cases}. Give kit.open the path of an app, or the name of a case.'
        )
    return _of_options(CaseOptions.of(what or ".", **options))


def _of_options(options: CaseOptions) -> tuple[Investigation, str]:
    """The case that the options name; without a name the newest one of their target, or a new one."""
    if options.case:
        return Investigation.open(options), ""
    target = find_target_of(options)
    if found := newest_case(options, target.path):
        name, there = found
        folder = there.reports_dir
        is_here = options.reports_dir or options.store_url or Path(folder) == planned_folder("", None)
        remark = "" if is_here else f"The case lies in {folder}: the current folder has none of this app."
        return Investigation.resume(name, there), remark
    is_named = bool(options.reports_dir or options.store_url)
    started = Investigation.start(options)
    where = "there" if is_named else "there, beside the app, or beside the current folder and those above it"
    return started, f"This is a new case in {started.reports}: none of this app was found {where}."


def _notebook_parameters() -> Mapping[str, Any] | None:
    """The variables of the notebook, when it has run a cell that declares or sets parameters."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None or not CaseOptions.has_parameters(shell.user_ns):
        return None
    variables = dict(shell.user_ns)
    opened = variables.get("case")
    if not isinstance(opened, str | type(None)) and hasattr(opened, "name"):  # the cell has been run before
        variables["case"] = opened.name
    return variables
