"""Makes the suite that will be run out of what was collected: recorded, named, and cut into batches."""

from __future__ import annotations

from kit.facts.suite import StartMethod
from kit.suite.collect.collected import Collected
from kit.suite.collect.isolation import choose_isolation
from kit.suite.collect.start import Start
from kit.suite.plan.batches import Item, one_each, plan, plan_with_leader
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.run_spec import RunSpec
from kit.suite.process.overlays import overlays_work
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.record.test_names import names_of
from kit.wire.collecting import ItemRecord
from kit.wire.short_ids import short_id


class Planner:
    """Plans the suite of one run."""

    def __init__(self, spec: RunSpec, recorder: Recorder, reader: FailureReader) -> None:
        self._spec, self._recorder, self._reader = spec, recorder, reader

    def plan(self, start: Start, start_method: StartMethod) -> Collected:
        """Record what was collected, and cut the tests that have no outcome yet into batches."""
        collection, options = start.first, self._spec.options
        items = collection.items
        names = names_of([item[0] for item in items])
        waiting = self._not_done_before(names)
        paths = [self._reader.path(item[1]) for item in items]
        for name, path, item in zip(names, paths, items, strict=True):
            masked = {} if name == item[0] else {"short_id": short_id(item[0])}
            self._recorder.say(
                "collected", nodeid=name, path=path, line=item[2], fixtures=item[3], markers=item[4], **masked
            )
        has_overlays = options.has_overlays or self._wants_overlays(start, start_method)
        begun, wanted = start.has_begun, options.isolation
        forks, isolation = choose_isolation(wanted, collection, overlays=has_overlays, has_begun=begun)
        rootdir = self._reader.path(collection.config.rootdir) or "."
        self._recorder.say(
            "ready",
            tests=len(items),
            isolation=isolation,
            beginning=None if options.workers == 1 or self._spec.nodeids else start_method,
            rootdir=rootdir,
            pytest=collection.pytest,
            loaded_modules={name: self._reader.path(path) for name, path in collection.modules.items()},
            expected_s=self._expected_s([names[index] for index in waiting]),
        )
        controller = start.controller or (collection if start_method == "prepared" and not forks else None)
        return Collected(
            nodeids=tuple(item[0] for item in items),
            names=names,
            ledger=self._ledger(_items(items, paths), paths, names, waiting),
            process=collection.process,
            forks=forks,
            modules=collection.modules,
            is_worker=begun or (start_method in ("forked", "fresh") and not has_overlays),
            controller=controller.process if controller else None,
            others=start.others,
            has_overlays=has_overlays,
            errors=tuple(collection.errors),
            rootdir=rootdir,
            names_workers=bool(collection.asks_for_names),
            own_limit=collection.own_limit,
            own_limits=collection.own_limits,
            end_hooks=tuple(collection.end_hooks),
        )

    def _wants_overlays(self, start: Start, start_method: StartMethod) -> bool:
        """Whether workers should get overlays since the suite has a file of its tree open for writing: workers that
        write into one tree would disturb each other.
        """
        options, interpreter = self._spec.options, self._spec.target.interpreter
        is_doubtful = start.first.writes_tree and not start.has_begun and start_method == "fresh"
        if not is_doubtful or not options.may_have_overlays or interpreter is None:
            return False
        return overlays_work(interpreter.executable)

    def _ledger(self, items: list[Item], paths: list[str], names: tuple[str, ...], indexes: list[int]) -> Ledger:
        options = self._spec.options
        if options.isolation in ("file", "test"):
            return Ledger(one_each(items, indexes, options.isolation), paths)
        durations = options.earlier.durations
        known = {index: durations[names[index]] for index in indexes if names[index] in durations}
        can_have_leader = not (options.coverage or options.cluster or self._recorder.done_before)
        if options.recheck_s > 0 and can_have_leader:
            batches = plan_with_leader(items, indexes, options.workers, known, most_workers=options.most_workers)
            if batches is not None:
                return Ledger(batches, paths, has_leader=True)
        return Ledger(plan(items, indexes, options.workers, known), paths)

    def _expected_s(self, names: list[str]) -> float | None:
        """How long these tests take if they take as long as before; ``None`` when most of them are new."""
        options = self._spec.options
        durations = options.earlier.durations
        known = [durations[name] for name in names if name in durations]
        if len(known) <= len(names) / 2:
            return None
        return round(sum(known) * len(names) / len(known) / options.workers, 1)

    def _not_done_before(self, names: tuple[str, ...]) -> list[int]:
        """The tests to run that have no outcome from an earlier session."""
        done = self._recorder.done_before.copy()
        chosen = frozenset(self._spec.choose(names)) if self._spec.choose else None
        left = []
        for index, name in enumerate(names):
            if done[name] > 0:
                done[name] -= 1
            elif chosen is None or name in chosen:
                left.append(index)
        return left


def _items(items: list[ItemRecord], paths: list[str]) -> list[Item]:
    """The collected tests, as far as batches are planned by them."""
    return [
        Item(path, parent, function, shared_scope)
        for path, (*_, parent, function, shared_scope) in zip(paths, items, strict=True)
    ]
