"""The store: open it, write a case's facts room by room, read them back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Engine, create_engine, delete, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.facts.failures import Grouping
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.store import history, lists, schema

T = TypeVar("T")

#: the SQLite file of a reports folder
STORE_FILE = "kit.sqlite"


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
            schema.Base.metadata.create_all(self._engine)
            self._check_version()
        except SQLAlchemyError as error:
            self.close()
            raise _cannot_be_opened(error) from error
        except UsageError:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _check_version(self) -> None:
        with self._session() as session:
            row = session.get(schema.MetaRow, "version")
            if row is None:
                session.add(schema.MetaRow(key="version", value=str(schema.VERSION)))
            elif row.value != str(schema.VERSION):
                shown = self._engine.url.render_as_string(hide_password=True)
                raise UsageError(
                    f"The store {shown} was written by another version of kit (store version {row.value}, "
                    f"this one reads {schema.VERSION}). Use another --reports-dir or --store-url."
                )

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session

    def save_case(self, case: Case) -> None:
        """Write the head of a case, new or known."""
        with self._session() as session:
            session.merge(
                schema.CaseRow(
                    id=case.id,
                    target=case.target.name,
                    started=case.started,
                    finished=case.finished,
                    fact=msgspec.to_builtins(case),
                )
            )

    def save_stage(self, case_id: str, stage: Stage) -> None:
        """Write a stage; the first writing of a name decides its place."""
        with self._session() as session:
            known = session.get(schema.StageRow, (case_id, stage.name))
            count = select(func.count()).select_from(schema.StageRow).where(schema.StageRow.case_id == case_id)
            position = known.position if known else session.scalar(count)
            session.merge(
                schema.StageRow(
                    case_id=case_id,
                    name=stage.name,
                    position=position,
                    outcome=stage.outcome,
                    fact=msgspec.to_builtins(stage),
                )
            )

    def save_inventory(self, case_id: str, facts: InventoryFacts) -> None:
        """Replace the case's inventory."""
        head = replace(facts, mapped_classes=(), collisions=(), findings=(), importers=())
        with self._session() as session:
            _save_head(session, case_id, "inventory", head)
            lists.MAPPED_CLASSES.replace(session, case_id, facts.mapped_classes)
            lists.COLLISIONS.replace(session, case_id, facts.collisions)
            lists.FINDINGS.replace(session, case_id, facts.findings)
            lists.IMPORTERS.replace(session, case_id, facts.importers)

    def save_suite(self, case_id: str, facts: SuiteFacts) -> None:
        """Replace the case's collected tests and outcomes."""
        head = replace(facts, tests=(), results=(), collection_errors=(), failures={})
        with self._session() as session:
            _save_head(session, case_id, "suite", head)
            lists.TESTS.replace(session, case_id, facts.tests)
            lists.RESULTS.replace(session, case_id, facts.results)
            lists.COLLECTION_ERRORS.replace(session, case_id, facts.collection_errors)
            lists.FAILURES.replace(session, case_id, tuple(facts.failures.values()))

    def save_diagnosis(self, case_id: str, grouping: Grouping, causes: tuple[Cause, ...]) -> None:
        """Replace the case's groups, categories and causes."""
        with self._session() as session:
            _save_head(session, case_id, "grouping", replace(grouping, groups=()))
            lists.GROUPS.replace(session, case_id, grouping.groups)
            lists.CAUSES.replace(session, case_id, causes)

    def case(self, case_id: str) -> Case | None:
        """The head of a case, or ``None``."""
        with self._session() as session:
            row = session.get(schema.CaseRow, case_id)
            return msgspec.convert(row.fact, Case) if row else None

    def stages(self, case_id: str) -> tuple[Stage, ...]:
        """The stages of a case in the order they were first started."""
        query = (
            select(schema.StageRow.fact).where(schema.StageRow.case_id == case_id).order_by(schema.StageRow.position)
        )
        with self._session() as session:
            return tuple(msgspec.convert(list(session.scalars(query)), list[Stage]))

    def cases(self) -> tuple[CaseHead, ...]:
        """All cases, newest first."""
        query = select(schema.CaseRow.fact).order_by(schema.CaseRow.started.desc(), schema.CaseRow.id.desc())
        with self._session() as session:
            cases = msgspec.convert(list(session.scalars(query)), list[Case])
        return tuple(CaseHead(case, self.stages(case.id)) for case in cases)

    def load(self, case_id: str) -> CaseFacts:
        """Everything that is known of a case.

        Raises :class:`UsageError` when there is no such case.
        """
        case = self.case(case_id)
        if case is None:
            known = ", ".join(head.case.id for head in self.cases()[:5]) or "none yet"
            raise UsageError(f'There is no case "{case_id}" in this store. The newest ones: {known}.')
        stages = self.stages(case_id)
        with self._session() as session:
            inventory = _load_inventory(session, case_id)
            suite = _load_suite(session, case_id)
            grouping = _load_grouping(session, case_id)
            causes = lists.CAUSES.read(session, case_id) if grouping else None
        return CaseFacts(case, stages, inventory, suite, grouping, causes)

    def durations(self, root: str) -> dict[str, float]:
        """How long each test of the target at ``root`` took when it ran last, by node id, in seconds."""
        with self._session() as session:
            return history.durations(session, root)

    def explained(self, root: str) -> dict[str, str]:
        """The tests of the target at ``root`` that failed alone too when they ran last; the ids of their failures."""
        with self._session() as session:
            return history.explained(session, root)

    def shares(self, root: str) -> str | None:
        """What tests of the target at ``root`` share outside of their processes, in a sentence, as far as is known."""
        with self._session() as session:
            return history.shares(session, root)

    def remove(self, case_id: str) -> None:
        """Forget a case and all its facts."""
        with self._session() as session:
            session.execute(delete(schema.CaseRow).where(schema.CaseRow.id == case_id))


