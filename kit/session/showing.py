"""How an answer looks in a notebook: HTML with the colours of the report, in the light and in the dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

import pandas as pd

from kit.facts.wording import counted
from kit.report import palette

#: where a page is dark: JupyterLab and nbconvert, Notebook 7, VS Code
_DARK = ('[data-jp-theme-light="false"]', ".theme-dark", ".vscode-dark")

_RULES = """
.kit-r{font-size:13.5px;line-height:1.5;max-width:76rem;margin:.2rem 0 .9rem}
.kit-r p{margin:.3rem 0;text-align:left}
.kit-r .kit-a{font-size:1.2em;font-weight:600;margin:.1rem 0 .5rem}
.kit-r .kit-n{opacity:.72}
.kit-r .kit-m{border-left:3px solid var(--timed_out);padding:.15rem .7rem;margin:.5rem 0}
.kit-r table{border-collapse:collapse;margin:.3rem 0;border:0;width:auto;table-layout:auto;font-size:1em}
.kit-r thead{border-bottom:1px solid currentColor}
.kit-r th,.kit-r td{text-align:left!important;vertical-align:top!important;padding:.25rem 1rem .25rem 0!important;
 border:0;white-space:normal;overflow-wrap:anywhere;min-width:3.2rem;max-width:38rem!important;background:none!important;
 color:inherit}
.kit-r th{font-weight:600;opacity:.72;overflow-wrap:normal}
.kit-r tbody tr{background:none!important;border-bottom:1px solid rgba(128,136,148,.25)}
.kit-r td.kit-d,.kit-r th.kit-d{text-align:right!important;font-variant-numeric:tabular-nums}
.kit-r td.kit-c{max-width:54rem!important;overflow-wrap:break-word}
.kit-r code{background:none!important;color:inherit;padding:0!important;font-size:.93em}
.kit-r i.kit-o{display:inline-block;width:.65em;height:.65em;border-radius:50%;margin-right:.45em}
.kit-r pre{border:1px solid rgba(128,136,148,.35);border-radius:6px;padding:.6rem .8rem;overflow:auto;max-height:32rem;
 background:none;color:inherit;white-space:pre;font-size:.93em;line-height:1.45}
.kit-r pre b{color:var(--failed);font-weight:600}
.kit-r svg{max-width:100%;height:auto;display:block}
.kit-r details{margin:.4rem 0}
.kit-r summary{cursor:pointer;opacity:.72}
"""

#: an ending that is written as an outcome: its colour says which one it is
_OUTCOMES = ("passed", "failed", "error", "timed_out", "crashed", "xpassed", "xfailed", "skipped", "not_run")


@cache
def _style() -> str:
    colours = palette()
    dark = ",".join(f"{where} .kit-r" for where in _DARK)
    rules = f".kit-r{{{_variables(colours.light)}}}{dark}{{{_variables(colours.dark)}}}{_RULES}"
    return f"<style>{' '.join(rules.split())}</style>"


def _variables(colours: Mapping[str, str]) -> str:
    used = {name: value for name, value in colours.items() if name in _OUTCOMES or name in ("accent", "warn", "good")}
    return "".join(f"--{name}:{value};" for name, value in used.items())


def page(*parts: str) -> str:
    """The parts as one output of a cell, with their style; nbconvert and a saved notebook keep it."""
    return f'{_style()}<div class="kit-r">{"".join(parts)}</div>'


def paragraph(text: str, kind: str = "") -> str:
    """A sentence; ``kind`` is ``"a"`` for the answer, ``"n"`` for a note, ``"m"`` for what is missing."""
    return f'<p class="kit-{kind}">{with_code(text)}</p>' if kind else f"<p>{with_code(text)}</p>"


def missing(several: Sequence[tuple[str, str, str]]) -> str:
    """What a case lacks: a sentence, the call and the command that make it; the command once where it is the same."""
    if not several:
        return ""
    commands = dict.fromkeys(command for *_, command in several)
    lines = [f"{sentence} Call `{call}`." for sentence, call, _ in several]
    lines += [f"In a shell: `{command}`" + (" for all of it." if len(several) > 1 else "") for command in commands]
    return f'<p class="kit-m">{"<br>".join(map(with_code, lines))}</p>'


def with_code(text: str) -> str:
    """The text escaped; what stands between backticks is code."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a backtick of the target's own
        return escape(text)
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))


