"""Groups: every bad test in exactly one, one cause never in two, two causes never in one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from kit.facts.failures import ExceptionInfo, Failure, Frame, Group, Phase
from kit.facts.outcomes import Outcome
from kit.facts.suite import CollectedTest, CollectionError, SuiteFacts, TestResult
from kit.failures import group_failures
from tests.failures.live import failure_of, failure_with, in_test, own, with_id

FOLLOW_ON = (
    "One or more mappers failed to initialize - can't proceed with initialization of other mappers. "
    "Triggering mapper: 'Mapper[Post(posts)]'. Original exception was: "
)
MULTIPLE = 'Multiple classes found for path "User" in the registry of this declarative base.'


def suite_of(
    *failures: tuple[str, Failure | None], outcome: Outcome = "failed", reason: str | None = None
) -> SuiteFacts:
    """A suite in which each node id failed with that failure."""
    results = tuple(
        TestResult(
            nodeid,
            nodeid.partition("::")[0],
            outcome if failure is None or failure.phase == "call" else "error",
            failure.phase if failure else "call",
            failure=failure.id if failure else None,
            reason=reason,
        )
        for nodeid, failure in failures
    )
    return SuiteFacts(
        tests=tuple(CollectedTest(result.nodeid, result.path) for result in results),
        results=results,
        failures={failure.id: failure for _, failure in failures if failure},
    )


def groups_of(*failures: tuple[str, Failure | None]) -> tuple[Group, ...]:
    return group_failures(suite_of(*failures)).groups


@pytest.fixture
def colliding() -> Iterator[type[DeclarativeBase]]:
    """A base with two mapped classes of one name, and a relationship that names it."""

    class Base(DeclarativeBase):
        pass

    def user(module: str, table: str) -> type[Base]:
        members = {"__module__": module, "__tablename__": table, "id": mapped_column(primary_key=True)}
        return type("User", (Base,), {**members, "__annotations__": {"id": Mapped[int]}})

    kept = [user("app.auth.models", "users"), user("app.users.models", "members")]

    class Post(Base):
        __tablename__ = "posts"
        id: Mapped[int] = mapped_column(primary_key=True)
        author = relationship("User")

    yield Base
    Base.registry.dispose()
    kept.clear()


def test_a_mapper_collision_and_its_follow_ons_are_one_group(colliding: type[DeclarativeBase]) -> None:
    first = failure_of(colliding.registry.configure, "setup", fixture="database")
    others = [failure_of(colliding.registry.configure, phase) for phase in ("call", "setup")]

    (group,) = groups_of(("t.py::a", others[0]), ("t.py::b", first), ("t.py::c", others[1]))

    assert (group.count, group.first_hand, group.category) == (3, 1, "mapper-registry")
    assert group.signature.exception == "InvalidRequestError"
    assert group.signature.message.startswith('Multiple classes found for path "User"')
    assert group.sample_tests == ("t.py::b",)
    assert group.example.startswith("Multiple classes found")
    assert "follow-on" not in group.why


def test_a_follow_on_takes_the_type_and_frame_of_the_error_that_it_repeats() -> None:
    frame = own("app/models.py", 4, "configure")
    first = failure_with("Mapper M could not assemble any primary key", "sqlalchemy.exc.ArgumentError", frames=(frame,))
    later = failure_with(FOLLOW_ON + first.raised.message, "sqlalchemy.exc.InvalidRequestError", phase="setup")

    (group,) = groups_of(("t.py::a", later), ("t.py::b", first))

    assert group.signature.exception == "ArgumentError"
    assert group.signature.frame == "app.models:configure"
    assert group.variants == ((group.signature, 2),)


def test_follow_ons_without_a_first_hand_failure_are_still_one_group() -> None:
    phases: tuple[Phase, ...] = ("call", "setup")
    failures = [failure_with(FOLLOW_ON + MULTIPLE, "sqlalchemy.exc.InvalidRequestError", phase=p) for p in phases]

    (group,) = groups_of(*((f"t.py::{number}", failure) for number, failure in enumerate(failures)))

    assert (group.count, group.first_hand) == (2, 0)
    assert group.signature.message == MULTIPLE


def test_frames_make_variants_and_not_groups() -> None:
    failures = [
        failure_with("no such table: users", "sqlite3.OperationalError", frames=(own("app/db.py", line, function),))
        for line, function in ((3, "load"), (3, "load"), (9, "save"))
    ]

    (group,) = groups_of(*((f"t.py::{number}", failure) for number, failure in enumerate(failures)))

    assert [(variant.frame, tests) for variant, tests in group.variants] == [("app.db:load", 2), ("app.db:save", 1)]
    assert group.signature.frame == "app.db:load"
    assert "2 variants" in group.why


def test_data_in_messages_does_not_split_a_group() -> None:
    failures = [failure_with(f"order {number} not found", "app.errors.NotFound") for number in range(5)]

    (group,) = groups_of(*((f"t.py::{failure.id}", failure) for failure in failures))

    assert group.signature.message == "order <int> not found"
    assert len(group.failure_ids) == 5


def test_bare_comparisons_of_different_tests_are_different_groups() -> None:
    failure = failure_with("assert 1 == 2")

    groups = groups_of(("t.py::test_a[1]", failure), ("t.py::test_a[2]", failure), ("t.py::test_b", failure))

    assert [group.count for group in groups] == [2, 1]
    assert {group.signature.frame for group in groups} == {"t:test_a", "t:test_b"}


def test_a_sentence_of_the_author_is_one_group_in_any_test() -> None:
    failure = failure_with("the balance must stay the same\nassert 1 == 2")

    (group,) = groups_of(("t.py::test_a", failure), ("u.py::test_b", failure))

    assert group.count == 2


def test_a_missing_key_in_two_places_is_two_groups() -> None:
    failures = [failure_with("'id'", "KeyError", frames=(own("app/x.py", 1, name),)) for name in ("load", "save")]

    assert len(groups_of(("t.py::a", failures[0]), ("t.py::b", failures[1]))) == 2


def test_a_failing_fixture_is_one_group_for_all_its_tests() -> None:
    frame = in_test("tests/conftest.py", 5, "database")
    failure = failure_with("assert 1 == 2", phase="setup", frames=(frame,), fixture="database")

    (group,) = groups_of(("t.py::test_a", failure), ("u.py::test_b", failure))

    assert group.category == "fixture"
    assert group.signature.frame == "tests.conftest:database"


def test_a_library_that_fails_before_any_code_of_the_tests_runs_is_one_group() -> None:
    """pytest asserts so in each test after a fixture that failed."""
    frame = Frame("/venv/lib/python3.11/site-packages/_pytest/fixtures.py", 1290, "execute", "library")
    failure = failure_with("", phase="setup", frames=(frame,))

    (group,) = groups_of(("t.py::a", failure), ("t.py::b", failure))

    assert (group.count, group.signature.frame) == (2, "_pytest.fixtures:execute")


def test_an_assertion_of_pytest_itself_is_one_group() -> None:
    failure = failure_with("", phase="setup")

    (group,) = groups_of(("t.py::a", failure), ("t.py::b", failure))

    assert (group.count, group.signature.frame) == (2, "pytest")


def test_the_same_message_in_two_phases_is_two_groups() -> None:
    failures = [failure_with("disk is full today", "OSError", phase=phase) for phase in ("call", "teardown")]

    assert len(groups_of(("t.py::a", failures[0]), ("t.py::b", failures[1]))) == 2


def test_types_are_never_merged() -> None:
    failures = [failure_with("no answer from the market", kind) for kind in ("app.MarketError", "app.FeedError")]

    assert len(groups_of(("t.py::a", failures[0]), ("t.py::b", failures[1]))) == 2


def test_tests_that_were_stopped_are_grouped_by_where_they_stood() -> None:
    frames = (in_test("t.py", 3, "test_a"), own("app/scheduler.py", 12, "wait"))
    stack = failure_with("", "Timeout", frames=frames)
    suite = suite_of(
        ("t.py::test_a", stack), ("t.py::test_b", None), outcome="timed_out", reason="timed out after 30 s"
    )

    by_frame = {group.signature.frame: group for group in group_failures(suite).groups}

    assert set(by_frame) == {"app.scheduler:wait", "t:test_b"}
    assert {group.category for group in by_frame.values()} == {"timed-out"}


def test_crashes_keep_their_exit_code() -> None:
    one = suite_of(("t.py::test_a", None), outcome="crashed", reason="exited with 3")
    two = suite_of(("t.py::test_a", None), outcome="crashed", reason="exited with 4")

    (first,), (second,) = group_failures(one).groups, group_failures(two).groups

    assert (first.signature.exception, first.signature.message) == ("crashed", "exited with 3")
    assert first.id != second.id


def test_uncollectable_files_are_counted_as_files_and_never_as_tests() -> None:
    failure = failure_with("No module named 'eth_account'", "ModuleNotFoundError", phase="collect")
    suite = SuiteFacts(collection_errors=(CollectionError("t.py", failure), CollectionError("u.py", failure)))

    grouping = group_failures(suite)

    (group,) = grouping.groups
    assert (group.count, group.tests, group.files) == (0, (), ("t.py", "u.py"))
    assert grouping.group_of == {"t.py": group.id, "u.py": group.id}
    assert [(category.key, tests) for category, tests in grouping.categories] == [("missing-package", 0)]


def test_every_bad_test_is_in_exactly_one_group_and_no_other_test_is_in_any() -> None:
    bad = suite_of(
        ("t.py::a", failure_with("x is wrong here")), ("t.py::b", None), ("t.py::c", failure_with("assert 0"))
    )
    good = tuple(
        TestResult(f"t.py::{outcome}", "t.py", outcome)
        for outcome in ("passed", "skipped", "xfailed", "xpassed", "not_run")
    )
    suite = SuiteFacts(results=(*bad.results, *good), failures=bad.failures)

    grouping = group_failures(suite)

    named = [nodeid for group in grouping.groups for nodeid in group.tests]
    assert sorted(named) == ["t.py::a", "t.py::b", "t.py::c"]
    assert grouping.group_of.keys() == set(named)
    assert sum(tests for _, tests in grouping.categories) == 3


def test_a_failure_that_is_not_in_the_facts_does_not_break_the_grouping() -> None:
    result = TestResult("t.py::a", "t.py", "failed", "call", failure="lost", reason="AssertionError")

    (group,) = group_failures(SuiteFacts(results=(result,))).groups

    assert group.signature.message == "AssertionError"


def test_a_healthy_suite_has_no_groups() -> None:
    grouping = group_failures(SuiteFacts(results=(TestResult("t.py::a", "t.py", "passed"),)))

    assert (grouping.groups, grouping.categories, grouping.group_of) == ((), (), {})


def test_the_same_facts_in_another_order_give_the_same_groups() -> None:
    failures = [(f"t.py::{n}", failure_with(f"problem of kind {'abc'[n % 3] * 3} here")) for n in range(12)]

    forward, backward = groups_of(*failures), groups_of(*reversed(failures))

    assert [(group.id, group.count) for group in forward] == [(group.id, group.count) for group in backward]


@pytest.mark.slow
def test_the_failures_of_a_whole_suite_are_grouped_by_their_causes() -> None:
    lines = count(1)

    def failure(number: int) -> Failure:
        """Distinct in its values and lines, as thousands of failures of one cause are; one of 40 causes."""
        frames = tuple(Frame(f"app/part{number % 40}.py", next(lines), "run", "own", "run()") for _ in range(12))
        message = f"order {number} of trader{number}@example.com at 0x{number:08x} has no price in table{number % 40}"
        return with_id(Failure("", "call", (ExceptionInfo("OrderError", "app.errors", message, len(message), frames),)))

    suite = suite_of(*((f"tests/test_{n % 60}.py::test_order[{n}]", failure(n)) for n in range(6_373)))

    grouping = group_failures(suite)

    assert len(grouping.groups) == 40


def test_a_group_of_an_error_that_others_repeat_is_the_same_whichever_test_met_it_first() -> None:
    later = failure_with(FOLLOW_ON + MULTIPLE, "sqlalchemy.exc.InvalidRequestError")
    phases: tuple[Phase, ...] = ("call", "setup")
    first = [failure_with(MULTIPLE, "sqlalchemy.exc.InvalidRequestError", phase=phase) for phase in phases]

    (one,), (two,) = (groups_of(("t.py::a", failure), ("t.py::b", later)) for failure in first)

    assert one.id == two.id