def _json(fact: Any) -> str:
    return msgspec.json.encode(fact).decode()


def _cannot_be_opened(error: Exception) -> UsageError:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return UsageError(f"The store cannot be opened: {reason}. Check --store-url and --reports-dir.")


def _enforce_foreign_keys(engine: Engine) -> None:
    # SQLite ignores ON DELETE CASCADE unless each connection asks for it
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")


def _save_head(session: Session, case_id: str, room: str, fact: Any) -> None:
    session.merge(schema.HeadRow(case_id=case_id, room=room, fact=msgspec.to_builtins(fact)))


def _load_head(session: Session, case_id: str, room: str, fact: type[T]) -> T | None:
    row = session.get(schema.HeadRow, (case_id, room))
    return msgspec.convert(row.fact, fact) if row else None


def _load_inventory(session: Session, case_id: str) -> InventoryFacts | None:
    head = _load_head(session, case_id, "inventory", InventoryFacts)
    if head is None:
        return None
    return replace(
        head,
        mapped_classes=lists.MAPPED_CLASSES.read(session, case_id),
        collisions=lists.COLLISIONS.read(session, case_id),
        findings=lists.FINDINGS.read(session, case_id),
        importers=lists.IMPORTERS.read(session, case_id),
    )


def _load_suite(session: Session, case_id: str) -> SuiteFacts | None:
    head = _load_head(session, case_id, "suite", SuiteFacts)
    if head is None:
        return None
    return replace(
        head,
        tests=lists.TESTS.read(session, case_id),
        results=lists.RESULTS.read(session, case_id),
        collection_errors=lists.COLLECTION_ERRORS.read(session, case_id),
        failures={failure.id: failure for failure in lists.FAILURES.read(session, case_id)},
    )


def _load_grouping(session: Session, case_id: str) -> Grouping | None:
    head = _load_head(session, case_id, "grouping", Grouping)
    return replace(head, groups=lists.GROUPS.read(session, case_id)) if head else None
