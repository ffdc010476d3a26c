"""``index.html``: all cases of a reports folder on one page.

It is made after every run of tests, so it needs no template engine, which takes as long to import as a small run.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from kit.facts.case import INDEX_FILE
from kit.facts.overview import CaseLine
from kit.facts.wording import counted
from kit.masking import cleaned, refuse, visible
from kit.report.files import asset, content_policy, write_file
from kit.report.sparkline import HEIGHT, WIDTH, Sparkline, sparkline
from kit.report.wording import instant, one_line, share

#: a longer title of a cause is cut, in characters
_TITLE = 110


#: stands where there is nothing to show
_NONE = "&#8211;"


@dataclass(frozen=True)
class _App:
    """An app with its cases, the newest first."""

    lines: Sequence[CaseLine]

    @property
    def trend(self) -> Sparkline | None:
        """The pass rate over the cases that ran the whole suite."""
        rates = [line.pass_rate for line in reversed(self.lines) if line.ended.is_whole]
        return sparkline([rate for rate in rates if rate is not None])


def write_index(lines: Sequence[CaseLine], folder: Path) -> Path:
    """Write the page of these cases, newest first, into ``folder``; returns its path.

    It is written beside its place and then renamed. Raises :class:`OSError` where the folder cannot be written.
    """
    page = render_index(lines, folder)
    refuse(INDEX_FILE, page)
    path = folder / INDEX_FILE
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else None
    write_file(path, (page,))
    if mode is not None:
        path.chmod(mode)  # it may be shared
    return path


def render_index(lines: Sequence[CaseLine], folder: Path) -> str:
    """The page; a case has a link where ``folder`` has its report."""
    by_root: dict[str, list[CaseLine]] = {}
    for line in lines:
        by_root.setdefault(line.case.target.root, []).append(line)
    apps = [_App(of_app) for of_app in by_root.values()]
    title = f"{counted(len(lines), 'case')} of {counted(len(apps), 'app')}"
    body = [*_head(title), *(one for app in apps for one in _card(app)), "</ul>"]
    body += _table(lines, folder, with_app=len(apps) > 1) if lines else ["<p>This folder has no case yet.</p>"]
    foot = "<p>Made by incident-kit from its store. The page is made anew after each case.</p>"
    body += ["</main>", f'<footer class="foot">{foot}</footer>', "</body>", "</html>", ""]
    return visible("\n".join(body))


def _head(title: str) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{content_policy()}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">'
    yield f'<title>{title}</title>\n<link rel="icon" href="data:,">'
    yield f'<style>{asset("report.css")}{asset("index.css")}</style>\n</head>\n<body class="index">'
    yield f'<header class="masthead"><p class="overline"><span>Cases of kit</span></p><h1>{title}</h1></header>'
    yield '<main class="index-main">\n<ul class="apps">'


def _card(app: _App) -> Iterator[str]:
    newest = app.lines[0]
    target = newest.case.target
    yield f'<li><h2>{_text(target.name)}</h2><p class="muted"><code>{_text(target.root)}</code></p>'
    if trend := app.trend:
        told = escape(trend.description)
        edges = "".join(f'<line x1="4" x2="{WIDTH - 4}" y1="{y}" y2="{y}" {_EDGE}/>' for y in (4, HEIGHT - 4))
        yield f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img"'
        yield f'aria-label="{told}"><title>{told}</title>{edges}<polyline points="{trend.points}" {_LINE}/>'
        yield f'<circle cx="{trend.last[0]}" cy="{trend.last[1]}" r="3" {_DOT}/></svg><p class="muted">{told}</p>'
    said = newest.judged.verdict if newest.judged else newest.in_words
    yield f"<p>{counted(len(app.lines), 'case')}. The newest: {_text(said)}</p></li>"


_EDGE = 'stroke="var(--line,#dde1e6)"'
_LINE = 'fill="none" stroke="var(--accent,#1f4fc4)" stroke-width="1.8" stroke-linejoin="round"'
_DOT = 'fill="var(--accent,#1f4fc4)"'


def _table(lines: Sequence[CaseLine], folder: Path, *, with_app: bool) -> Iterator[str]:
    yield '<div class="table"><table class="cases">\n<caption class="sr">All cases, newest first</caption>'
    names = ["Case", "Verdict", *(["App"] if with_app else []), "Revision", "Tests"]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    last = '<th scope="col" class="n">Pass rate</th><th scope="col">First cause</th>'
    yield f"<thead><tr>{heads}{last}</tr></thead>\n<tbody>"
    for line in lines:
        yield _row(line, folder, with_app=with_app)
    yield "</tbody>\n</table></div>"


def _row(line: CaseLine, folder: Path, *, with_app: bool) -> str:
    case, name = line.case, _text(line.case.id)
    if (folder / case.id / "incident.html").is_file() and cleaned(case.id) == case.id:
        name = f'<a href="{quote(case.id)}/incident.html">{name}</a>'
    started = f'<time class="muted" datetime="{escape(case.started)}">{escape(instant(case.started))}</time>'
    status = _status(line)
    part = "" if line.ended.is_whole else ' <span class="muted">(chosen tests)</span>'
    rate = _NONE if line.pass_rate is None else share(round(line.pass_rate * 1_000_000), 1_000_000)
    cells = [
        f'<th scope="row">{name}<br>{started}</th>',
        f'<td><span class="status {_tone(status)}">{status}</span></td>',
        *([f"<td>{_text(case.target.name)}</td>"] if with_app else []),
        f"<td>{_revision(line)}</td>",
        f"<td>{escape(line.in_words)}{part}</td>",
        f'<td class="n">{rate}</td>',
        f'<td class="wide">{escape(_causes(line))}</td>',
    ]
    return f"<tr>{' '.join(cells)}</tr>"


def _text(text: str) -> str:
    """Text for the page, masked: since the case was recorded, more secrets may be known."""
    return escape(cleaned(text))


def _revision(line: CaseLine) -> str:
    target = line.case.target
    if not target.revision:
        return _NONE
    edited = '<br><span class="muted">with changes</span>' if target.dirty else ""
    return f"<code>{_text(target.revision[:12])}</code>{edited}"


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
    return f"{one_line(cleaned(line.causes[0].title), _TITLE)}{rest}"
