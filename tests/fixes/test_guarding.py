"""No option takes a test away, skips one, or lets one check less; what helps a test to run is no harm."""

from pathlib import Path

import pytest

from kit.fixes.patching.guarding import harm_to_tests
from kit.fixes.scene import Proposal, option_of
from tests.fixes.apps import cause, scene_of

BEFORE = """\
import pytest

from shop.models import Order


async def test_total(order):
    assert order.total == 3


class TestRefund:
    def test_is_paid_back(self):
        with pytest.raises(ValueError):
            Order().refund()
"""
PATH = "tests/test_orders.py"


def harm(after: str | None, path: str = PATH, before: str = BEFORE) -> str | None:
    return harm_to_tests({path: before}, {path: after}, frozenset({PATH}))


@pytest.mark.parametrize(
    "edit",
    [
        ("from shop.models import Order", "from shop.orders import Order"),
        ("async def test_total(order)", "@pytest.mark.asyncio\nasync def test_total(order)"),
        ("test_total(order)", "test_total(new_order)"),
        ("order.total == 3", "order.total == 3.0"),
    ],
)
def test_an_edit_that_lets_tests_run_is_none(edit: tuple[str, str]) -> None:
    assert harm(BEFORE.replace(*edit)) is None


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("test_total", "_total"), f"It would take test_total of {PATH} away"),
        (("class TestRefund", "class Refund"), f"It would take TestRefund of {PATH} away"),
        (("async def", "@pytest.mark.skip\nasync def"), f"It would let tests of {PATH} be skipped"),
        (("async def", "@pytest.mark.xfail\nasync def"), f"It would let tests of {PATH} be skipped"),
        (
            ("class Test", "pytest.importorskip('s')\nclass Test"),
            f"It would let tests of {PATH} be skipped",
        ),
        (("assert order.total == 3", "order.total"), "It would take 1 check out of the tests"),
    ],
)
def test_harm_is_named(edit: tuple[str, str], told: str) -> None:
    assert (harm(BEFORE.replace(*edit)) or "").startswith(told)


def test_a_file_of_tests_that_goes_is_harm() -> None:
    assert harm(None) == f"It would take TestRefund of {PATH} away"


def test_a_test_may_move_to_another_file() -> None:
    texts = {PATH: "", "tests/test_totals.py": BEFORE}
    assert harm_to_tests({PATH: BEFORE}, texts, frozenset(texts)) is None


@pytest.mark.parametrize(
    "option", ["--ignore=tests/test_orders.py", "--deselect tests/test_orders.py", "-k 'not total'"]
)
def test_options_of_pytest_that_leave_tests_out_are_harm(option: str) -> None:
    told = harm(f"[pytest]\naddopts = -q {option}\n", "pytest.ini", "[pytest]\naddopts = -q\n")
    assert told == "It would leave tests out by an option of pytest in pytest.ini"


def test_leaving_out_a_plugin_is_none() -> None:
    assert harm("[pytest]\naddopts = -q -p no:slow\n", "pytest.ini", "[pytest]\naddopts = -q\n") is None


def test_the_word_skip_in_a_file_that_holds_no_tests_is_none() -> None:
    assert harm("query.skip(3)\n", "shop/models.py", "") is None


@pytest.mark.slow
def test_an_option_that_would_skip_a_test_has_no_patch(tmp_path: Path) -> None:
    scene, _ = scene_of(tmp_path, {PATH: BEFORE, "shop/__init__.py": ""})
    skipped = BEFORE.replace("async def", "@pytest.mark.skip\nasync def")

    option = option_of(cause("failure-group", "x"), scene, Proposal("skip", "Skip it", "Why not", {PATH: skipped}))

    assert not option.can_be_tried
    assert option.patch == ""
    assert (option.obstacle or "").startswith(f"It would let tests of {PATH} be skipped")
