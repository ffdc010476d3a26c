"""The failures of groups come in the order of their tests, are known ones, and are looked at once."""

from __future__ import annotations

from kit.causes.scene.group_failures import GroupFailures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with


def test_failures_of_several_groups_come_by_their_tests_and_their_roots_are_kept() -> None:
    often, seldom = failure_with("often", "ValueError"), failure_with("seldom", "KeyError")
    results = [result(f"tests/test_a.py::test_{n}", often) for n in range(3)]
    facts = suite([result("tests/test_a.py::test_seldom", seldom), *results], [seldom, often])
    failures = GroupFailures(facts, facts.failures)
    groups = ((seldom.id, "gone"), (often.id,))

    assert failures.ids(groups) == [often.id, seldom.id]
    assert [root.type for root in failures.roots(groups)] == ["ValueError", "KeyError"]
    assert failures.roots(groups) is failures.roots(groups)
