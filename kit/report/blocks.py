"""What is copied from a cause: the cause as Markdown, and with it what an assistant has to know to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kit.facts.wording import counted
from kit.masking import visible
from kit.report import commands
from kit.report.joined import Joined
from kit.report.markdown_text import code, excerpt, fenced, place, plain
from kit.report.next_steps import next_step
from kit.report.status import impact_of
from kit.report.wording import number, one_line

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.failures import Failure

_ANSWER = "Answer with one unified diff, and say in a sentence why it removes the cause."
_EVIDENCE, _IMPORTERS, _MESSAGE = 6, 12, 1200


def cause_markdown(joined: Joined, cause: Cause) -> str:
    """The cause by itself: what, where, the lines, the error, the evidence, a failing test, and the next step."""
    return visible("\n\n".join(_parts(joined, cause)) + "\n")


def for_an_assistant(joined: Joined, cause: Cause) -> str:
    """What stands below the cause when it is given to an assistant: the task, and what must not change."""
    case, accounting = joined.facts.case, joined.accounting
    versions = [f"Python {case.target.interpreter.version}"] if case.target.interpreter else []
    versions += [f"{name} {version}" for name in ("sqlalchemy", "pytest") if (version := case.target.package(name))]
    lines = [
        "## Task",
        f"Fix this cause in the project {plain(case.target.name)} ({plain(', '.join(versions))}). {_ANSWER}",
        "## What must not change",
        "\n".join(f"- {one}" for one in _constraints(joined, cause, accounting.passed if accounting else 0)),
        f"Check: {code(commands.verify(case, cause.id))}",
    ]
    return visible("\n" + "\n\n".join(lines) + "\n")


def _parts(joined: Joined, cause: Cause) -> Iterator[str]:
    yield f"# {plain(cause.title)}"
    yield f"{plain(impact_of(cause, joined.accounting))} · {cause.state}"
    if cause.locations:
        yield "Where: " + ", ".join(place(one) for one in cause.locations[:6])
    yield from (excerpt(one) for one in cause.excerpts[:3])
    if error := _error(joined, cause):
        told = f"{error.raised.type}: {error.raised.message[:_MESSAGE]}" if error.raised.message else error.raised.type
        yield "Error:"
        yield fenced(told, "text")
    if cause.evidence:
        yield "\n".join(f"- {plain(one_line(one.text, 300))}" for one in cause.evidence[:_EVIDENCE])
    if cause.tests:
        yield f"A failing test: {code(cause.tests[0])}"
    step = next_step(cause, joined.facts.case, joined.facts.fixes)
    if step.text:
        yield f"Next step: {plain(step.text)}" + (f" {code(step.command)}" if step.command else "")


def _error(joined: Joined, cause: Cause) -> Failure | None:
    suite = joined.facts.suite
    if suite is None:
        return None
    ids = [one for group in joined.groups if group.id in cause.groups for one in group.failure_ids]
    known = {**suite.failures, **{error.failure.id: error.failure for error in suite.collection_errors}}
    return next((known[one] for one in ids if one in known), None)


def _constraints(joined: Joined, cause: Cause, passed: int) -> Iterator[str]:
    yield f"{counted(passed, 'test')} {'passes' if passed == 1 else 'pass'} now and must still pass."
    yield "No test is changed, skipped or removed."
    yield "The database schema and the routes of the API stay as they are."
    paths = {one.path for one in cause.locations}
    inventory = joined.facts.inventory
    parties = [party.mapped for one in joined.collisions for party in one.classes]
    mapped = [*inventory.mapped_classes, *parties] if inventory else []
    modules = {one.module for one in mapped if one.path in paths}
    places = [one for one in inventory.importers if one.module in modules] if inventory else []
    if places:
        shown = ", ".join(code(f"{one.path}:{one.line}") for one in places[:_IMPORTERS])
        more = f" and {number(len(places) - _IMPORTERS)} more" if len(places) > _IMPORTERS else ""
        yield f"What these places import must still be there: {shown}{more}."
    yield "`extend_existing` is not a fix: it turns the error into another one."
