from __future__ import annotations

import pytest

from kit.suite.plan.arguments import clean, split_options


def kept(options: str) -> list[str]:
    return list(clean(split_options(options), "pytest.ini: addopts").kept)


@pytest.mark.parametrize(
    "options",
    [
        "-x",
        "--exitfirst",
        "--maxfail=1",
        "--maxfail 1",
        "-n 4",
        "-n4",
        "-nauto",
        "--numprocesses=auto",
        "--dist loadfile",
        "--cov",
        "--cov=app",
        "--cov app",
        "--cov-report term-missing",
        "--cov-fail-under=80",
        "--json-report --json-report-file=out.json",
        "--lf",
        "--ff",
        "--sw",
        "--junitxml=out.xml",
        "--html report.html --self-contained-html",
        "--pdb",
        "--forked",
        "--collect-only",
        "--basetemp=/tmp/x",
    ],
)
def test_what_would_end_slow_or_hide_the_run_goes_with_its_value_and_is_said(options: str) -> None:
    cleaned = clean(split_options(options), "pytest.ini: addopts")

    assert cleaned.kept == ()
    assert cleaned.disabled
    assert all("(pytest.ini: addopts): " in sentence for sentence in cleaned.disabled)


@pytest.mark.parametrize(
    "options",
    [
        "-k 'not slow'",
        "-m 'not slow and db'",
        "-p no:warnings",
        "-p myplugin",
        "-W error",
        "--timeout=5 --timeout-method thread",
        "-o xfail_strict=true",
        "--strict-markers",
        "--import-mode=importlib",
        "--doctest-modules tests",
        "--ds=app.settings",
        "--reruns 2",
        "-rA",
    ],
)
def test_the_suites_own_selection_and_settings_stay(options: str) -> None:
    assert kept(options) == list(split_options(options))


def test_the_sentence_names_the_option_where_it_stands_and_what_it_would_have_done() -> None:
    assert clean(("--maxfail=1",), "pyproject.toml: addopts").disabled == (
        "--maxfail=1 (pyproject.toml: addopts): would have ended the run at the first failure",
    )
    assert clean(("-n", "4"), "PYTEST_ADDOPTS").disabled == ("-n 4 (PYTEST_ADDOPTS): kit runs the batches itself",)


def test_letters_that_are_written_together_are_judged_one_by_one() -> None:
    assert kept("-xvs") == ["-v", "-s"]
    assert kept("-qxk expr") == ["-q", "-k", "expr"]
    assert kept("-vn 4 tests") == ["-v", "tests"]
    assert kept("-rfEx") == ["-rfEx"]  # the x belongs to -r
    assert kept("-kx") == ["-kx"]


def test_a_value_is_never_taken_for_an_option() -> None:
    assert kept("-k -x") == ["-k", "-x"]
    assert kept("--cov -q") == ["-q"]  # its value is optional


def test_tracebacks_are_switched_off_without_a_word() -> None:
    cleaned = clean(("--tb=long", "--full-trace", "-q"), "pytest.ini: addopts")

    assert cleaned.kept == ("-q",)
    assert cleaned.disabled == ()


def test_an_option_that_lacks_its_value_is_taken_out_too() -> None:
    assert kept("-v --maxfail") == ["-v"]
    assert kept("-n") == []


def test_options_with_an_open_quotation_mark_are_left_to_pytest() -> None:
    assert split_options("-k 'a") == ("-k 'a",)
