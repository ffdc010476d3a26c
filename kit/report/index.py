"""``index.html``: all cases of a reports folder on one page."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kit.facts.overview import CaseLine
from kit.facts.wording import counted
from kit.masking import refuse, visible
from kit.report.files import asset, write_file
from kit.report.sparkline import Sparkline, sparkline
from kit.report.wording import instant, one_line, share

#: nothing is loaded from anywhere, and no script runs
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

#: a longer title of a cause is cut, in characters
_TITLE = 110

INDEX = "index.html"


@dataclass(frozen=True)
class _Row:
    """A case; ``href`` leads to its report, if there is one. ``tone`` is the class of its colour."""

    line: CaseLine
    status: str
    tone: str
    href: str
    causes: str


@dataclass(frozen=True)
class _App:
    """An app with its newest case and the pass rate over its cases."""

    name: str
    root: str
    newest: _Row
    cases: int
    trend: Sparkline | None


def write_index(lines: Sequence[CaseLine], folder: Path) -> Path:
    """Write the page of these cases, newest first, into ``folder``; returns its path.

    It is written beside its place and then renamed. Raises :class:`OSError` where the folder cannot be written.
    """
    page = render_index(lines, folder)
    refuse(INDEX, page)
    path = folder / INDEX
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    write_file(path, page)
    if mode is not None:
        path.chmod(mode)  # it may be shared
    return path


def render_index(lines: Sequence[CaseLine], folder: Path) -> str:
    """The page; a case has a link where ``folder`` has its report."""
    rows = [_row(line, folder) for line in lines]
    by_root: dict[str, list[_Row]] = {}
    for row in rows:
        by_root.setdefault(row.line.case.target.root, []).append(row)
    apps = [_app(of_app) for of_app in by_root.values()]
    template = _environment().get_template("index.html.j2")
    style = Markup(asset("report.css") + asset("index.css"))  # noqa: S704  # our own files
    return visible(template.render(apps=apps, rows=rows, policy=_POLICY, style=style))


def _app(rows: Sequence[_Row]) -> _App:
    target = rows[0].line.case.target
    rates = [row.line.pass_rate for row in reversed(rows) if row.line.ended.is_whole]
    return _App(target.name, target.root, rows[0], len(rows), sparkline([rate for rate in rates if rate is not None]))


def _row(line: CaseLine, folder: Path) -> _Row:
    has_report = (folder / line.case.id / "incident.html").is_file()
    status = _status(line)
    return _Row(
        line,
        status,
        _tone(status),
        f"{quote(line.case.id)}/incident.html" if has_report else "",
        _causes(line),
    )


def _status(line: CaseLine) -> str:
    """The status of the report; of a case without one, how its tests ended."""
    if line.judged:
        return line.judged.status
    if line.bad or line.ended.uncollected:
        return "FAILING"
    return "PASSED" if line.fine and not line.ended.outcomes.get("not_run") else "NOT FINISHED"


def _tone(status: str) -> str:
    alike = {"FAILING": "CAUSE FOUND", "PASSED": "CLEAR", "NOT FINISHED": "INCOMPLETE"}
    return f"s-{alike.get(status, status).lower().replace(' ', '-')}"


def _causes(line: CaseLine) -> str:
    if not line.causes:
        return "none" if line.causes is not None else "not looked for"
    more = len(line.causes) - 1
    rest = f", and {counted(more, 'more cause')}" if more else ""
    return f"{one_line(line.causes[0].title, _TITLE)}{rest}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "count": counted,
        "instant": instant,
        "percent": lambda rate: share(round(rate * 1e6), 1_000_000),
    }
    environment.filters.update(filters)
    return environment
