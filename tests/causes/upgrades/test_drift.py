"""What has moved since the lock file and since the last green case, and what the suite's filters do, is said first."""

from __future__ import annotations

import pytest

from kit.causes import ahead_of, breakages, environment_of, find_causes
from kit.facts.failures import Frame
from kit.facts.inventory import InventoryFacts, Pin
from kit.facts.target import Distribution, Interpreter, PytestConfig, Target
from kit.facts.upgrades import Breakage, Environment
from kit.failures import group_failures
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with

IN_STARLETTE = Frame("lib/python3.11/site-packages/starlette/routing.py", 40, "match", "library", "raise ValueError")
ENTRY = Breakage("x", "shop", "1.9.0", "2.0.0", "name-gone", "", "", "", "", both=True, fixed_in="2.3.0")


def _first_evidence(environment: Environment, *pins: Pin, kind: str = "ValueError") -> str:
    failure = failure_with("no route", kind, frames=(IN_STARLETTE,))
    facts = suite([result("tests/test_a.py::test_a", failure)], [failure])
    inventory = InventoryFacts(files=1, pins=pins)
    (cause,) = find_causes(inventory, facts, group_failures(facts), environment=environment)
    return cause.evidence[0].text


def _with(version: str, **more: object) -> Environment:
    return Environment((Distribution("starlette", version),), **more)  # type: ignore[arg-type]


def test_a_package_that_has_moved_since_the_lock_file_comes_first() -> None:
    pin = Pin("starlette", "0.52.1", "uv.lock", 12)

    assert _first_evidence(_with("1.0.0"), pin) == ("starlette has moved: uv.lock:12 has 0.52.1, installed is 1.0.0")
    assert "moved" not in _first_evidence(_with("0.52.1"), pin)


def test_without_a_pin_the_last_green_case_tells_what_has_moved() -> None:
    around = _with("1.0.0", last_green={"starlette": "0.52.1"}, green_case="shop-1")

    assert _first_evidence(around) == "starlette has moved: shop-1 has 0.52.1, installed is 1.0.0"


@pytest.mark.parametrize(("filters", "told"), [(("error",), True), (("ignore", "default"), False)])
def test_the_filter_that_makes_an_error_of_a_warning_is_named(filters: tuple[str, ...], told: bool) -> None:
    around = _with("1.0.0", filters=filters, config_path="pytest.ini")

    first = _first_evidence(around, kind="DeprecationWarning")

    assert (first == "This is a warning: the suite's own filter `error` (pytest.ini) makes an error of it") is told


def test_filters_in_the_options_of_pytest_count() -> None:
    config = PytestConfig(
        "tox.ini", addopts=("-q", "-W", "error", "-Wignore::UserWarning"), filterwarnings=("default",)
    )
    target = Target("/app", "app", Interpreter("python", "3.11"), (), (), config)

    assert environment_of(target).filters == ("default", "error", "ignore::UserWarning")


@pytest.mark.parametrize(("version", "told"), [("3.13.0", "3.13.0"), ("3.15.0a1+", "3.15.0a1")])
def test_python_itself_is_a_release_and_no_distribution(version: str, told: str) -> None:
    around = environment_of(Target("/app", "app", Interpreter("python", version), (), ()))

    assert (around.installed, around.releases) == ({}, {"python": told})


@pytest.mark.parametrize(
    ("installed", "wanted", "met"),
    [
        ("1.9.0", None, True),
        ("2.1.0", None, False),
        ("1.9.0", {"shop": "2.0.0"}, True),
        ("1.9.0", {"shop": "1.9.5"}, False),
        ("1.9.0", {"shop": "2.3.0"}, False),
        ("1.9.0", {"other": "2.0.0"}, False),
    ],
)
def test_an_upgrade_meets_what_lies_between(installed: str, wanted: dict[str, str] | None, met: bool) -> None:
    assert (list(ahead_of([ENTRY], {"shop": installed, "other": "1"}, wanted)) == [ENTRY]) is met


def test_ids_and_libraries_of_the_table_are_well_formed() -> None:
    ids = [one.id for one in breakages()]

    assert len(ids) == len(set(ids))
    assert all(one.library == one.library.lower() and "_" not in one.library for one in breakages())
