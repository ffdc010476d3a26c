"""All causes together: each test counts once, and the one to mend first stands first."""

from __future__ import annotations

import gc
from dataclasses import replace

from kit.causes import find_causes
from kit.causes.detectors import detectors
from kit.causes.scene.scene import no_source
from kit.facts.failures import Grouping
from kit.facts.starting import PluginTrial
from kit.facts.suite import SuiteFacts
from kit.failures import group_failures
from kit.inventory import Declarations
from tests.causes.scenes import causes_of, collision, finding, inventory, result, suite
from tests.failures.live import failure_with, in_test, own

INDEX = failure_with("index ix_a already exists", "sqlite3.OperationalError", phase="setup", fixture="db")
PRICE = failure_with("the price is gone", "app.PriceError", frames=(own("app/price.py", 3, "ask"),))
REFUSED = failure_with(
    "Invalid args for response field! Hint: check that app.Export is a valid Pydantic field type.",
    "fastapi.exceptions.FastAPIError",
    phase="collect",
)
FOUND = finding("duplicate-index", "ix_a", "app/models.py:3")


def mixed() -> SuiteFacts:
    return suite(
        [
            *(result(f"tests/test_db.py::test_{n}", INDEX) for n in range(20)),
            *(result(f"tests/test_price.py::test_{n}", PRICE) for n in range(6)),
            *(result(f"tests/test_ok.py::test_{n}") for n in range(10)),
            result("tests/test_end.py::test_end", outcome="crashed", reason="exited with 3"),
        ],
        [INDEX, PRICE],
        test_export=REFUSED,
    )


def test_every_bad_test_counts_for_exactly_one_cause() -> None:
    facts = mixed()

    causes = causes_of(facts, inventory([collision()], [FOUND]))

    counted = [nodeid for cause in causes for nodeid in cause.tests]
    assert len(counted) == len(set(counted)) == facts.accounting.bad
    assert [path for cause in causes for path in cause.uncollectable] == ["tests/test_export.py"]


def test_the_largest_stands_first_and_what_hides_stands_before_what_it_hides() -> None:
    causes = causes_of(mixed(), inventory([collision(), collision("PaperTrade", loaded=False)], [FOUND]))

    assert [cause.kind for cause in causes] == [
        "duplicate-index",
        "mapper-collision",
        "response-annotation",  # one file weighs as the average of the others: 37 tests in 4 files
        "failure-group",
        "interpreter-exit",
        "mapper-collision",
    ]
    assert causes[-1].title.startswith("Two mapped classes")


def test_among_causes_without_tests_what_is_there_now_stands_before_what_waits() -> None:
    causes = causes_of(suite([result("t.py::a")]), inventory([collision("Aaa", loaded=False), collision("User")]))

    assert [cause.id for cause in causes] == ["mapper-collision:User", "mapper-collision:Aaa"]


def test_the_same_facts_give_the_same_causes() -> None:
    facts, known = mixed(), inventory([collision()], [FOUND])

    assert causes_of(facts, known) == causes_of(facts, known)


def test_nothing_is_confirmed_without_a_trial_and_every_cause_says_what_to_do() -> None:
    causes = causes_of(mixed(), inventory([collision()], [FOUND]))

    assert {cause.state for cause in causes} <= {"consistent", "unknown"}
    assert all(cause.next_step.text and "extend_existing" not in str(cause.next_step) for cause in causes)
    assert len({cause.id for cause in causes}) == len(causes)


def test_the_inventory_alone_names_causes() -> None:
    causes = find_causes(inventory([collision()], [FOUND]), None, None)

    assert {cause.kind for cause in causes} == {"mapper-collision", "duplicate-index"}


def test_the_suite_alone_names_causes() -> None:
    facts = mixed()

    causes = find_causes(None, facts, group_failures(facts))

    assert sum(cause.tests_blocked for cause in causes) == facts.accounting.bad


def test_a_suite_that_was_not_grouped_names_no_cause() -> None:
    assert find_causes(None, mixed(), None) == ()


def test_a_healthy_case_has_no_cause() -> None:
    assert causes_of(suite([result("t.py::a")]), inventory()) == ()


def test_a_suite_that_is_fine_has_no_group_and_no_cause() -> None:
    """``kit run`` relies on it: it does not even import what would say so."""
    known = [
        result("t.py::expected", PRICE, outcome="xfailed"),
        replace(result("t.py::shared", PRICE, outcome="passed"), alone="fails_beside_others"),
        result("t.py::left_out", outcome="skipped", reason="not here"),
    ]
    fine = replace(suite(known, [PRICE]), isolation="fork", shares="Tests share a file.", coverage_problem="no data")

    assert fine.is_fine
    assert group_failures(fine) == Grouping((), (), {})
    assert find_causes(None, fine, group_failures(fine)) == ()


def test_a_suite_that_leaves_something_to_explain_is_not_fine() -> None:
    passed = suite([result("t.py::a")])
    assert passed.is_fine
    for more in (
        {"problem": "The run was interrupted."},
        {"plugin_trial": PluginTrial((), 1, None, "pytest")},
        {"collection_errors": mixed().collection_errors},
        {"results": mixed().results},
    ):
        assert not replace(passed, **more).is_fine


def test_detectors_are_asked_in_a_fixed_order_and_the_last_takes_the_rest() -> None:
    found = detectors()

    assert len({detector.rank for detector in found}) == len({detector.kind for detector in found}) == len(found)
    assert found[-1].kind == "failure-group"


def test_of_as_many_tests_what_was_raised_in_the_targets_own_code_stands_before_what_shows_in_tests_only() -> None:
    for name in ("users", "orders", "prices", "rates"):  # equals are told apart by a hash of what they say
        message, frame = f"no such table: {name}", in_test("tests/test_a.py", 3, "a")
        shown = failure_with(message, "sqlite3.OperationalError", frames=(frame,))
        causes = causes_of(suite([result("a.py::a", shown), result("b.py::b", PRICE)], [shown, PRICE]))

        assert [str(cause.locations[0]) for cause in causes] == ["app/price.py:3", "tests/test_a.py:3"]


def test_no_cycles_are_looked_for_while_causes_are_named_and_they_are_again_afterwards() -> None:
    failure = failure_with("'missing'", "KeyError", frames=(own("shop/prices.py", 3, "price"),))
    was_on: list[bool] = []
    ran = suite([result("tests/test_prices.py::test_price", failure)], [failure])

    def source() -> Declarations:
        was_on.append(gc.isenabled())
        return no_source()

    find_causes(None, ran, group_failures(ran), source=source)

    assert was_on == [False]
    assert gc.isenabled()
