"""A branch that never runs is named with the one that takes all that it is for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kit.causes.scene.exercise import Exercise
from kit.facts.places import Location
from kit.inventory import Declarations, Slips
from kit.target import find_target
from tests.causes.apps import investigated, places
from tests.helpers import write_project

APP = {
    "shop/tariff.py": """
        def band(weight):
            if weight > 0:
                return "letter"
            elif weight > 20:
                return "parcel"
            return "none"

        def price(weight):
            return {"letter": 1, "parcel": 4, "none": 0}[band(weight)]

        def half(weight):
            return price(weight) / 2
    """,
    "tests/test_tariff.py": """
        from shop.tariff import band, half, price

        def test_letter(): assert band(3) == "letter"
        def test_parcel(): assert band(30) == "parcel"
        def test_price(): assert price(30) == 4
        def test_none(): assert price(0) == 0
        def test_half(): assert half(3) == 1
    """,
}


@pytest.mark.slow
def test_the_wider_condition_is_named_for_all_that_fails_behind_it(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, APP, records=True)

    assert (causes[0].kind, places(causes[0])[:2]) == ("shadowed-branch", ["shop/tariff.py:2", "shop/tariff.py:4"])
    assert {one.partition("::")[2] for one in causes[0].tests} >= {"test_parcel", "test_price"}


def chain(first: str, second: str) -> str:
    return f"if {first}:\n        return 1\n    elif {second}:\n        return 2"


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        (chain("x > 0", "x > 5"), True),
        (chain("x > 5", "x > 0"), False),
        (chain("x >= 5", "x == 5"), True),
        (chain("x > 5", "x == 5"), False),
        (chain("x < 9", "x <= 8"), True),
        (chain("x <= 8", "x < 9"), False),
        (chain("x > 0", "y > 5"), False),
        (chain("x != 1", "x == 2"), True),
        (chain("x != 1", "x == 1"), False),
        (chain("x in (1, 2, 3)", "x == 2"), True),
        (chain("x in (1, 2)", "x in (2, 3)"), False),
        (chain("x > 0 or y", "x > 5"), True),
        (chain("x > 0 and y", "x > 5"), False),
        (chain("x > 0", "x > 5 and y"), True),
        (chain("x > 0", "x > 5 or y"), False),
        (chain("x.startswith('a')", "x.startswith('ab')"), True),
        (chain("x.startswith('ab')", "x.startswith('a')"), False),
        (chain("x.startswith('a')", "x == 'abc'"), True),
        (chain("x.startswith('a')", "x.endswith('ab')"), False),
        (chain("isinstance(x, int)", "isinstance(x, bool)"), True),
        (chain("isinstance(x, bool)", "isinstance(x, int)"), False),
        (chain("x > limit", "x > 5"), False),
        (chain("x > 'a'", "x > 5"), False),
        # one after the other: the first has to leave, and nothing may change in between
        ("if x > 0:\n        return 1\n    if x > 5:\n        return 2", True),
        ("if x > 0:\n        y = 1\n    if x > 5:\n        return 2", False),
        ("if x > 0:\n        return 1\n    x = -x\n    if x > 5:\n        return 2", False),
        ("try:\n        y()\n    except Exception:\n        pass\n    except ValueError:\n        pass", True),
        ("try:\n        y()\n    except ValueError:\n        pass\n    except Exception:\n        pass", False),
    ],
)
def test_which_branches_never_run(tmp_path: Path, body: str, hidden: bool) -> None:
    target = find_target(write_project(tmp_path / "shop", {"shop/a.py": f"def f(x, y, limit):\n    {body}\n"}))

    found = Slips(Declarations.of(target).reading.trees).branches.shadowed(Location("shop/a.py", 1))

    assert (found is not None) == hidden


PAPER = {
    "shop/paper.py": APP["shop/tariff.py"].replace("def half(weight):", "def double(weight):"),
    "shop/tariff.py": APP["shop/tariff.py"],
    "tests/test_both.py": """
        from shop import paper, tariff

        def test_tariff():
            assert tariff.band(3) == "letter"
        def test_tariff_again():
            assert tariff.band(2) == "letter"
        def test_both():
            assert (tariff.band(30), paper.band(30)) == ("letter", "parcel")
    """,
}


@pytest.mark.slow
def test_of_two_such_functions_the_one_that_no_passing_test_calls_is_named(tmp_path: Path) -> None:
    causes, _ = investigated(tmp_path, PAPER)

    assert (causes[0].kind, places(causes[0])[:2]) == ("shadowed-branch", ["shop/paper.py:2", "shop/paper.py:4"])


@pytest.mark.slow
def test_what_passing_tests_call_is_not_read_where_one_function_at_most_has_such_a_branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(Exercise, "by_definition", lambda _, results: Counter(looks.append(len(results)) or ()))
    tests = """
        from shop.tariff import band, half

        def test_half(): assert half(3) == 0.5
        def test_words(): assert band("heavy") == "parcel"
    """

    causes, _ = investigated(tmp_path, {**APP, "tests/test_tariff.py": tests})

    assert places(causes[0])[:1] == ["shop/tariff.py:2"]
    assert looks == []


@pytest.mark.slow
def test_where_the_app_raises_only_the_function_that_raised_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("what the tests call was looked at")

    monkeypatch.setattr("kit.causes.detectors.shadowed_branch.found_in_reached", refuse)
    raising = APP["shop/tariff.py"].replace('return "letter"', 'raise ValueError("too light")')
    tests = """
        from shop.tariff import band

        def test_parcel(): assert band(30) == "parcel"
        def test_none(): assert band(0) == "none"
    """

    causes, _ = investigated(tmp_path, {"shop/tariff.py": raising, "tests/test_tariff.py": tests})

    assert (causes[0].kind, places(causes[0])[:2]) == ("shadowed-branch", ["shop/tariff.py:2", "shop/tariff.py:4"])
