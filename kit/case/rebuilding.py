"""Makes the store anew from what the folders of the cases hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kit.case.index import write_index
from kit.case.ingested import read_ingested
from kit.case.journal import has_journal, read_journal
from kit.case.options import CaseOptions
from kit.case.reports import no_case
from kit.case.storage import known_folder, open_store, opened, store_file
from kit.facts.case import Case, Stage
from kit.facts.errors import StoreVersionError, UsageError
from kit.facts.suite import SuiteFacts
from kit.suite import read_events

if TYPE_CHECKING:  # SQLAlchemy takes longer to import than many commands take
    from kit.store import Store

#: the stages whose facts the folder of a case holds
_KEPT = ("test_batches", "incident_report")


@dataclass(frozen=True)
class Restored:
    """A case that is in the store again. ``tests`` counts those with an outcome."""

    case: Case
    tests: int


def rebuild_store(options: CaseOptions) -> tuple[Path, Path | None, tuple[Restored, ...]]:
    """Put every case of the reports folder that the store lacks into it, and return those cases.

    A damaged SQLite file is kept under another name, which is returned too, and a new one takes its place. Raises
    :class:`UsageError` when there is no such folder, and when the store cannot be opened.
    """
    if not (folder := known_folder(options)).is_dir():
        raise UsageError(no_case(folder, "", options.reports_dir))
    damaged = _put_aside(options)
    reports, store = open_store(options)
    try:
        folders = sorted(folder for folder in reports.iterdir() if has_journal(folder))
        restored = tuple(_restored(folders, store))
        write_index(store, reports)
        return reports, damaged, restored
    finally:
        store.close()


def _restored(folders: list[Path], store: Store) -> Iterator[Restored]:
    for folder in folders:
        if store.case(folder.name) is None and (restored := restore(folder, store)):
            yield restored


def restore(folder: Path, store: Store) -> Restored | None:
    """Put the case in this folder into the store; ``None`` when its record cannot be read."""
    record = read_journal(folder)
    if record is None or record[0].id != folder.name:
        return None
    case, stages = record
    store.save_case(case)
    suite = _suite_in(folder)
    if suite:
        store.save_suite(case.id, suite)
    for stage in stages:
        store.save_stage(case.id, stage if stage.name in _KEPT or stage.outcome != "done" else _lost(stage, case))
    return Restored(case, suite.accounting.executed if suite else 0)


def _suite_in(folder: Path) -> SuiteFacts | None:
    with suppress(OSError, msgspec.MsgspecError):
        if ingested := read_ingested(folder):
            return ingested
    suite = read_events(folder / "events.jsonl")
    return suite if suite.sessions else None


def _lost(stage: Stage, case: Case) -> Stage:
    """A stage whose facts only the store had."""
    again = stage.again(datetime.now(UTC).isoformat(timespec="seconds"))
    sentence = f"its facts were lost with the store; kit investigate --resume {case.id} finds them again"
    return replace(again, outcome="failed", error=sentence)


def _put_aside(options: CaseOptions) -> Path | None:
    """Rename a SQLite file that is damaged, and what SQLite keeps beside it; return its new path."""
    file = store_file(options)
    if file is None or not file.exists():
        return None
    try:
        store = opened(f"sqlite:///{file}")
    except StoreVersionError:
        raise  # it is not damaged
    except UsageError:
        pass
    else:
        is_sound = store.is_sound()
        store.close()
        if is_sound:
            return None
    aside = file.with_name(f"{file.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    for ending in ("-journal", "-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            file.with_name(file.name + ending).rename(aside.with_name(aside.name + ending))
    return aside
