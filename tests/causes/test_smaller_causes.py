"""Missing packages, datetimes, routes, switches, hangs and crashes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.causes import find_causes
from kit.facts.causes import Evidence
from kit.facts.failures import Failure
from kit.facts.inventory import DateTimeColumn, InventoryFacts, MappedClass, NaiveTime, Requirement
from kit.facts.places import Location, Role
from kit.failures import group_failures
from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test, own

NAIVE = "can't compare offset-naive and offset-aware datetimes"
NOT_FOUND = "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code"


def missing(name: str, path: str = "app/web3/signatures.py") -> Failure:
    frames = (own(path, 9, "recover", f"import {name}"),)
    return failure_with(f"No module named '{name}'", "ModuleNotFoundError", frames=frames)


def test_a_missing_package_is_one_cause_for_tests_and_files() -> None:
    failure = missing("eth_account")
    at_collection = replace(failure, id="c", phase="collect")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure], test_x=at_collection))

    assert cause.id == "missing-package:eth_account"
    assert cause.title == 'Package "eth_account" is not installed'
    assert (cause.tests, cause.uncollectable) == (("t.py::a",), ("tests/test_x.py",))
    assert cause.locations == (Location("app/web3/signatures.py", 9, "raised"),)
    assert cause.evidence[0].text == "Imported here: import eth_account"


def test_a_missing_package_tells_which_requirement_file_names_it_or_that_none_does() -> None:
    failure = missing("yaml")
    facts = suite([result("t.py::a", failure)], [failure])
    files = ("requirements.txt", "requirements-dev.txt")
    required = (Requirement("PyYaml", "requirements-dev.txt", 4),)

    (with_it,) = causes_of(facts, InventoryFacts(1, requirements=required, requirement_files=files))
    (without,) = causes_of(facts, InventoryFacts(1, requirement_files=files))

    assert (
        Evidence("Required here as PyYaml, and not installed", Location("requirements-dev.txt", 4, "requirement"))
        in with_it.evidence
    )
    assert Evidence("Not required by requirements.txt and requirements-dev.txt") in without.evidence


def test_a_missing_module_of_the_target_is_no_missing_package() -> None:
    failure = missing("backend.gone", "service.py")
    facts = replace(suite([result("t.py::a", failure)], [failure]), loaded_modules={"backend.app": "backend/app.py"})

    (cause,) = causes_of(facts)

    assert cause.kind == "failure-group"


def test_naive_datetimes_are_one_cause_a_place() -> None:
    failures = [
        failure_with(NAIVE, "TypeError", frames=(own("app/quotas/windows.py", line, function, "return now < end"),))
        for line, function in ((4, "is_open"), (5, "is_open"), (30, "resets_at"))
    ]

    causes = causes_of(suite([result(f"t.py::{f.id}", f) for f in failures], failures))

    assert {cause.id: [place.line for place in cause.locations] for cause in causes} == {
        "naive-datetime:app.quotas.windows:is_open": [4, 5],
        "naive-datetime:app.quotas.windows:resets_at": [30],
    }
    assert {cause.state for cause in causes} == {"consistent"}


def naive(path: str, line: int, role: Role = "production") -> NaiveTime:
    return NaiveTime("datetime.datetime.utcnow", path, line, "function", role)


def meeting(path: str, line: int, function: str, source: str = "") -> Failure:
    return failure_with(NAIVE, "TypeError", frames=(in_test("t.py", 3, "test_a"), own(path, line, function, source)))


def test_the_line_that_makes_the_naive_value_stands_before_the_one_where_the_two_meet() -> None:
    failure = meeting("app/quotas/windows.py", 9, "is_open")
    known = InventoryFacts(1, naive_times=(naive("app/other.py", 2), naive("app/quotas/windows.py", 4)))

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), known)

    assert [str(place) for place in cause.locations] == ["app/quotas/windows.py:4", "app/quotas/windows.py:9"]
    assert Evidence("datetime.datetime.utcnow() gives a time without zone", cause.locations[0]) in cause.evidence


def test_places_that_one_producing_line_reaches_are_one_cause() -> None:
    failures = [
        meeting("app/a.py", 9, "first", "return token.expires < now"),
        meeting("app/b.py", 5, "second", "left = token.expires - now"),
    ]
    facts = suite([result(f"t.py::{f.id}", f) for f in failures], failures)
    columns = tuple(DateTimeColumn(name, "app/tokens.py", line, False) for line, name in ((4, "expires"), (5, "made")))
    token = MappedClass("T", "app.tokens", "T", "app/tokens.py", 2, None, "t", datetimes=columns)
    known = InventoryFacts(1, (token,), naive_times=(naive("app/clock.py", 4), naive("app/unused.py", 1)))
    loads = {"t.py": frozenset({"app/a.py", "app/b.py", "app/clock.py", "app/tokens.py"})}

    (cause,) = find_causes(known, facts, group_failures(facts), loads=lambda: loads)

    assert (cause.tests_blocked, str(cause.locations[0])) == (2, "app/tokens.py:4")


def test_where_many_lines_make_naive_values_the_place_where_they_meet_stands_first() -> None:
    failure = meeting("app/a.py", 9, "first")
    known = InventoryFacts(1, naive_times=tuple(naive("app/a.py", line) for line in range(20, 28)))

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), known)

    assert [str(place) for place in cause.locations][:2] == ["app/a.py:9", "app/a.py:20"]
    assert "2 more lines give a time without zone" in [item.text for item in cause.evidence]


def test_a_column_without_zone_is_one_of_the_producing_lines() -> None:
    failure = meeting("app/models.py", 30, "expired")
    column = DateTimeColumn("expires", "app/models.py", 12, timezone=False)
    aware = DateTimeColumn("made", "app/models.py", 13, timezone=True)
    token = MappedClass("T", "app.models", "T", "app/models.py", 8, None, "t", datetimes=(column, aware))

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), InventoryFacts(1, (token,)))

    assert [str(place) for place in cause.locations] == ["app/models.py:12", "app/models.py:30"]


def test_a_type_error_of_another_kind_is_no_datetime() -> None:
    failure = failure_with("'<' not supported between instances of 'str' and 'int'", "TypeError")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]))

    assert cause.kind == "failure-group"


def test_requests_that_find_no_route_are_one_cause_a_test_file() -> None:
    first = failure_with('{"detail":"Not Found"}\n' + NOT_FOUND, frames=(in_test("t.py", 5, "test_a"),))
    second = failure_with(NOT_FOUND + "\n +    where <Response [404 Not Found]> = get('/decisions/1')")
    third = failure_with(NOT_FOUND, frames=(in_test("u.py", 5, "test_c"),))

    by_id = {
        cause.id: cause
        for cause in causes_of(
            suite(
                [result("t.py::test_a", first), result("t.py::test_b", second), result("u.py::test_c", third)],
                [first, second, third],
            )
        )
    }

    assert by_id.keys() == {"route-missing:t.py", "route-missing:u.py"}
    assert by_id["route-missing:t.py"].tests_blocked == 2
    assert "Requested: GET /decisions/1" in [item.text for item in by_id["route-missing:t.py"].evidence]
    # the framework's own answer tells that no route matched; a bare 404 may be the application's
    assert by_id["route-missing:t.py"].state == "consistent"
    assert by_id["route-missing:u.py"].state == "unknown"


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("app.errors.FeatureDisabled", "feature 'signal_blending' is switched off"),
        ("AssertionError", "assert False\n +  where False = is_enabled('signal_blending')"),
    ],
)
def test_a_switch_that_the_failure_names_is_a_cause(kind: str, message: str) -> None:
    failure = failure_with(message, kind, frames=(own("app/settings.py", 20, "require"),))

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]))

    assert cause.id == "feature-switch:signal_blending"
    assert cause.locations == (Location("app/settings.py", 20, "raised"),)


def test_a_setting_that_is_no_switch_stays_a_group() -> None:
    failure = failure_with("SECRET_KEY must be set", "RuntimeError")

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]))

    assert cause.kind == "failure-group"


def test_a_hanging_test_is_named_with_the_line_that_it_hangs_on() -> None:
    frames = (in_test("t.py", 8, "test_a"), own("app/scheduler.py", 31, "drain", "event.wait()"))
    stack = failure_with("timed out after 5 s in call", "Timeout", frames=frames)
    stopped = result("t.py::test_a", stack, outcome="timed_out", reason="timed out after 5 s in call")

    (cause,) = causes_of(suite([stopped], [stack]))

    assert cause.id == "hanging-test:app.scheduler:drain"
    assert cause.title == "t.py::test_a does not end"
    assert cause.locations == (Location("app/scheduler.py", 31, "raised"),)
    assert "event.wait()" in cause.evidence[0].text


def test_a_hang_without_a_stack_is_placed_at_its_test() -> None:
    (cause,) = causes_of(suite([result("t.py::test_a", outcome="timed_out", reason="timed out after 5 s", line=12)]))

    assert cause.locations == (Location("t.py", 12, "test"),)


def test_a_test_that_ends_the_interpreter_is_named_with_how() -> None:
    died = result("t.py::test_a[1]", outcome="crashed", reason="exited with 3", line=40)

    (cause,) = causes_of(suite([died]))

    assert (cause.kind, cause.title) == ("interpreter-exit", "t.py::test_a[1] ends the interpreter (exited with 3)")
    assert "kit run PATH -- 't.py::test_a[1]'" in str(cause.next_step)


def test_a_time_out_error_of_the_code_is_no_hanging_test() -> None:
    failure = failure_with("", "TimeoutError", frames=(own("app/feed.py", 3, "poll"),))

    (cause,) = causes_of(suite([result("t.py::test_a", failure)], [failure]))

    assert cause.kind == "failure-group"


def test_what_no_detector_knows_is_a_cause_at_its_deepest_own_frame() -> None:
    failure = failure_with("the moon is full", "app.MoonError", frames=(own("app/moon.py", 7, "rise"),))

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]))

    assert cause.id == f"failure-group:{cause.groups[0]}"
    assert cause.title == "MoonError: the moon is full"
    assert (cause.state, cause.locations) == ("unknown", (Location("app/moon.py", 7, "raised"),))
    assert cause.evidence[0].text.startswith("Same root: app.MoonError")
    assert cause.evidence[-1].anchor == f"#group-{cause.groups[0]}"


def test_a_file_that_cannot_be_parsed_is_placed_at_its_line() -> None:
    failure = failure_with("invalid syntax (test_x.py, line 3)", "SyntaxError", phase="collect")

    (cause,) = causes_of(suite([], test_x=failure))

    assert cause.locations == (Location("tests/test_x.py", 3, "syntax"),)
    assert cause.uncollectable == ("tests/test_x.py",)