def table(frame: pd.DataFrame, columns: Sequence[str] = (), most: int = 8, rows: int = 0) -> str:
    """The first rows of a frame, and how many there are; ``columns`` are those to show, all when none is named.

    ``rows`` is how many rows the whole has, where the frame sums it up.
    """
    if frame.empty:
        return ""
    shown = frame[list(columns)] if columns else frame
    numeric = {
        name for name in shown.columns if pd.api.types.is_numeric_dtype(shown[name]) and shown[name].dtype != bool
    }
    head = "".join(_heading(name, name in numeric) for name in shown.columns)
    body = "".join(
        f"<tr>{''.join(_cell(name, value, name in numeric) for name, value in row.items())}</tr>"
        for row in shown.head(most).to_dict("records")
    )
    hidden = [str(name) for name in frame.columns if columns and name not in columns]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{_rest(len(frame), most, hidden, rows)}"


def _heading(name: Any, is_number: bool) -> str:
    return f'<th class="kit-d">{escape(str(name))}</th>' if is_number else f"<th>{escape(str(name))}</th>"


def _rest(rows: int, most: int, hidden: Sequence[str], whole: int) -> str:
    parts = [f"{most} of {counted(rows, 'row')}"] if rows > most else []
    parts += [f"summed up from {counted(whole, 'row')}"] if whole > rows else []
    parts += [f"{counted(len(hidden), 'further column')} ({', '.join(hidden)})"] if hidden else []
    return paragraph(f"{'; '.join(parts)}: `.frame` has all.", "n") if parts else ""


def _cell(name: Any, value: Any, is_number: bool) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return '<td class="kit-d">&ndash;</td>' if is_number else "<td>&ndash;</td>"
    if is_number:
        return f'<td class="kit-d">{_number(value)}</td>'
    if isinstance(value, bool):
        return f"<td>{'yes' if value else 'no'}</td>"
    text = escape(str(value)) if len(str(value)) > _SHORT else f"<nobr>{escape(str(value))}</nobr>"
    outcome = str(value).replace(" ", "_")
    if name in _ENDINGS and outcome in _OUTCOMES:
        return f"<td>{dot(outcome)}{text.replace('_', ' ')}</td>"
    return f'<td class="kit-c"><code>{_breaking(text)}</code></td>' if name in _CODE else f"<td>{text}</td>"


def _breaking(names: str) -> str:
    """Names may break between each other. A long one, such as a node id, may break where a part of it ends too, and
    nowhere else unless a part is too long.
    """
    if names.startswith("<nobr>"):
        return names
    parts = names.split(", ")
    return ", ".join(
        f"<nobr>{one}</nobr>"
        if len(one) <= _ONE_NAME and len(parts) > 1
        else one.replace("/", "/<wbr>").replace("::", "::<wbr>")
        for one in parts
    )


#: a text up to this length is not broken, and one name among several up to that one
_SHORT, _ONE_NAME = 24, 40

#: columns that say how a test ended
_ENDINGS = frozenset(("outcome", "before", "now"))

#: columns whose values are names in code
_CODE = frozenset(
    (
        "test",
        "function",
        "where",
        "path",
        "module",
        "class",
        "table",
        "statement",
        "source",
        "start",
        "through",
        "by way of",
        "shortest chain",
        "imports",
        "first",
        "test module",
        "frame",
        "example",
        "id",
        "needed at",
        "defined at",
    )
)


def _number(value: Any) -> str:
    if isinstance(value, int) or float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.3g}" if abs(value) < 1 else f"{value:,.1f}"


def dot(colour: str) -> str:
    """A dot in a colour of the palette."""
    return f'<i class="kit-o" style="background:var(--{colour})"></i>'


def code(lines: Iterable[tuple[int | None, str, bool]]) -> str:
    """Lines of source with their numbers; those that matter are marked."""
    shown = []
    for number, text, is_marked in lines:
        line = f"{'' if number is None else number:>5} {'&rsaquo;' if is_marked else ' '} {escape(text)}"
        shown.append(f"<b>{line}</b>" if is_marked else line)
    return f"<pre>{chr(10).join(shown)}</pre>"


def block(text: str) -> str:
    """A text as it stands."""
    return f"<pre>{escape(text)}</pre>"


def folded(title: str, html: str) -> str:
    """A part that is opened with a click."""
    return f"<details><summary>{escape(title)}</summary>{html}</details>"
