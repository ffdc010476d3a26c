"""Failures that depend on what ran before, or on chance, are told apart from those that always come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.shared_state import PollutedTest, StateChange
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project

CLASH = failure_with(
    "UNIQUE constraint failed: users.name", "sqlite3.IntegrityError", frames=(own("app/db.py", 3, "add"),)
)


def test_tests_that_pass_alone_are_a_cause_of_their_own_beside_those_that_always_fail() -> None:
    facts = suite(
        [
            result("t.py::always", CLASH, alone="fails"),
            result("t.py::unasked", CLASH),
            result("t.py::second", CLASH, alone="passes_alone"),
        ],
        [CLASH],
    )

    by_kind = {cause.kind: cause for cause in causes_of(facts)}

    order = by_kind["order-dependence"]
    assert order.tests == ("t.py::second",)
    assert order.title == "t.py::second passed alone and failed twice after other tests: order, or chance"
    assert order.state == "unknown"
    assert "cannot tell an earlier test from chance" in order.evidence[0].text
    assert str(order.next_step).endswith("kit run PATH --bisect t.py::second")
    assert by_kind["failure-group"].tests == ("t.py::always", "t.py::unasked")


def test_the_polluter_and_the_state_that_the_test_has_seen_are_named_and_not_confirmed() -> None:
    state = StateChange("app.state.CURRENCY", "'USD'", "'EUR'")
    facts = replace(
        suite([result("t.py::second", CLASH, alone="passes_alone"), result("s.py::first")], [CLASH]),
        polluted=(PollutedTest("t.py::second", "passed", ("s.py::first",), (state,)),),
    )

    order = next(cause for cause in causes_of(facts) if cause.kind == "order-dependence")

    assert order.title == "s.py::first leaves app.state.CURRENCY: 'USD' → 'EUR', and t.py::second fails after it"
    assert order.state == "consistent"
    assert order.locations[0].path == "s.py"
    assert order.evidence[0].text.startswith(
        "app.state.CURRENCY: 'USD' → 'EUR', set by s.py::first, read by t.py::second"
    )
    assert order.evidence[0].text.endswith("The code of this test uses it")


def test_all_that_fails_of_one_state_is_one_cause_whatever_each_test_says() -> None:
    other = failure_with("EUR is not USD", frames=(own("app/pay.py", 8, "pay"),))
    changes = [StateChange("app.state.CURRENCY", before, after) for before, after in (("1", "2"), ("2", "3"))]
    names = ["t.py::first", "t.py::second", "t.py::third"]
    facts = replace(
        suite(
            [
                result(names[0]),
                result(names[1], CLASH, alone="passes_alone"),
                result(names[2], other, alone="passes_alone"),
            ],
            [CLASH, other],
        ),
        polluted=tuple(
            PollutedTest(victim, "passed", (polluter,), (change,))
            for polluter, victim, change in zip(names, names[1:], changes, strict=False)
        ),
    )

    [order] = causes_of(facts)

    assert order.title == "2 tests change app.state.CURRENCY, and 2 tests fail after them"
    assert set(order.tests) == {"t.py::second", "t.py::third"}
    assert "autouse fixture" in order.next_step.text
    apart = replace(facts, polluted=(facts.polluted[0], replace(facts.polluted[1], states=())))
    assert len(causes_of(apart)) == 2


def test_a_default_that_calls_share_is_shown_at_its_function(tmp_path: Path) -> None:
    text = (
        "def pay(amount):\n    return amount\n\n\ndef add(item, items=[]):\n    items.append(item)\n    return items\n"
    )
    state = StateChange("app.carts.add(…)[items]", "[]", "['apple']")
    facts = replace(
        suite([result("t.py::first"), result("t.py::second", CLASH, alone="passes_alone")], [CLASH]),
        polluted=(PollutedTest("t.py::second", "passed", ("t.py::first",), (state,)),),
        loaded_modules={"app.carts": "app/carts.py"},
    )

    target = find_target(write_project(tmp_path, {"app/__init__.py": "", "app/carts.py": text, "carts.py": text}))
    [order] = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))

    assert (order.locations[0].path, order.locations[0].line) == ("app/carts.py", 5)
    assert order.title.startswith("A default is shared by all calls of its function: t.py::first leaves app.carts.add")
    assert order.next_step.text.startswith("Give items the default None")


def test_what_unittest_would_undo_at_the_end_of_a_module_is_shown_at_its_line(tmp_path: Path) -> None:
    entering = """
        from unittest import enterModuleContext
        from unittest.mock import patch

        def setUpModule():
            enterModuleContext(patch("app.state.CURRENCY", "EUR"))

        def test_first(): pass
    """
    facts = replace(
        suite([result("t.py::test_first"), result("u.py::test_second", CLASH, alone="passes_alone")], [CLASH]),
        polluted=(
            PollutedTest(
                "u.py::test_second", "passed", ("t.py::test_first",), (StateChange("app.state.CURRENCY", "1", "2"),)
            ),
        ),
    )

    def order(name: str, source: str) -> Cause:
        target = find_target(write_project(tmp_path / name, {"t.py": source, "u.py": entering}))
        [found] = find_causes(None, facts, group_failures(facts), source=lambda: Declarations.of(target))
        return found

    entered = order("entered", entering)
    assert (entered.locations[0].path, entered.locations[0].line) == ("t.py", 5)
    assert entered.next_step.text.startswith("Undo it in tearDownModule, or in a fixture of the module: pytest runs no")
    other = order("other", entering.replace("from unittest import enterModule", "from shop import enterModule"))
    assert other.locations[0].role == "polluter"
    assert other.next_step.text.startswith("Let t.py::test_first put back what it changes")


def test_re_running_changes_nothing_for_what_always_fails() -> None:
    first = suite([result("t.py::a", CLASH)], [CLASH])
    again = replace(first, results=(replace(first.results[0], alone="fails"),))

    assert [group.id for group in group_failures(first).groups] == [group.id for group in group_failures(again).groups]
