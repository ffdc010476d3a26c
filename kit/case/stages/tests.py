"""Stage 3: run the suite, or take results that others have made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from kit import suite
from kit.case.options import CaseOptions
from kit.facts.errors import KitError
from kit.facts.starting import PluginTrial
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.store import History


def run_tests(
    target: Target,
    options: CaseOptions,
    history: History,
    *,
    events: Path,
    nodeids: Sequence[str],
    resume: bool,
    display: suite.Display | None,
    save: Callable[[SuiteFacts], None],
    known: Sequence[str] = (),
) -> SuiteFacts:
    """Run the suite, ``save`` what became of it, and return that. ``known`` as in :func:`~kit.suite.run_suite`.

    When an exception or Ctrl-C ends the run, what has happened until then is saved.
    """
    try:
        facts = suite.run_suite(
            target,
            events=events,
            options=_run_options(target, options, history),
            nodeids=nodeids,
            resume=resume,
            known=known,
            on_event=suite.feed(display, suite.iterate_events(events) if resume else ()) if display else None,
        )
    except BaseException:
        if events.exists():
            save(recorded_suite(events, history))
        raise
    # with --workers, tests ran in parallel on purpose, so sharing was not tested
    if nodeids or facts.shares or not options.workers:
        facts = _with_history(facts, history)
    if facts.problem and not facts.tests and not facts.start_refusal:
        facts = replace(facts, plugin_trial=_tried_plugins(target))
    save(facts)
    return facts


def recorded_suite(events: Path, history: History) -> SuiteFacts:
    """What the events of a run tell, however it ended."""
    return _with_history(suite.read_events(events), history)


def ingest_results(target: Target, files: Sequence[Path | suite.ResultsFile]) -> SuiteFacts:
    """The results in ``files``, which others have made; no test is run.

    Raises :class:`UsageError` for a file that cannot be used.
    """
    return suite.read_results(files, target)


def _run_options(target: Target, options: CaseOptions, history: History) -> suite.RunOptions:
    """How the tests are run, given their history and what this machine can do."""
    interpreter, shares = target.interpreter, history.shared_state is not None
    overlays = False
    if (shares or history.overlays) and history.overlays is not False and interpreter and options.may_have_overlays:
        overlays = suite.overlays_work(interpreter.executable)
    earlier = suite.EarlierRuns(
        history.durations, history.explained, history.start_method, frozenset(history.settled_states)
    )
    return options.run_options(earlier, shares=shares, overlays=overlays, overlays_help=history.overlays is not False)


def _with_history(facts: SuiteFacts, history: History) -> SuiteFacts:
    """Keep what earlier runs learned about shared state unless this run contradicts it."""
    return replace(
        facts,
        shares=facts.shares or history.shared_state,
        views=history.overlays if facts.views is None else facts.views,
        beginning=facts.beginning or history.start_method,
    )


def _tried_plugins(target: Target) -> PluginTrial | None:
    """Which plugin keeps pytest from starting, if one does; tried only when no test could be run."""
    try:
        return suite.try_plugins(target)
    except (KitError, OSError):  # the facts say already why no test could be run
        return None
