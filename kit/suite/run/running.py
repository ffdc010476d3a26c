"""Running a collected suite: all of its tests, and then what failed once more."""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path

from kit.suite.collect.collected import Collected
from kit.suite.collect.collecting import Collector
from kit.suite.plan.ledger import Ledger
from kit.suite.plan.order import Order
from kit.suite.process.team import Team
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder
from kit.suite.run.diary import Diary
from kit.suite.run.rechecking import Round, Seen
from kit.suite.run.rerunning import Rerunning, unasked
from kit.suite.run.telling import Telling
from kit.suite.run.workforce import Shift, Workforce


class Running:
    """One run of a suite."""

    def __init__(
        self,
        order: Order,
        collected: Collected,
        collector: Collector,
        recorder: Recorder,
        reader: FailureReader,
        team: Team,
    ) -> None:
        self._order, self._suite, self._root = order, collected, Path(collector.root)
        self._recorder, self._team = recorder, team
        self._telling = Telling(recorder, reader, collected.names)
        self._diary = Diary(collected.nodeids)
        self._workforce = Workforce(order, collected, collector, team, self._telling, self._diary)

    def run(self) -> str | None:
        """Run until every test is finished, then what failed once more; the reason when that has to be given up."""
        began, options = time.monotonic(), self._order.options
        if options.has_views:
            self._telling.views()
        again = self._rerunning if options.recheck_s > 0 else None
        self._workforce.take_over()
        problem = self._workforce.work(
            Shift(
                self._suite.ledger,
                workers=options.workers,
                most_workers=options.workers if self._suite.names_workers else options.most_workers,
                one_batch_each=options.isolation in ("file", "test"),
                has_views=options.has_views,
            )
        )
        if problem:
            return problem
        self._workforce.let_go()
        if again:
            took_s = time.monotonic() - began
            self._diary.recall(self._recorder.earlier, self._suite.names)
            again.recheck(self._recorder.facts(), self._diary, took_s, self._team.ends_at)
            left = unasked(self._recorder.facts())
            if left and self._team.is_late:
                return f"{self._workforce.too_late}; {left}."
        self._workforce.end()
        return None

    def experiment(self, tests: tuple[int, ...]) -> dict[int, Seen]:
        """What these tests do in one new process, in this order, with nothing beside them."""
        self._workforce.host()
        return self._rerunning.run_again(Round("in order", (tests,)))

    @cached_property
    def _rerunning(self) -> Rerunning:
        return Rerunning(self._order.options, self._telling, self._run_afresh, self._order.target.path, self._root)

    def _run_afresh(self, batches: tuple[tuple[int, ...], ...], workers: int, until: float) -> None:
        """Run batches, each in a new process."""
        has_views = self._order.options.views and workers > 1
        shift = Shift(Ledger(batches), workers, workers, one_batch_each=True, has_views=has_views)
        self._workforce.work(shift, until)
        if shift.ledger.is_done:
            self._workforce.let_go()
        self._workforce.dismiss_all()
