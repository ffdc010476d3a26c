"""Runs a suite: collects it once, lets workers pull batches, and accounts for every test whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from kit.facts.errors import KitError, TargetError, UsageError
from kit.facts.nodeids import file_of
from kit.facts.spelling import texts
from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.platform.temporary_folders import temporary_folder
from kit.suite import cluster
from kit.suite.collect.absent import why_broken
from kit.suite.collect.collected import Collected
from kit.suite.options import RunOptions
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.imports import keep_imports
from kit.suite.process.workspace import Workspace
from kit.suite.record.events import iterate_events
from kit.suite.record.recorder import Recorder
from kit.suite.record.touching import attributed
from kit.suite.run.bisecting import Pollution, bisection, settle
from kit.suite.run.files_alone import not_alone
from kit.suite.run.learning import Learning
from kit.suite.run.preparing import Prepared, prepared
from kit.suite.run.rechecks import not_rechecked
from kit.target import protection_of, scratch_copy, take_touched
from kit.wire.short_ids import is_short_id, short_id


def run_suite(
    target: Target,
    *,
    events: Path,
    options: RunOptions | None = None,
    nodeids: Sequence[str] = (),
    choose: Callable[[Sequence[str]], Collection[str]] | None = None,
    resume: bool = False,
    on_event: Callable[[Mapping[str, Any]], None] | None = None,
    workspace: Workspace | None = None,
    known: Sequence[str] = (),
) -> SuiteFacts:
    """Run the target's tests in a scratch copy and return what became of every one of them.

    :param events: the file that events (:mod:`kit.suite.record.events`) are appended to as they happen.
    :param options: how the suite is to be run.
    :param nodeids: pytest's node ids (of tests, classes, files or folders), relative to its rootdir; without any, the
        whole suite runs. With node ids only their files are collected: a test may see fewer modules imported than in a
        whole run.
    :param choose: gets the node ids of the whole suite once it is collected, and returns those to run; the other tests
        have the outcome ``not_run``. Has no effect on a cluster.
    :param resume: continue the last attempt in ``events``, and run only the tests that have no outcome there. By
        default a new attempt is added, which runs every test.
    :param on_event: is called with each event.
    :param workspace: a scratch copy that is kept for several runs; by default the run makes one and removes it.

    :param known: tests in the files of ``nodeids`` that need not run: what these files have besides, such as a test
        that is new, runs too.

    The facts report whatever the target does (``problem``: why nothing could be run). Raises
    :class:`~kit.facts.errors.UsageError` when ``events`` cannot be written, and ``KeyboardInterrupt`` after every
    process has ended and everything so far is recorded.
    """
    spec = RunSpec(target, options or RunOptions(), texts(nodeids), choose, tuple(known)).as_target_asks()
    if spec.options.cluster:
        cluster.check_cluster(spec.options.cluster)
    recorder = Recorder(events, on_event, resume=resume)
    try:
        _run_session(spec, recorder, workspace)
    finally:
        recorder.close()
    return recorder.facts()


def _run_session(spec: RunSpec, recorder: Recorder, workspace: Workspace | None) -> None:
    """Run and record one session; its end is recorded when it is interrupted too."""
    whole = not spec.nodeids and spec.choose is None
    try:
        recorder.begin(workers=spec.options.workers, timeout_s=spec.options.usual_limit_s, whole=whole)
        problem = _run(spec, recorder, workspace)
        _report_touched(spec.target, recorder)
        recorder.end(problem)
    except KeyboardInterrupt:
        _report_touched(spec.target, recorder)
        recorder.end(_interrupted(recorder.facts_of_session(), spec.options), interrupted=True)
        raise


def _interrupted(facts: SuiteFacts, options: RunOptions) -> str:
    left = not_rechecked(facts) if options.recheck_s > 0 and facts.tests and not facts.accounting.not_run else ""
    return f"The run was interrupted; {left}." if left else "The run was interrupted."


def _run(spec: RunSpec, recorder: Recorder, workspace: Workspace | None) -> str | None:
    """Run in ``workspace``, or in a new scratch copy; return the problem that ended the run early, if there was one."""
    if not spec.options.records:
        return _run_somewhere(spec, recorder, workspace)
    learning = Learning(spec.target)
    if learning.why_not:
        learning.keep_files()
        return _run_somewhere(replace(spec, options=replace(spec.options, records=False)), recorder, workspace)
    try:
        meanwhile = partial(learning.look_ahead, spec.gathered)
        return _run_somewhere(replace(spec, meanwhile=meanwhile), recorder, workspace)
    finally:
        if execution := learning.learn(spec.gathered, recorder.facts_of_session()):
            recorder.say("executed", execution=execution)


def _run_somewhere(spec: RunSpec, recorder: Recorder, workspace: Workspace | None) -> str | None:
    try:
        if workspace is not None:
            return _run_in(spec, recorder, workspace)
        with scratch_copy(spec.target) as root:
            recorder.say("protection", what=protection_of(root).sentence)
            seen = root.with_name(f"{root.name}.imports")
            try:
                return _run_in(spec, recorder, Workspace(root, request={"imports": str(seen)}))
            finally:
                if not spec.nodeids:
                    keep_imports(spec.target, seen)
    except KitError as error:
        return str(error)
    except OSError as error:
        return f"The tests could not be run: {error}."


def _report_touched(target: Target, recorder: Recorder) -> None:
    """Record what changed of the real tree since somebody last asked: the probes run code of the target too."""
    differences = take_touched(target.root)
    if differences:
        for one in attributed(differences, iterate_events(recorder.path), target.path.resolve()):
            recorder.say("touched", path=one.path, how=one.how, tests=one.tests)


def _run_in(spec: RunSpec, recorder: Recorder, workspace: Workspace) -> str | None:
    if spec.options.cluster:
        return cluster.run_on_cluster(spec, recorder, workspace)
    return prepared(spec, recorder, workspace, lambda suite: suite.running(recorder).run())


def bisect_pollution(
    target: Target,
    nodeid: str,
    *,
    options: RunOptions | None = None,
    on_step: Callable[[int, bool], None] | None = None,
) -> Pollution:
    """Find the earlier tests that change the outcome of a test: it passes alone and fails after them, or the reverse.

    kit collects the suite once, in a scratch copy, and then runs the test again and again in new processes, after fewer
    and fewer of the tests that come before it in a plain run. ``on_step`` is called after each run with the number of
    tests before it, and whether it failed. Raises :class:`~kit.facts.errors.UsageError` when no test has this node id,
    and :class:`~kit.facts.errors.TargetError` when the suite cannot be collected.
    """
    spec = RunSpec(target, replace(options or RunOptions(), records=False), ())

    def search(suite: Prepared) -> Pollution:
        test = _index_of(nodeid, suite.collected)
        running = suite.running(recorder)

        def fails_after(before: tuple[int, ...]) -> bool:
            seen = running.experiment((*before, test)).get(test)
            failed = seen is None or seen.is_bad
            if on_step:
                on_step(len(before), failed)
            return failed

        found, runs = settle(bisection(range(test)), fails_after)
        by = tuple(suite.collected.names[index] for index in found.by)
        is_bad_alone = found.kind in ("depends", "fails_always")
        files = [file_of(suite.collected.nodeids[test])] if is_bad_alone else []
        apart = dict(not_alone(files, suite.collector.errors_alone))
        return Pollution(nodeid, found.kind, by, runs, next(iter(apart.values()), ""))

    with temporary_folder() as folder, scratch_copy(target) as root:
        recorder = Recorder(folder / "events.jsonl", None, resume=False)
        try:
            found = prepared(spec, recorder, Workspace(root), search)
        finally:
            recorder.close()
    if isinstance(found, str):
        raise TargetError(found)
    return found


def _index_of(nodeid: str, collected: Collected) -> int:
    """The test that has this node id, or this short id."""
    if is_short_id(nodeid):
        matching = [index for index, one in enumerate(collected.nodeids) if short_id(one).startswith(nodeid)]
        if matching:
            return matching[0]
    if nodeid not in collected.names:
        if broken := why_broken(nodeid, collected.errors, collected.rootdir):
            raise TargetError(f"{nodeid} was not collected: {broken}.")
        near = get_close_matches(nodeid, collected.names, n=1)
        raise UsageError(f"No test is called {nodeid}{f'; did you mean {near[0]}?' if near else '.'}")
    return collected.names.index(nodeid)
