"""The tests of a large suite are written and read in parts: whole, they would take far more memory than the facts."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from kit.facts.case import Case
from kit.facts.failures import ExceptionInfo, Failure
from kit.facts.suite import CollectedTest, SuiteFacts, TestResult
from kit.facts.target import Target
from kit.store import Store, default_url
from kit.store.packing import PackedList, unpacked

CASE = Case("c", "2026-11-23T06:00:00+00:00", "0.1.0", Target("/srv/shop", "shop", None, (".",), ("tests",)))
TESTS = 4_000
TOKEN = "ghp_0123456789abcdefghij0123456789abcdef"


def suite_with(reasons: dict[int, str] | None = None) -> SuiteFacts:
    """A suite of which some results have a reason."""
    ids = [f"tests/folder_{n % 50}/test_module_{n % 200}.py::TestClass::test_{n}" for n in range(TESTS)]
    return SuiteFacts(
        tests=tuple(CollectedTest(one, one.partition("::")[0], 3) for one in ids),
        results=tuple(
            TestResult(one, one.partition("::")[0], "passed", "call", 0.01, reason=(reasons or {}).get(n))
            for n, one in enumerate(ids)
        ),
    )


def test_cycles_are_not_looked_for_while_a_suite_is_read(tmp_path: Path) -> None:
    store, looks = Store(default_url(tmp_path)), list[str]()
    store.save_case(CASE)
    store.save_suite("c", suite_with())

    def note(phase: str, _about: dict[str, int]) -> None:
        looks.append(phase)

    gc.collect()  # the next one is far away: what reading has to do before the facts does not come to it
    gc.callbacks.append(note)
    try:
        read = store.load("c", ["suite"]).suite
    finally:
        gc.callbacks.remove(note)
        store.close()

    assert read is not None
    assert len(read.results) == TESTS
    assert len(looks) < 8


@pytest.mark.slow
def test_to_save_and_to_read_thousands_of_tests_takes_less_memory_than_their_plain_data(tmp_path: Path) -> None:
    store, facts = Store(default_url(tmp_path)), suite_with()
    store.save_case(CASE)
    store.save_suite("c", SuiteFacts())  # what the first use takes once is not counted
    store.load("c")
    tracemalloc.start()
    store.save_suite("c", facts)
    saving = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    read = store.load("c", ["suite"]).suite
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == facts
    assert saving < 2_200_000
    assert after - before < 2_800_000  # with a dictionary for each test they were 3.3 million bytes
    assert peak - after < 1_250_000  # beside what is kept
    store.close()


@pytest.mark.slow
def test_a_secret_in_one_result_of_thousands_is_masked_and_the_others_stay(tmp_path: Path) -> None:
    store = Store(default_url(tmp_path))
    store.save_case(CASE)
    store.save_suite("c", suite_with({3_500: f"needs “{TOKEN}”\n", 3_999: 'says "\\d"\n'}))
    assert store.load("c").suite == suite_with({3_500: "needs “***”\n", 3_999: 'says "\\d"\n'})
    store.close()


@pytest.mark.slow
def test_the_failures_of_a_large_suite_are_looked_at_for_secrets_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    store = Store(default_url(tmp_path))
    store.save_case(CASE)
    facts = SuiteFacts(failures={one.id: one for one in (_failure(n) for n in range(TESTS))})
    monkeypatch.setattr("kit.masking.gate.may_hold_secret", lambda text: bool(looks.append(text)))
    store.save_suite("c", facts)
    assert store.load("c").suite == facts
    assert len(looks) < TESTS / 10
    store.close()


def _failure(number: int) -> Failure:
    raised = ExceptionInfo("ValueError", "builtins", f"part {number} of a large suite refuses", 40)
    return Failure(f"large{number}", "call", (raised,))


@pytest.mark.slow
def test_a_secret_in_one_failure_of_thousands_is_masked_and_the_others_stay(tmp_path: Path) -> None:
    store = Store(default_url(tmp_path))
    store.save_case(CASE)
    failures = [_failure(n) for n in range(TESTS)]
    failures[1_234] = replace(failures[1_234], tail=f"it sent {TOKEN}\n")
    store.save_suite("c", SuiteFacts(failures={one.id: one for one in failures}))
    failures[1_234] = replace(failures[1_234], tail="it sent ***\n")
    assert store.load("c").suite == SuiteFacts(failures={one.id: one for one in failures})
    store.close()


@pytest.mark.slow
def test_each_result_is_made_json_and_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Counter[str]()
    store, facts = Store(default_url(tmp_path)), suite_with()
    store.save_case(CASE)
    monkeypatch.setattr("kit.masking.gate._Unchanged.are_unchanged", lambda _, texts: not looks.update(texts))
    store.save_suite("c", facts)
    assert looks[facts.results[7].nodeid] == 2  # in the collected test, and in the result
    assert store.load("c").suite == facts
    store.close()


@pytest.mark.parametrize("number", [0, 1, 2_500])
def test_a_list_made_in_parts_is_read_as_it_was(number: int) -> None:
    facts = suite_with().results[:number]
    whole = PackedList()
    assert all(whole.add(facts[start : start + 1_000]) for start in range(0, number, 1_000))
    assert msgspec.json.decode(unpacked(whole.packed()), type=tuple[TestResult, ...]) == facts
