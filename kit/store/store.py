"""The store: open it, write a case's facts room by room, read them back as they were."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec
from sqlalchemy import delete, func, select

from kit.facts.case import STORE_FILE, Case, CaseFacts, Part, Stage
from kit.facts.errors import UsageError
from kit.facts.failures import Grouping
from kit.facts.garbage import collector_off
from kit.facts.overview import CaseLine, Judged
from kit.facts.spelling import did_you_mean
from kit.facts.suite import SuiteFacts, TestRow
from kit.store import across, case_parts, lists, overview, schema
from kit.store.database import Database
from kit.store.green import read_last_green
from kit.store.heads import load_head, put, save_head
from kit.store.history import History, read_history

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.fixes import FixFacts
    from kit.facts.history import Introduction
    from kit.facts.inventory import InventoryFacts


@dataclass(frozen=True)
class CaseHead:
    """A case as a list shows it: its head and its stages."""

    case: Case
    stages: tuple[Stage, ...]


def default_url(reports_dir: Path) -> str:
    """The SQLite file of a reports folder."""
    return f"sqlite:///{reports_dir / STORE_FILE}"


class Store:
    """All cases of one database. Each write is one transaction; a reader sees whole facts or none."""

    def __init__(self, url: str) -> None:
        """Open the database at ``url`` and make its tables where they are missing.

        Raises :class:`UsageError` when the URL is not one, its driver is not installed, the database cannot be
        reached, or was written by a kit of another store version.
        """
        self._database = Database(url)
        self._transaction = self._database.transaction

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def is_sound(self) -> bool:
        """Whether the database can be read as a whole; only SQLite checks more than the tables."""
        return self._database.is_sound()

    def save_case(self, case: Case) -> None:
        """Write the head of a case, new or known."""
        values = {"target": case.target.name, "started": case.started, "finished": case.finished, "fact": case}
        with self._transaction() as connection:
            put(connection, schema.CASES, {"id": case.id}, values)

    def save_stage(self, case_id: str, stage: Stage) -> None:
        """Write a stage; the first writing of a name decides its place."""
        table = schema.STAGES.c
        with self._transaction() as connection:
            known = select(table.position).where(table.case_id == case_id, table.name == stage.name)
            position = connection.scalar(known)
            if position is None:
                position = connection.scalar(select(func.count()).where(table.case_id == case_id))
            values = {"position": position, "outcome": stage.outcome, "fact": stage}
            put(connection, schema.STAGES, {"case_id": case_id, "name": stage.name}, values)

    def save_inventory(self, case_id: str, facts: InventoryFacts) -> None:
        """Replace the case's inventory."""
        with self._transaction() as connection:
            case_parts.save_inventory(connection, case_id, facts)

    def save_suite(self, case_id: str, facts: SuiteFacts) -> None:
        """Replace the case's collected tests and outcomes."""
        with self._transaction() as connection:
            case_parts.save_suite(connection, case_id, facts)

    def save_diagnosis(self, case_id: str, grouping: Grouping, causes: tuple[Cause, ...]) -> None:
        """Replace the case's groups, categories and causes."""
        with self._transaction() as connection:
            case_parts.save_diagnosis(connection, case_id, grouping, causes)

    def save_fixes(self, case_id: str, facts: FixFacts) -> None:
        """Replace the case's fix options, trials and layers."""
        with self._transaction() as connection:
            case_parts.save_fixes(connection, case_id, facts)

    def save_judged(self, case_id: str, judged: Judged) -> None:
        """Replace what the report of the case says first."""
        with self._transaction() as connection:
            save_head(connection, case_id, "judged", judged)

    def save_introductions(self, case_id: str, found: Sequence[Introduction]) -> None:
        """Keep the commits that were found for causes of the case beside those known before. No author is kept."""
        nameless = {
            one.cause: replace(one, commit=replace(one.commit, author="") if one.commit else None) for one in found
        }
        with self._transaction() as connection:
            known = across.introductions_of(connection, [case_id]).get(case_id, {})
            save_head(connection, case_id, "introductions", list((known | nameless).values()))

    def introductions(self, cases: Sequence[str]) -> dict[str, dict[str, Introduction]]:
        """The commits that were found for causes of these cases, by the id of the case and of the cause."""
        with self._transaction() as connection:
            return across.introductions_of(connection, cases)

    def case(self, case_id: str) -> Case | None:
        """The head of a case, or ``None``."""
        with self._transaction() as connection:
            fact = connection.scalar(select(schema.CASES.c.fact).where(schema.CASES.c.id == case_id))
            return msgspec.convert(fact, Case) if fact else None

    def stages(self, case_id: str) -> tuple[Stage, ...]:
        """The stages of a case in the order they were first started."""
        table = schema.STAGES.c
        query = select(table.fact).where(table.case_id == case_id).order_by(table.position)
        with self._transaction() as connection:
            return tuple(msgspec.convert(list(connection.scalars(query)), list[Stage]))

    def lines(self, root: str = "") -> tuple[CaseLine, ...]:
        """All cases, or those of the target at ``root``, newest first, each in a line."""
        with self._transaction() as connection:
            return overview.read_lines(connection, root)

    def cases(self) -> tuple[CaseHead, ...]:
        """All cases, newest first."""
        with self._transaction() as connection:
            stages = overview.read_stages(connection)
            return tuple(CaseHead(case, stages.get(case.id, ())) for case in overview.read_cases(connection))

    def unknown(self, case_id: str) -> UsageError:
        """The error for a case that is not in this store, with the one of nearly the same name or the newest ones."""
        known = [head.case.id for head in self.cases()]
        asked = f'There is no case "{case_id}" in this store'
        return UsageError(f"{asked}{did_you_mean(case_id, known, 5)}" if known else f"{asked}, nor any other.")

    def load(
        self, case_id: str, parts: Collection[Part] | None = None, *, suite: SuiteFacts | None = None
    ) -> CaseFacts:
        """What is recorded of a case: its head, its stages, and these ``parts`` of its facts, all of them by default.

        Pass ``suite`` if you have just saved it; this avoids reading it again. Raises :class:`UsageError` when there is
        no such case.
        """
        wanted = get_args(Part) if parts is None else parts
        case = self.case(case_id)
        if case is None:
            raise self.unknown(case_id)
        stages = self.stages(case_id)
        with self._transaction() as connection, collector_off():
            inventory = case_parts.load_inventory(connection, case_id) if "inventory" in wanted else None
            suite = suite or (case_parts.load_suite(connection, case_id) if "suite" in wanted else None)
            grouping = case_parts.load_grouping(connection, case_id) if "diagnosis" in wanted else None
            causes = lists.CAUSES.read(connection, case_id) if grouping else None
            fixes = case_parts.load_fixes(connection, case_id) if "fixes" in wanted else None
        return CaseFacts(case, stages, inventory, suite, grouping, causes, fixes)

    def head_of_suite(self, case_id: str) -> SuiteFacts | None:
        """The suite of a case without its lists: no tests, results, collection errors or failures."""
        with self._transaction() as connection:
            return load_head(connection, case_id, "suite", SuiteFacts)

    def history(self, root: str) -> History:
        """What the newest cases of the target at ``root`` tell of its tests."""
        with self._transaction() as connection:
            return read_history(connection, root)

    def cases_before(self, case: Case) -> tuple[Case, ...]:
        """The cases of the same target that began earlier, newest first."""
        with self._transaction() as connection:
            return across.cases_before(connection, case)

    def causes_of(self, cases: Sequence[str]) -> dict[str, tuple[Cause, ...]]:
        """The causes of these cases, by the id of the case."""
        with self._transaction() as connection:
            return across.causes_of(connection, cases)

    def results_of(self, nodeid: str, root: str) -> tuple[tuple[Case, TestRow], ...]:
        """How a test ended in each case of the target at ``root``, the newest case first."""
        with self._transaction() as connection:
            return across.results_of(connection, nodeid, root)

    def once_bad(self, cases: Sequence[str]) -> frozenset[str]:
        """The tests that failed in any of these cases."""
        with self._transaction() as connection:
            return across.once_bad(connection, cases)

    def rows_of_once_bad(self, cases: Sequence[str]) -> tuple[TestRow, ...]:
        """How the tests that failed in any of these cases ended in each of them."""
        with self._transaction() as connection:
            return across.rows_of_once_bad(connection, cases)

    def rows_of(self, nodeids: Sequence[str], cases: Sequence[str]) -> tuple[TestRow, ...]:
        """How these tests ended in each of these cases."""
        with self._transaction() as connection:
            return across.rows_of(connection, nodeids, cases)

    def parametrised(self, cases: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Case and node id of each parametrised test of these cases, in the order of their results."""
        with self._transaction() as connection:
            return across.parametrised(connection, cases)

    def newest_with(self, nodeid: str) -> str | None:
        """The newest case that has a result of this test."""
        with self._transaction() as connection:
            return across.newest_with(connection, nodeid)

    def last_green(self, case: Case) -> Case | None:
        """The newest case of the target, earlier than this one, in which the whole suite ran and nothing failed."""
        with self._transaction() as connection:
            return read_last_green(connection, case)

    def remove(self, case_id: str) -> None:
        """Forget a case and all its facts."""
        with self._transaction() as connection:
            connection.execute(delete(schema.CASES).where(schema.CASES.c.id == case_id))
