from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.causes import Cause, Evidence
from kit.facts.errors import StoreError, UsageError
from kit.facts.failures import Category, ExceptionInfo, Failure, Frame, Group, Grouping, Signature
from kit.facts.inventory import CollidingClass, Collision, Finding, Importer, InventoryFacts, MappedClass, Relationship
from kit.facts.places import Location
from kit.facts.suite import CollectedTest, CollectionError, RecheckVerdict, SuiteFacts, TestResult
from kit.facts.target import Interpreter, Target
from kit.store import Store, default_url
from kit.store.history import History

pytestmark = pytest.mark.slow

TARGET = Target("/srv/shop", "shop", Interpreter("/usr/bin/python3", "3.11.7", {"pytest": "9.2.0"}), (".",), ("tests",))
CASE = Case("shop-1", "2026-11-23T06:00:00+00:00", "0.1.0", TARGET, {"workers": 2, "tests": ["tests"]})
FAILURE = Failure(
    "f1",
    "call",
    (ExceptionInfo("ValueError", "builtins", "no “such” thing\x00", 14, (Frame("a.py", 3, "f", "own", "x = 1"),)),),
)
USER = MappedClass("User", "a", "User", "a.py", 3, "a.Base", "users", ("id",), (Relationship("posts", "Post", 5),))
INVENTORY = InventoryFacts(
    files=2,
    mapped_classes=(USER,),
    collisions=(Collision("c", "User", "a.Base", ("users",), (CollidingClass(USER, 3, True, "3 importers"),)),),
    findings=(Finding("f", "duplicate-class", "blocks_now", "Two", (Location("a.py", 3),), (), {"names": ["x"]}),),
    importers=(Importer("a", "User", "b.py", 1, "function", "test", None, "from a import User"),),
    problems=("No SQLAlchemy.",),
)
SUITE = SuiteFacts(
    tests=(CollectedTest("t.py::a", "t.py", 3, ("db",)), CollectedTest("t.py::b", "t.py")),
    results=(TestResult("t.py::a", "t.py", "failed", "call", 0.5, "f1"),),
    collection_errors=(CollectionError("u.py", FAILURE),),
    failures={"f1": FAILURE},
    neutralised=("--maxfail=1",),
    loaded_modules={"a": "a.py"},
)
GROUPING = Grouping(
    groups=(Group("g", Signature("ValueError", "no", None, "call"), "unexplained", 1, 1, ("t.py::a",)),),
    categories=((Category("unexplained", "Unexplained", "?", "Look."), 1),),
    group_of={"t.py::a": "g"},
)
CAUSES = (Cause("c", "failure-group", "ValueError", "unknown", (), ("t.py::a",), evidence=(Evidence("it says so"),)),)


@pytest.fixture
def store(url: str):
    store = Store(url)
    yield store
    store.close()


def fill(store: Store, case: Case = CASE) -> None:
    store.save_case(case)
    store.save_inventory(case.id, INVENTORY)
    store.save_suite(case.id, SUITE)
    store.save_diagnosis(case.id, GROUPING, CAUSES)


def test_what_is_written_is_read_back_equal(store: Store) -> None:
    fill(store)
    stage = Stage("mapper_registry", "done", CASE.started, 1.5)
    store.save_stage(CASE.id, stage)

    assert store.load(CASE.id) == CaseFacts(CASE, (stage,), INVENTORY, SUITE, GROUPING, CAUSES)


def test_the_durations_of_a_target_are_those_of_its_newest_cases(store: Store) -> None:
    def ran(name: str, started: str, seconds: dict[str, float], target: Target = TARGET) -> None:
        store.save_case(replace(CASE, id=name, started=started, target=target))
        results = tuple(TestResult(nodeid, "t.py", "passed", seconds=took) for nodeid, took in seconds.items())
        store.save_suite(name, SuiteFacts(results=results))

    ran("whole", "2026-11-01T00:00:00+00:00", {"t.py::a": 1.0, "t.py::b": 2.0})
    ran("part", "2026-11-02T00:00:00+00:00", {"t.py::a": 5.0})
    ran("other", "2026-11-03T00:00:00+00:00", {"t.py::a": 9.0}, replace(TARGET, root="/srv/other"))

    assert store.history(TARGET.root).durations == {"t.py::a": 5.0, "t.py::b": 2.0}
    ran("before", "2026-10-31T00:00:00+00:00", {"t.py::gone": 7.0})
    assert "t.py::gone" not in store.history(TARGET.root).durations, "the newest whole run says what tests there are"
    assert store.history("/srv/never") == History()


