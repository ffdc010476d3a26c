"""Cases are shown, exported, imported, removed and pruned."""

from __future__ import annotations

import gzip
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from kit.case import CaseOptions, exported, import_case, remove_case, to_prune
from kit.case.journal import Journal
from kit.facts.case import CaseFacts
from kit.facts.errors import StoreError, StoreVersionError, UsageError
from kit.store import VERSION, Store, default_url
from kit.suite.record.events import EventWriter
from kit.target import private_folder
from tests.causes.scenes import finding, inventory
from tests.helpers import run_kit, write_project
from tests.history.moments import case_at
from tests.report import samples

A, B = "tests/test_a.py::test_a", "tests/test_b.py::test_b"


@pytest.fixture
def store(tmp_path: Path):
    store = Store(default_url(tmp_path))
    yield store
    store.close()


def put(store: Store, facts: CaseFacts) -> CaseFacts:
    import_case(exported(facts), store)
    return store.load(facts.case.id)


def test_an_exported_case_is_the_same_when_it_is_imported(store: Store) -> None:
    facts = case_at(1, {A: "no apples", B: None}, inventory=inventory(findings=[finding("comma", "a", "a.py:1")]))

    assert put(store, facts) == facts


@pytest.mark.slow
def test_a_whole_incident_is_the_same_too(store: Store) -> None:
    facts = samples.incident()

    back = put(store, facts)

    assert (back.causes, back.inventory, back.fixes, back.stages) == (
        facts.causes,
        facts.inventory,
        facts.fixes,
        facts.stages,
    )
    assert back.suite
    assert facts.suite
    assert (back.suite.results, back.suite.accounting) == (facts.suite.results, facts.suite.accounting)


def test_commands_about_an_imported_case_name_where_it_is_now(store: Store) -> None:
    facts = case_at(1, {A: None})
    there = {"reports_dir": "/there", "store_url": "postgresql://db/there"}
    content = exported(replace(facts, case=replace(facts.case, parameters={**facts.case.parameters, **there})))

    named = import_case(content, store, "named", CaseOptions(reports_dir="here", store_url="sqlite:///here.db"))
    case = import_case(content, store, "usual", CaseOptions())

    assert named.parameters == facts.case.parameters | {"reports_dir": "here", "store_url": "sqlite:///here.db"}
    assert case.parameters == facts.case.parameters | {"reports_dir": ""}


def damaged(content: bytes) -> bytes:
    """With bytes in the middle that cannot be decompressed."""
    middle = len(content) // 2
    return content[:middle] + b"\xff" * 20 + content[middle + 20 :]


def test_what_cannot_be_imported_is_one_sentence(store: Store) -> None:
    facts = case_at(1, {A: None})
    put(store, facts)

    for content, says in (
        (b"{}", "not a case that kit export has written"),
        (b"\x1f\x8bno", "not a case that kit export has written"),
        (damaged(exported(facts)), "not a case that kit export has written"),
        (exported(facts), "in the store already"),
    ):
        with pytest.raises(UsageError, match=says):
            import_case(content, store)
    newer = f'{{"store_version": {VERSION + 1}, "case": '.encode()
    text = gzip.decompress(exported(facts)).replace(f'{{"store_version":{VERSION},"case":'.encode(), newer)
    with pytest.raises(UsageError, match="a newer kit"):
        import_case(text, store)
    assert import_case(exported(facts), store, "again").id == "again"


def test_a_case_that_cannot_be_imported_as_a_whole_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("sqlite://", "the disk is full")

    monkeypatch.setattr(store, "save_diagnosis", full)

    with pytest.raises(StoreError, match="the disk is full"):
        put(store, case_at(1, {A: "no apples"}))
    assert store.case("at-1") is None


def test_a_case_whose_tests_run_is_not_removed(store: Store, tmp_path: Path) -> None:
    facts = put(store, case_at(1, {A: None}))
    folder = private_folder(tmp_path / "at-1")
    Journal(folder, facts.case).add_case(facts.case)
    writer = EventWriter(folder / "events.jsonl")
    try:
        with pytest.raises(UsageError, match="run at the moment"):
            remove_case("at-1", tmp_path, store)
        assert store.case("at-1") is not None
    finally:
        writer.close()
    remove_case("at-1", tmp_path, store)
    assert not folder.exists()


@pytest.mark.slow
def test_a_store_of_a_newer_kit_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    url = default_url(tmp_path)
    Store(url).close()
    with sqlite3.connect(tmp_path / "kit.sqlite") as database:
        database.execute("UPDATE meta SET value = ? WHERE key = 'version'", [str(VERSION + 1)])
    database.close()

    with pytest.raises(StoreVersionError):
        Store(url)
    (tmp_path / "kit.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(UsageError) as damaged:
        Store(url)
    assert not isinstance(damaged.value, StoreVersionError)


@pytest.mark.slow
def test_the_newest_cases_of_each_target_are_kept(store: Store) -> None:
    for hour in range(1, 5):
        put(store, case_at(hour, {A: None}))
    other = case_at(0, {A: None})
    put(store, replace(other, case=replace(other.case, target=replace(other.case.target, root="/other"))))

    assert to_prune(store, 2) == ("at-2", "at-1")


@pytest.mark.slow
def test_an_export_goes_to_the_reports_and_not_into_the_app(tmp_path: Path) -> None:
    app = write_project(tmp_path / "app", {"pyproject.toml": "", "shop.py": ""})
    store = Store(default_url(private_folder(tmp_path / "app-reports")))
    put(store, case_at(1, {A: None}))
    store.close()

    done = run_kit("export", "at-1", cwd=app)

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in app.iterdir()) == ["pyproject.toml", "shop.py"]
    assert (tmp_path / "app-reports/at-1.kit.json.gz").is_file()


@pytest.mark.slow
def test_the_commands_do_it(tmp_path: Path) -> None:
    store = Store(default_url(tmp_path))
    for hour in (1, 2):
        put(store, case_at(hour, {A: "no apples", B: None}))
    store.close()
    where = ("--reports-dir", str(tmp_path))

    shown = run_kit("show", "at-1", *where, cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "2 collected = 1 passed + 1 failed" in shown.stdout
    assert "1 test  LookupError: no apples  (shop/prices.py:7)" in shown.stdout

    assert run_kit("export", "at-1", "one.gz", *where, cwd=tmp_path).returncode == 0
    assert run_kit("rm", "at-1", *where, cwd=tmp_path).returncode == 0
    assert run_kit("show", "at-1", *where, cwd=tmp_path).returncode == 2
    imported = run_kit("import", "one.gz", "--case", "back", *where, cwd=tmp_path)
    assert imported.returncode == 0, imported.stderr
    pruned = run_kit("store", "prune", "--keep", "1", *where, cwd=tmp_path)
    assert pruned.stdout.split() == ["back"]


@pytest.mark.slow
@pytest.mark.parametrize(("typed", "meant"), [("prune", "kit store prune"), ("shwo", "kit show"), ("xyzzy", "")])
def test_a_command_that_is_none_leads_to_the_one_that_was_meant(tmp_path: Path, typed: str, meant: str) -> None:
    told = run_kit(typed, cwd=tmp_path)

    assert told.returncode == 2
    assert told.stderr.endswith(f"No such command '{typed}'.{f' Did you mean {meant}?' if meant else ''}\n")
