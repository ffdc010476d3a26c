"""The store: open it, write a case's facts room by room, read them back as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec
from sqlalchemy import Connection, Engine, Table, create_engine, delete, event, func, insert, inspect, select, update
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from kit.facts.case import STORE_FILE, Case, CaseFacts, Part, Stage
from kit.facts.errors import StoreError, StoreVersionError, UsageError
from kit.facts.failures import Grouping
from kit.facts.overview import CaseLine, Judged
from kit.facts.suite import SuiteFacts, TestResult
from kit.masking import cleaned, may_hold_secret
from kit.store import across, lists, overview, schema
from kit.store.green import read_last_green
from kit.store.history import History, read_history

if TYPE_CHECKING:
    from kit.facts.causes import Cause
    from kit.facts.fixes import FixFacts
    from kit.facts.inventory import InventoryFacts

T = TypeVar("T")


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
        try:
            self._engine = create_engine(url, json_serializer=_json, json_deserializer=msgspec.json.decode)
        except (SQLAlchemyError, ImportError) as error:
            raise _cannot_be_opened(error) from error
        try:
            if self._engine.dialect.name == "sqlite":
                _enforce_foreign_keys(self._engine)
            self._make_tables()
        except SQLAlchemyError as error:
            self.close()
            raise _cannot_be_opened(error) from error
        except UsageError:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _make_tables(self) -> None:
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite" and not inspect(connection).has_table(schema.META.name):
                # its driver begins no transaction for a table, and would wait for the disk after each
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            schema.METADATA.create_all(connection)
            self._check_version(connection)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction. Raises :class:`StoreError` when the database fails or holds what kit has not written."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, msgspec.MsgspecError) as error:
            raise StoreError(self._engine.url.render_as_string(hide_password=True), _reason(error)) from error

    def is_sound(self) -> bool:
        """Whether the database can be read as a whole; only SQLite checks more than the tables."""
        try:
            with self._transaction() as connection:
                if self._engine.dialect.name != "sqlite":
                    return True
                return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
        except StoreError:
            return False

    def _check_version(self, connection: Connection) -> None:
        version = connection.scalar(select(schema.META.c.value).where(schema.META.c.key == "version"))
        if version is None:
            connection.execute(insert(schema.META).values(key="version", value=str(schema.VERSION)))
        elif version != str(schema.VERSION):
            shown = self._engine.url.render_as_string(hide_password=True)
            is_newer = version.isdecimal() and int(version) > schema.VERSION
            by, advice = ("a newer", "Update kit, or use") if is_newer else ("another", "Use")
            raise StoreVersionError(
                f"The store {shown} was written by {by} version of kit (store version {version}, this one reads "
                f"{schema.VERSION}). {advice} another --reports-dir or --store-url."
            )

    def save_case(self, case: Case) -> None:
        """Write the head of a case, new or known."""
        values = {"target": case.target.name, "started": case.started, "finished": case.finished, "fact": case}
        with self._transaction() as connection:
            _put(connection, schema.CASES, {"id": case.id}, values)

    def save_stage(self, case_id: str, stage: Stage) -> None:
        """Write a stage; the first writing of a name decides its place."""
        table = schema.STAGES.c
        with self._transaction() as connection:
            known = select(table.position).where(table.case_id == case_id, table.name == stage.name)
            position = connection.scalar(known)
            if position is None:
                position = connection.scalar(select(func.count()).where(table.case_id == case_id))
            values = {"position": position, "outcome": stage.outcome, "fact": stage}
            _put(connection, schema.STAGES, {"case_id": case_id, "name": stage.name}, values)

    def save_inventory(self, case_id: str, facts: InventoryFacts) -> None:
        """Replace the case's inventory."""
        head = replace(facts, mapped_classes=(), collisions=(), findings=(), importers=())
        with self._transaction() as connection:
            _save_head(connection, case_id, "inventory", head)
            lists.MAPPED_CLASSES.replace(connection, case_id, facts.mapped_classes)
            lists.COLLISIONS.replace(connection, case_id, facts.collisions)
            lists.FINDINGS.replace(connection, case_id, facts.findings)
            lists.IMPORTERS.replace(connection, case_id, facts.importers)

    def save_suite(self, case_id: str, facts: SuiteFacts) -> None:
        """Replace the case's collected tests and outcomes."""
        head = replace(facts, tests=(), results=(), collection_errors=(), failures={})
        with self._transaction() as connection:
            _save_head(connection, case_id, "suite", head)
            _save_head(connection, case_id, "ended", overview.ended(facts))
            lists.TESTS.replace(connection, case_id, facts.tests)
            lists.RESULTS.replace(connection, case_id, facts.results)
            lists.COLLECTION_ERRORS.replace(connection, case_id, facts.collection_errors)
            lists.FAILURES.replace(connection, case_id, tuple(facts.failures.values()))

    def save_diagnosis(self, case_id: str, grouping: Grouping, causes: tuple[Cause, ...]) -> None:
        """Replace the case's groups, categories and causes."""
        with self._transaction() as connection:
            _save_head(connection, case_id, "grouping", replace(grouping, groups=()))
            _save_head(connection, case_id, "named", overview.named(causes))
            lists.GROUPS.replace(connection, case_id, grouping.groups)
            lists.CAUSES.replace(connection, case_id, causes)

    def save_fixes(self, case_id: str, facts: FixFacts) -> None:
        """Replace the case's fix options, trials and layers."""
        with self._transaction() as connection:
            _save_head(connection, case_id, "fixes", replace(facts, options=(), trials=(), layers=()))
            lists.FIX_OPTIONS.replace(connection, case_id, facts.options)
            lists.TRIALS.replace(connection, case_id, facts.trials)
            lists.LAYERS.replace(connection, case_id, facts.layers)

    def save_judged(self, case_id: str, judged: Judged) -> None:
        """Replace what the report of the case says first."""
        with self._transaction() as connection:
            _save_head(connection, case_id, "judged", judged)

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
            known = ", ".join(head.case.id for head in self.cases()[:5]) or "none yet"
            raise UsageError(f'There is no case "{case_id}" in this store. The newest ones: {known}.')
        stages = self.stages(case_id)
        with self._transaction() as connection:
            inventory = _load_inventory(connection, case_id) if "inventory" in wanted else None
            suite = suite or (_load_suite(connection, case_id) if "suite" in wanted else None)
            grouping = _load_grouping(connection, case_id) if "diagnosis" in wanted else None
            causes = lists.CAUSES.read(connection, case_id) if grouping else None
            fixes = _load_fixes(connection, case_id) if "fixes" in wanted else None
        return CaseFacts(case, stages, inventory, suite, grouping, causes, fixes)

    def head_of_suite(self, case_id: str) -> SuiteFacts | None:
        """The suite of a case without its lists: no tests, results, collection errors or failures."""
        with self._transaction() as connection:
            return _load_head(connection, case_id, "suite", SuiteFacts)

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

    def results_of(self, nodeid: str, root: str) -> tuple[tuple[Case, TestResult], ...]:
        """How a test ended in each case of the target at ``root``, the newest case first."""
        with self._transaction() as connection:
            return across.results_of(connection, nodeid, root)

    def once_bad(self, cases: Sequence[str]) -> frozenset[str]:
        """The tests that failed in any of these cases."""
        with self._transaction() as connection:
            return across.once_bad(connection, cases)

    def rows_of_once_bad(self, cases: Sequence[str]) -> tuple[across.TestRow, ...]:
        """How the tests that failed in any of these cases ended in each of them."""
        with self._transaction() as connection:
            return across.rows_of_once_bad(connection, cases)

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