def test_what_failed_alone_too_when_it_ran_last_is_explained(store: Store) -> None:
    def ran(name: str, started: str, *results: TestResult) -> None:
        store.save_case(replace(CASE, id=name, started=started))
        store.save_suite(name, SuiteFacts(results=results))

    def failed(test: str, failure: str, alone: RecheckVerdict | None) -> TestResult:
        return TestResult(f"t.py::{test}", "t.py", "failed", failure=failure, alone=alone)

    whole = (
        failed("a", "f1", "fails"),
        failed("b", "f2", "fails"),
        failed("c", "f3", "passes_alone"),
        failed("e", "f5", "flaky"),
    )
    ran("old", "2026-11-01T00:00:00+00:00", *whole)
    mended = TestResult("t.py::b", "t.py", "passed")
    ran("new", "2026-11-02T00:00:00+00:00", mended)
    ran("newest", "2026-11-03T00:00:00+00:00", TestResult("t.py::a", "t.py", "not_run"), failed("d", "f4", "flaky"))

    assert store.history(TARGET.root).explained == {"t.py::a": ("f1", "fails"), "t.py::c": ("f3", "passes_alone")}


def test_what_tests_share_and_how_their_workers_begin_is_remembered_for_their_target(store: Store) -> None:
    store.save_case(CASE)
    store.save_suite(CASE.id, replace(SUITE, shares="Tests share test.db.", views=False, beginning="named"))
    store.save_case(replace(CASE, id="shop-2", started="2026-11-24T06:00:00+00:00"))

    known = store.history(TARGET.root)
    assert (known.shared_state, known.overlays, known.start_method) == ("Tests share test.db.", False, "named")
    assert store.history("/srv/other") == History()


def test_a_large_suite_keeps_its_order(store: Store) -> None:
    names = [f"t.py::test_{number}" for number in range(1_234)]
    facts = replace(SUITE, tests=tuple(CollectedTest(name, "t.py") for name in names), results=())
    store.save_case(CASE)
    store.save_suite(CASE.id, facts)

    assert store.load(CASE.id).suite == facts


def test_who_has_the_suite_does_not_read_it_again(store: Store) -> None:
    fill(store)
    known = replace(SUITE)

    facts = store.load(CASE.id, suite=known)

    assert facts.suite is known
    assert facts == replace(store.load(CASE.id), suite=known)


def test_a_new_store_can_be_opened_by_several_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store(default_url(tmp_path)), range(8)))
    stores[0].save_case(CASE)

    assert stores[-1].case(CASE.id) == CASE
    for store in stores:
        store.close()


def test_a_case_without_facts_has_none_and_not_empty_ones(store: Store) -> None:
    store.save_case(CASE)

    assert store.load(CASE.id) == CaseFacts(CASE)


def test_writing_again_replaces(store: Store) -> None:
    fill(store)
    store.save_suite(CASE.id, replace(SUITE, results=()))

    suite = store.load(CASE.id).suite
    assert suite is not None
    assert suite.results == ()
    assert suite.accounting.not_run == 2


def test_stages_keep_the_order_in_which_they_started(store: Store) -> None:
    store.save_case(CASE)
    for name in ("b", "a"):
        store.save_stage(CASE.id, Stage(name, "running", CASE.started))
    store.save_stage(CASE.id, Stage("b", "done", CASE.started, 2.0))

    assert [(stage.name, stage.outcome) for stage in store.stages(CASE.id)] == [("b", "done"), ("a", "running")]


def test_cases_come_newest_first_and_do_not_mix(store: Store) -> None:
    fill(store)
    newer = replace(CASE, id="shop-2", started="2026-11-24T06:00:00+00:00")
    store.save_case(newer)

    assert [head.case.id for head in store.cases()] == ["shop-2", "shop-1"]
    assert store.load("shop-2").inventory is None


def test_removing_a_case_leaves_no_fact_behind(store: Store, url: str) -> None:
    fill(store)
    store.remove(CASE.id)

    engine = create_engine(url)
    with engine.connect() as connection:
        for table in ("cases", "outcomes", "failures", "findings", "heads"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0
    engine.dispose()


def test_an_unknown_case_is_refused_with_the_names_of_known_ones(store: Store) -> None:
    store.save_case(CASE)

    with pytest.raises(UsageError, match='no case "nope".*shop-1'):
        store.load("nope")


@pytest.mark.parametrize("wrong", ["nonsense", "postgresql+nodriver://h/d", "sqlite:////nowhere/at/all/kit.sqlite"])
def test_a_store_that_cannot_be_opened_is_one_sentence(wrong: str) -> None:
    with pytest.raises(UsageError, match="The store cannot be opened: "):
        Store(wrong)


def test_a_store_of_another_version_is_refused(store: Store, url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("update meta set value = '99' where key = 'version'"))
    engine.dispose()

    with pytest.raises(UsageError, match=r"a newer version of kit .*Update kit"):
        Store(url)


def test_a_store_that_another_kit_has_migrated_meanwhile_is_not_written_in_the_old_form(store: Store, url: str) -> None:
    store.save_case(CASE)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("update meta set value = '99' where key = 'version'"))

    with pytest.raises(StoreError, match=r"another kit has brought it to store version 99 meanwhile, and this one"):
        store.save_case(replace(CASE, finished="2026-11-30T12:00:00+00:00"))

    with engine.begin() as connection:
        assert connection.scalar(text("select finished from cases")) != "2026-11-30T12:00:00+00:00"
    engine.dispose()
