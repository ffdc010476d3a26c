from __future__ import annotations

import pytest

from kit.report import wording


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (None, "not measured"),
        (0.0004, "0 ms"),
        (0.0124, "12 ms"),
        (0.9996, "1.0 s"),
        (3.44, "3.4 s"),
        (59.96, "1 min 00 s"),
        (84.2, "1 min 24 s"),
        (3599.7, "1 h 00 min"),
        (7530, "2 h 06 min"),
    ],
)
def test_durations_are_told_in_the_unit_that_fits(seconds: float | None, told: str) -> None:
    assert wording.duration(seconds) == told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 10, "0.0 %"),
        (3650, 5069, "72.0 %"),
        (1, 5069, "< 0.1 %"),
        (5068, 5069, "> 99.9 %"),
        (7, 7, "100.0 %"),
        (0, 0, "\u2013"),
    ],
)
def test_a_share_never_rounds_something_to_nothing_or_to_all(part: int, whole: int, told: str) -> None:
    assert wording.share(part, whole) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-23T06:33:04+00:00", "23 November 2026, 06:33 UTC"),
        ("2026-11-23T06:33:04Z", "23 November 2026, 06:33 UTC"),
        ("2026-11-23T01:33:04+02:00", "22 November 2026, 23:33 UTC"),
        ("yesterday", "yesterday"),
    ],
)
def test_instants_are_told_in_utc(text: str, told: str) -> None:
    assert wording.instant(text) == told


def test_the_time_of_day_is_told_in_utc() -> None:
    assert wording.clock("2026-11-23T01:33:04+02:00") == "23:33:04"
    assert wording.clock("yesterday") == "yesterday"


def test_one_line_is_one_line_and_cut_with_an_ellipsis() -> None:
    assert wording.one_line(" a\n  b\t c ") == "a b c"
    assert wording.one_line("abcdef", 4) == "abc…"
    assert wording.one_line("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    ("tests", "files", "told"),
    [(3650, 0, "3,650 tests"), (1, 0, "1 test"), (0, 2, "2 files"), (10, 2, "10 tests and 2 files"), (0, 0, "0 tests")],
)
def test_files_that_cannot_be_collected_are_not_called_tests(tests: int, files: int, told: str) -> None:
    assert wording.tests_and_files(tests, files) == told


@pytest.mark.parametrize(
    ("tests", "first_hand", "files", "told"),
    [
        (0, 0, 1, "1 file cannot be collected"),
        (8, 8, 6, "8 tests: all show the error itself; 6 files cannot be collected"),
        (3, 1, 0, "3 tests: 1 shows the error itself, 2 show what follows from it"),
        (0, 0, 0, "no test shows it"),
    ],
)
def test_a_symptom_that_no_test_shows_is_not_counted_in_tests(
    tests: int, first_hand: int, files: int, told: str
) -> None:
    assert wording.shows_symptom(tests, first_hand, files) == told


def test_enumerations_read_like_a_sentence() -> None:
    assert [wording.enumeration(names) for names in ("", "a", "ab", "abc")] == ["", "a", "a and b", "a, b and c"]


def test_those_that_show_an_error_and_those_that_follow_are_told_in_words() -> None:
    assert wording.shown_by(5, 0) == "all show the error itself"
    assert wording.shown_by(1, 0) == "it shows the error itself"
    assert wording.shown_by(1, 2) == "1 shows the error itself, 2 show what follows from it"