def _json(fact: Any) -> str:
    """The fact as JSON, with every secret in it masked."""
    text = msgspec.json.encode(fact).decode()
    return msgspec.json.encode(cleaned(msgspec.to_builtins(fact))).decode() if may_hold_secret(text) else text


def _cannot_be_opened(error: Exception) -> UsageError:
    remedy = " If its file is damaged, kit store rebuild makes it anew." if isinstance(error, DatabaseError) else ""
    return UsageError(f"The store cannot be opened: {_reason(error)}. Check --store-url and --reports-dir.{remedy}")


def _reason(error: Exception) -> str:
    """What the driver says, in one line and without the statement."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0].rstrip(".") if said else type(error).__name__


def _enforce_foreign_keys(engine: Engine) -> None:
    # SQLite ignores ON DELETE CASCADE unless each connection asks for it
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")


def _put(connection: Connection, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
    """Write the row of ``key``, new or known."""
    row = [table.c[name] == value for name, value in key.items()]
    if connection.execute(update(table).where(*row).values(values)).rowcount == 0:
        connection.execute(insert(table).values(key | values))


def _save_head(connection: Connection, case_id: str, room: str, fact: Any) -> None:
    _put(connection, schema.HEADS, {"case_id": case_id, "room": room}, {"fact": fact})


def _read_head(connection: Connection, case_id: str, room: str) -> Any:
    table = schema.HEADS.c
    return connection.scalar(select(table.fact).where(table.case_id == case_id, table.room == room))


def _load_head(connection: Connection, case_id: str, room: str, fact: type[T]) -> T | None:
    head = _read_head(connection, case_id, room)
    return msgspec.convert(head, fact) if head else None


def _load_inventory(connection: Connection, case_id: str) -> InventoryFacts | None:
    head = _read_head(connection, case_id, "inventory")
    if not head:
        return None
    from kit.facts.inventory import InventoryFacts  # a case of tests only has none, and its classes take a while

    return replace(
        msgspec.convert(head, InventoryFacts),
        mapped_classes=lists.MAPPED_CLASSES.read(connection, case_id),
        collisions=lists.COLLISIONS.read(connection, case_id),
        findings=lists.FINDINGS.read(connection, case_id),
        importers=lists.IMPORTERS.read(connection, case_id),
    )


def _load_suite(connection: Connection, case_id: str) -> SuiteFacts | None:
    head = _load_head(connection, case_id, "suite", SuiteFacts)
    if head is None:
        return None
    return replace(
        head,
        tests=lists.TESTS.read(connection, case_id),
        results=lists.RESULTS.read(connection, case_id),
        collection_errors=lists.COLLECTION_ERRORS.read(connection, case_id),
        failures={failure.id: failure for failure in lists.FAILURES.read(connection, case_id)},
    )


def _load_grouping(connection: Connection, case_id: str) -> Grouping | None:
    head = _load_head(connection, case_id, "grouping", Grouping)
    return replace(head, groups=lists.GROUPS.read(connection, case_id)) if head else None


def _load_fixes(connection: Connection, case_id: str) -> FixFacts | None:
    head = _read_head(connection, case_id, "fixes")
    if not head:
        return None
    from kit.facts.fixes import FixFacts  # most readers need none

    return replace(
        msgspec.convert(head, FixFacts),
        options=lists.FIX_OPTIONS.read(connection, case_id),
        trials=lists.TRIALS.read(connection, case_id),
        layers=lists.LAYERS.read(connection, case_id),
    )
