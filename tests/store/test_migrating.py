"""A store of an earlier version is brought to today's, with every fact, on every database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import create_engine, inspect, text

from kit.facts.case import CaseFacts
from kit.facts.errors import UsageError
from kit.facts.inventory import Finding, InventoryFacts
from kit.facts.places import Location
from kit.facts.suite import CollectedTest, CollectionError, TestResult
from kit.store import Store
from tests.history.moments import case_at
from tests.store import version_2

pytestmark = pytest.mark.slow

FINDING = Finding("f", "duplicate-class", "blocks_now", "Two", (Location("a.py", 3),), (), {"names": ["x"]})


def recorded(day: int) -> CaseFacts:
    """A case of enough tests that its lists are worth compressing."""
    names = [f"tests/test_shop.py::test_{number}" for number in range(40)]
    outcomes = {name: "no apples \u2603" if number % 4 == 0 else None for number, name in enumerate(names)}
    facts = case_at(day, outcomes, inventory=InventoryFacts(files=2, findings=(FINDING,) * 9))
    suite = facts.suite
    assert suite
    failure = next(iter(suite.failures.values()))
    more = TestResult("tests/test_x.py::test_x", "tests/test_x.py", "skipped", reason="needs a server", alone="flaky")
    suite = replace(
        suite,
        tests=tuple(CollectedTest(name, "tests/test_shop.py", 3, ("db",)) for name in names),
        results=(*suite.results, more),
        collection_errors=(CollectionError("tests/test_y.py", failure),),
        seconds=4.5,
    )
    return replace(facts, suite=suite)


def old_store(url: str, *cases: CaseFacts) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for facts in cases:
            version_2.write(connection, facts)
    engine.dispose()


def test_every_fact_is_there_afterwards(url: str) -> None:
    cases = [recorded(1), recorded(2)]
    old_store(url, *cases)

    store = Store(url)

    try:
        assert [store.load(facts.case.id) for facts in cases] == [replace(facts, stages=()) for facts in cases]
        newest, _ = store.lines()
        assert newest.ended.outcomes == {"failed": 10, "passed": 30, "skipped": 1}
        assert (newest.ended.uncollected, newest.ended.seconds) == (1, 4.5)
        assert [one.tests for one in newest.causes or ()] == [len(one.tests) for one in cases[1].causes or ()]
        ((case, last), *_) = store.results_of("tests/test_x.py::test_x", cases[0].case.target.root)
        assert (case.id, last.outcome, last.reason, last.alone) == ("at-2", "skipped", "needs a server", "flaky")
    finally:
        store.close()
    Store(url).close()  # once is enough


def test_what_goes_wrong_on_the_way_leaves_the_old_store_as_it_was(url: str) -> None:
    old_store(url, recorded(1))
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("drop table results"))

    with pytest.raises(UsageError, match="The store cannot be opened"):
        Store(url)

    with engine.begin() as connection:
        assert connection.scalar(text("select value from meta where key = 'version'")) == "2"
        assert not inspect(connection).has_table("outcomes")
    engine.dispose()
