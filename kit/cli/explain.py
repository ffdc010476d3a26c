"""``kit explain``: all that is known of one test."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Any

import click
import msgspec

from kit import case as cases
from kit import history
from kit.cli.exit_codes import ExitCode
from kit.cli.options import reports_options
from kit.cli.progress import say
from kit.cli.stored import stored
from kit.facts.case import CaseFacts, Part
from kit.facts.dossier import Dossier
from kit.facts.errors import UsageError
from kit.facts.history import VariableDifference
from kit.facts.suite import SuiteFacts
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json
from kit.report import duration

#: at most this many earlier outcomes and imported files are listed for people
_SHOWN = 10

_SUITE: tuple[Part, ...] = ("suite",)

_ALONE = {
    "fails": "it fails alone too",
    "fails_beside_others": "it fails only while other tests run at the same time",
    "passes_alone": "it passes alone, and fails after others in one process",
    "needs_others": "it fails alone, and passes after the tests before it",
    "fails_watched": "it fails only while kit watches shared state, since it asks whether an object has died",
    "flaky": "it fails now and then",
}


@click.command()
@click.argument("nodeid")
@click.option("--case", default="", metavar="CASE", help="Look at this case.  [default: the newest with the test]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--beside", is_flag=True, help="Run it beside a passing test of its function: what differs first?")
@reports_options
def command(nodeid: str, case: str, form: str, beside: bool, reports_dir: str, store_url: str) -> int:
    """Print the dossier of the test NODEID; the end of a node id or a short id (@3f9c2a71) will do.

    Its outcome now and in earlier cases, how long it takes, its cause, whether it is flaky, which tests change state
    that it reads, its last good revision, the functions that it executes, the files that it imports, and commands for
    the next step. Only --beside runs anything: the test, and the nearest passing test of the same function with other
    parameters, in a scratch copy; it names the first variable that differs.
    """
    with stored(cases.CaseOptions.of(reports_dir=reports_dir, store_url=store_url), case) as (reports, store):
        where = cases.reports_words(reports, reports_dir, store_url)
        found = history.explain(store, nodeid, case, where)
        facts = store.load(found.case.id, _SUITE) if beside else None
    if facts is not None:
        found = replace(found, differs=_beside(facts, found, store_url))
    if form == "json":
        text = escaped_json(json.dumps(cleaned(_document(found)), indent=2, ensure_ascii=False))
    else:
        text = "\n".join(_lines(found))
    click.echo(text)
    return ExitCode.FOUND if found.is_bad else ExitCode.NOTHING_FOUND


def _beside(facts: CaseFacts, found: Dossier, store_url: str) -> VariableDifference | None:
    passing = history.passing_beside(facts.suite or SuiteFacts(), found.result) if found.is_bad else ""
    if not passing:
        raise UsageError(
            f"{found.result.nodeid} {'has no passing test of its function beside it' if found.is_bad else 'passes'}: "
            "there is nothing to compare with."
        )
    options = cases.CaseOptions.of(**{**facts.case.parameters, "store_url": store_url}).run_options()
    differs = history.first_beside(facts.case.target, options, found.result.nodeid, passing)
    if differs is None:
        say(f"No variable differs from {passing}, or the two do not end differently now.")
    return differs


def _document(found: Dossier) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(found)
    if found.cause:
        kept = ("id", "kind", "title", "state", "locations", "owners")
        document["cause"] = {name: document["cause"][name] for name in kept}
    document["commands"] = {one.to: one.command for one in found.commands}
    return document


def _lines(found: Dossier) -> Iterator[str]:
    result = found.result
    yield result.nodeid
    phase = f" in {result.phase}" if found.is_bad and result.phase else ""
    took = f", {duration(result.seconds)}" if result.seconds is not None else ""
    yield _row("now", f"{_words(result.outcome)}{phase}{took}, in {found.case.place}")
    said = found.error or result.reason
    if said:
        yield _row("error", f"{said}{f' ({found.failed_at})' if found.failed_at else ''}")
    if result.alone:
        yield _row("again", _ALONE[result.alone])
    yield from _before(found)
    if found.cause:
        place = f" ({found.cause.locations[0]})" if found.cause.locations else ""
        state = f", {found.cause.state}" if found.cause.state != "unknown" else ""
        yield _row("cause", f"{found.cause.title}{place}{state}{found.cause.concerns}  [{found.cause.id}]")
    if found.introduced and found.introduced.commit:
        yield _row("came", found.introduced.in_words)
    if found.differs:
        yield _row("differs", found.differs.sentence)
    if found.flaky:
        yield _row("flaky", found.flaky.sentence)
    if found.polluted:
        yield _row("polluted", found.polluted.sentence)
    if found.executes is not None:
        yield _row("executes", _listed(found.executes, "function"))
    yield from _imports(found)
    for one in found.commands:
        yield f"    {one.command}    # {one.to}"


def _before(found: Dossier) -> Iterator[str]:
    past = [one for one in found.past if one.case.id != found.case.id]
    if not past:
        yield _row("before", "no other case has run it")
        return
    counts = Counter(_words(one.outcome) for one in past)
    yield _row(
        "before",
        f"{', '.join(f'{number:,} {name}' for name, number in counts.items())} in {counted(len(past), 'case')}",
    )
    for one in past[:_SHOWN]:
        yield f"{'':12}{_words(one.outcome):9} {duration(one.seconds):>13}  {one.case.place}"
    seconds = [one.seconds for one in found.past if one.seconds is not None]
    if len(seconds) > 1:
        yield _row("durations", f"median {duration(median(seconds))}, longest {duration(max(seconds))}")
    if found.is_bad:
        good = f"in {found.last_good.place}" if found.last_good else "none: it passed in no case"
        yield _row("last good", good)


def _imports(found: Dossier) -> Iterator[str]:
    if found.imports is None:
        yield _row("imports", "not known: the app, or the file of the test, is not there any more")
        return
    yield _row("imports", _listed(found.imports, "file"))


def _listed(names: Sequence[str], what: str) -> str:
    """``3 files of the app: a.py, b.py, c.py``."""
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    listed = f": {', '.join(names[:_SHOWN])}{more}" if names else ""
    return f"{counted(len(names), what)} of the app{listed}"


def _row(name: str, text: str) -> str:
    return f"  {name:<9} {text}"


def _words(outcome: str) -> str:
    return outcome.replace("_", " ")
