"""Cases as they are kept: exported to a file, imported, removed, and pruned."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

import msgspec

from kit.case.file_names import can_name_case, check_case_name
from kit.case.index import save_judged, write_index
from kit.case.journal import has_journal
from kit.case.opening import OpenCase
from kit.case.options import CaseOptions
from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.causes import Cause
from kit.facts.errors import KitError, StoreError, UsageError
from kit.facts.failures import Grouping
from kit.facts.fixes import FixFacts
from kit.facts.inventory import InventoryFacts
from kit.facts.suite import SuiteFacts
from kit.masking import cleaned
from kit.platform.locks import is_written
from kit.store import VERSION, Store

#: how a file begins that is compressed with gzip
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class _Exported:
    """What the store holds of a case, with its version. The timeline of the run is not there: it is read from the
    events in the folder of the case.
    """

    store_version: int
    case: Case
    stages: tuple[Stage, ...] = ()
    inventory: InventoryFacts | None = None
    suite: SuiteFacts | None = None
    grouping: Grouping | None = None
    causes: tuple[Cause, ...] | None = None
    fixes: FixFacts | None = None


def exported(facts: CaseFacts) -> bytes:
    """A case as JSON, compressed with gzip, with every secret masked."""
    parts = {one.name: getattr(facts, one.name) for one in fields(_Exported) if one.name != "store_version"}
    case = msgspec.to_builtins(_Exported(VERSION, **parts))
    return gzip.compress(msgspec.json.encode(cleaned(case)), mtime=0)


def import_case(content: bytes, store: Store, name: str = "", there: CaseOptions | None = None) -> Case:
    """Put an exported case into a store, as ``name`` if that is given; returns its head. Commands about it name the
    reports folder and the store of the options ``there`` then, instead of those where it was begun.

    Raises :class:`UsageError` for content that is not an exported case, comes from a newer kit, or is there already,
    and for a name that no case can have.
    """
    try:
        plain = gzip.decompress(content) if content.startswith(_GZIP) else content
        found = msgspec.json.decode(plain, type=_Exported)
    except (OSError, EOFError, ValueError, zlib.error, msgspec.MsgspecError) as error:
        raise UsageError(f"This is not a case that kit export has written: {error}.") from None
    if found.store_version > VERSION:
        raise UsageError(f"This case was written by a newer kit (store version {found.store_version}): update kit.")
    case = replace(found.case, id=name or found.case.id)
    if there is not None:
        kept = {key: value for key, value in case.parameters.items() if key != "store_url"}
        case = replace(case, parameters=kept | there.of_its_place())
    check_case_name(case.id, there.store_url if there else "")
    if store.case(case.id) is not None:
        raise UsageError(f'The case "{case.id}" is in the store already; import it as another with --case NAME.')
    try:
        store.save_case(case)
        for stage in found.stages:
            store.save_stage(case.id, stage)
        _save_parts(found, case.id, store)
        if any(stage.name == "incident_report" for stage in found.stages):
            save_judged(store, store.load(case.id))
    except BaseException:  # half a case would look like a whole one
        with suppress(StoreError):
            store.remove(case.id)
        raise
    return case


def _save_parts(found: _Exported, case_id: str, store: Store) -> None:
    if found.inventory is not None:
        store.save_inventory(case_id, found.inventory)
    if found.suite is not None:
        store.save_suite(case_id, found.suite)
    if found.grouping is not None:
        store.save_diagnosis(case_id, found.grouping, found.causes or ())
    if found.fixes is not None:
        store.save_fixes(case_id, found.fixes)


def remove_case(name: str, reports: Path, store: Store) -> None:
    """Forget a case: its facts, and its folder with the report. Raises what :func:`removable` raises."""
    folder = removable(name, reports, store)
    store.remove(name)
    if folder:
        shutil.rmtree(folder)


def withdraw(opened: OpenCase) -> None:
    """Remove a case whose command was interrupted, as if that had not begun."""
    with suppress(KitError):  # it is the interruption that is reported
        remove_case(opened.case.id, opened.reports, opened.store)
        write_index(opened.store, opened.reports)


def removable(name: str, reports: Path, store: Store) -> Path | None:
    """The folder of a case that can be removed, ``None`` where it has none. Raises :class:`UsageError` when there is no
    such case, and when a run still writes to it.
    """
    folder = reports / name
    is_folder = can_name_case(name) and folder.is_dir() and not folder.is_symlink() and has_journal(folder)
    if store.case(name) is None and not is_folder:
        raise store.unknown(name)
    if is_folder and is_written(folder / "events.jsonl"):
        raise UsageError(
            f'Tests of the case "{name}" run at the moment: end that run first, or wait until it has ended.'
        )
    return folder if is_folder else None


def to_prune(store: Store, keep: int) -> tuple[str, ...]:
    """The cases beyond the newest ``keep`` of each target, oldest last."""
    by_target: dict[str, list[str]] = defaultdict(list)
    for head in store.cases():
        by_target[head.case.target.root].append(head.case.id)
    return tuple(name for names in by_target.values() for name in names[keep:])
