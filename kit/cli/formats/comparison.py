"""Two cases compared, for a terminal, for a comment of a pull request, and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from kit.facts.history import CaseComparison, CauseChange, TestChange
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json
from kit.report import duration, tests_and_files
from kit.report.markdown_text import code, code_list, plain

#: at most this many names of one list are shown to people
_SHOWN = 20

#: what of a cause stays in the JSON: its tests are among the tests
_OF_CAUSE = ("id", "kind", "title", "state", "locations", "owners")


def comparison_text(found: CaseComparison) -> str:
    """Causes with their change, then tests, categories and slower tests, and the verdict in the last line."""
    lines = [f"{found.before.place} → {found.after.place}", ""]
    lines += [f"{one.change:>9}  {_cause_told(one)}" for one in found.causes]
    lines += _listed("", (f"{one.change:>9}  {_test_told(one)}" for one in found.tests if one.change != "known"))
    lines += _listed("", (f"     gone  {nodeid}" for nodeid in found.gone))
    changed = [one for one in found.categories if one.before != one.after]
    lines += _listed("", (f" category  {one.title}: {one.before:,} → {one.after:,}" for one in changed))
    slower = (f"   slower  {one.nodeid}: {duration(one.before)} → {duration(one.after)}" for one in found.slower)
    lines += _listed("", slower)
    return "\n".join([*lines, "", found.sentence, ""])


def comparison_markdown(found: CaseComparison) -> str:
    """The same as tables, for a comment."""
    places = f"{code(found.before.place)} → {code(found.after.place)}"
    lines = [f"**{plain(found.sentence)}**", "", places, ""]
    if found.causes:
        lines += ["| change | cause | place | concerns | before | after |", "|---|---|---|---|--:|--:|"]
        lines += [_row(one) for one in found.causes]
    tests = [one for one in found.tests if one.change != "known"]
    lines += _listed("### Tests", (f"- {one.change}: {code(one.nodeid)}" for one in tests))
    lines += _listed("### No longer collected", (f"- {code(nodeid)}" for nodeid in found.gone))
    changed = [one for one in found.categories if one.before != one.after]
    lines += _listed("### Categories", (f"- {plain(one.title)}: {one.before:,} → {one.after:,}" for one in changed))
    slower = (f"- {code(one.nodeid)}: {duration(one.before)} → {duration(one.after)}" for one in found.slower)
    lines += _listed("### Slower", slower)
    return "\n".join([*lines, ""])


def comparison_json(found: CaseComparison) -> str:
    """All of it, with the verdict."""
    parts: dict[str, Any] = {"verdict": found.verdict, "sentence": found.sentence, **msgspec.to_builtins(found)}
    for change in parts["causes"]:
        change["cause"] = {name: change["cause"][name] for name in _OF_CAUSE}
    return escaped_json(json.dumps(cleaned(parts), indent=2, ensure_ascii=False)) + "\n"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    """The lines after an empty one and the title; not more than people read."""
    every = list(lines)
    if every:
        yield ""
        yield from [title, ""] if title else []
        yield from every[:_SHOWN]
        if len(every) > _SHOWN:
            yield f"           and {len(every) - _SHOWN:,} more"


def _cause_told(one: CauseChange) -> str:
    places = f"  ({one.cause.locations[0]})" if one.cause.locations else ""
    since = f", first seen in {one.since.place}" if one.since else ""
    why = f", {one.why}" if one.why else ""
    return f"{one.cause.title}{places}: {_sizes(one)}{since}{why}{one.cause.concerns}  [{one.cause.id}]"


def _sizes(one: CauseChange) -> str:
    if one.before is None or one.after is None:
        return tests_and_files(len(one.cause.tests), len(one.cause.uncollectable))
    told = f"{one.after:,} tests and files" if one.cause.uncollectable else counted(one.after, "test")
    return f"{one.before:,} → {told}"


def _test_told(one: TestChange) -> str:
    return f"{one.nodeid}  ({one.before or 'not there'} → {one.after or 'not there'})"


def _row(one: CauseChange) -> str:
    place = code(one.cause.locations[0]) if one.cause.locations else ""
    numbers = ("" if number is None else f"{number:,}" for number in (one.before, one.after))
    return f"| {' | '.join((one.change, plain(one.cause.title), place, code_list(one.cause.owners), *numbers))} |"
