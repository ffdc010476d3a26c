"""What all causes have in common."""

from __future__ import annotations

from kit.causes.building import check_command, each_line_once
from kit.facts.causes import PATH
from kit.facts.places import Location
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with


def test_a_line_is_told_once_in_its_first_role_and_at_its_first_place() -> None:
    first, second, again = Location("a.py", 1, "definition"), Location("b.py", 1), Location("a.py", 1, "raised")

    assert each_line_once([first, second, again]) == (first, second)


def test_the_scan_is_offered_as_a_check_only_where_it_shows_the_cause() -> None:
    failure = failure_with("boom", "ValueError", phase="collect")
    (of_files,) = group_failures(suite([], test_a=failure)).groups
    in_test = failure_with("boom", "ValueError")
    (of_tests,) = group_failures(suite([result("tests/test_b.py::test_b", in_test)], [in_test])).groups
    assert check_command([of_files, of_tests], scanned=True) == ("kit", "run", PATH, "--", "tests/test_b.py::test_b")
    assert check_command([of_files], scanned=True) == ("kit", "scan", PATH)
    assert check_command([of_files], scanned=False) == ("kit", "run", PATH, "--tests", "tests/test_a.py")
    assert check_command([]) == ("kit", "investigate", PATH)


def test_a_conftest_has_no_tests_so_the_suite_is_the_check() -> None:
    failure = failure_with("boom", "ValueError", phase="collect")
    (group,) = group_failures(suite([], conftest=failure)).groups
    assert group.files == ("tests/conftest.py",)
    assert check_command([group]) == ("kit", "run", PATH)
