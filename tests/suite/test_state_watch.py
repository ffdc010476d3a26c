"""The watch sees what tests change of the app and of the process, and nothing that pytest and kit change themselves."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from kit.probes.state.watch import StateWatch, reported

SOURCE = """
import functools

CURRENCY = "USD"
RATES = {"EUR": 1.1}
NAMES = ["a"]
_at = (["inner"],)

class Shop:
    opened = False

    @property
    def rates(self):
        return RATES

    @staticmethod
    def first():
        return NAMES[0]

class Till:
    def __init__(self):
        self.coins = []

TILL = Till()

def counter():
    number = 0
    def count():
        nonlocal number
        number += 1
        return number
    return count

COUNT = counter()

FACTOR = [1]

@functools.lru_cache(maxsize=None)
def price(name):
    return len(name) * FACTOR[0]

@functools.lru_cache(maxsize=9)
def weight(name):
    return len(name) * FACTOR[0]

@functools.lru_cache(maxsize=1)
def colour(name):
    return name

@functools.lru_cache
def till(name):
    return Till()
"""


@pytest.fixture(autouse=True)
def _nobody_else_writes_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    """A module of the target, imported."""
    file = tmp_path / "watched_shop.py"
    file.write_text(SOURCE)
    module = ModuleType("watched_shop")
    module.__file__ = str(file)
    sys.modules["watched_shop"] = module
    exec(compile(SOURCE, file, "exec"), module.__dict__)
    yield module
    del sys.modules["watched_shop"]


@pytest.fixture
def watch(shop: Any, tmp_path: Path) -> StateWatch:
    begun = StateWatch(str(tmp_path))
    begun.begin()
    assert "watched_shop" in begun.own
    return begun


def seen(watch: StateWatch) -> dict[str, tuple[str, str]]:
    """What a look finds in the target's module and in the environment: path to the values before and after."""
    found = {path: (before, after) for path, before, after, _ in map(reported, watch.look())}
    return {path: values for path, values in found.items() if path.startswith(("watched_shop", "os.environ"))}


def test_nothing_is_seen_where_nothing_changes(watch: StateWatch) -> None:
    assert seen(watch) == {}


@pytest.mark.slow
def test_each_kind_of_state_is_seen_once_with_its_values(watch: StateWatch, shop: Any) -> None:
    shop.CURRENCY = "EUR"
    shop.RATES["CHF"] = 0.9
    shop.NAMES.append("b")
    shop._at[0].append("more")
    shop.Shop.opened = True
    shop.TILL.coins.append(1)
    shop.COUNT()
    shop.price("pear")

    found = seen(watch)

    assert found["watched_shop.CURRENCY"] == ("'USD'", "'EUR'")
    assert found["watched_shop.RATES['CHF']"][0] == "missing"
    assert found["watched_shop.Shop.opened"] == ("False", "True")
    assert any(path.startswith("watched_shop.NAMES") for path in found)
    assert any(path.startswith("watched_shop._at") for path in found)
    assert any("coins" in path for path in found)
    assert any("COUNT" in path for path in found)
    assert any("price" in path for path in found)
    assert seen(watch) == {}


@pytest.mark.parametrize("name", ["price", "weight"])
def test_another_result_in_a_cache_of_the_same_size_is_seen_and_cleared(
    watch: StateWatch, shop: Any, name: str
) -> None:
    function = getattr(shop, name)
    function("pear")
    watch.look()
    function.cache_clear()
    shop.FACTOR[0] = 2
    function("pear")

    found = {reported(state)[0]: state for state in watch.look()}

    state = found[f"watched_shop.{name}()"]
    assert (state.before, state.after) == (4, 8)
    state.node.restore(state.key, state.before)
    assert function.cache_info().currsize == 0


@pytest.mark.parametrize("name", ["price", "weight", "colour", "till"])
def test_a_cache_that_has_the_same_results_again_has_not_changed(watch: StateWatch, shop: Any, name: str) -> None:
    function = getattr(shop, name)
    function("pear")
    watch.look()
    function.cache_clear()
    function("apple" if name == "colour" else "pear")  # a full cache gives a place away with each new result

    assert seen(watch) == {}


@pytest.mark.slow
def test_a_state_that_was_put_in_later_is_followed(watch: StateWatch, shop: Any) -> None:
    shop.RATES["inner"] = {"x": 1}
    assert list(seen(watch)) == ["watched_shop.RATES['inner']"]

    shop.RATES["inner"]["x"] = 2

    assert seen(watch) == {"watched_shop.RATES['inner']['x']": ("1", "2")}


def test_the_same_value_anew_is_no_change(watch: StateWatch, shop: Any) -> None:
    shop.CURRENCY = "".join(["U", "SD"])
    shop.NAMES[:] = ["a"]

    assert seen(watch) == {}


def test_a_change_can_be_put_back(watch: StateWatch, shop: Any) -> None:
    shop.CURRENCY = "EUR"
    shop.NAMES.append("b")
    del shop.RATES["EUR"]

    for state in watch.look():
        if reported(state)[0].startswith("watched_shop"):
            state.node.restore(state.key, state.before)

    assert (shop.CURRENCY, shop.NAMES, shop.RATES) == ("USD", ["a"], {"EUR": 1.1})


def test_a_variable_of_the_environment_is_seen(watch: StateWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_CURRENCY", "EUR")

    assert seen(watch) == {"os.environ['SHOP_CURRENCY']": ("missing", "'EUR'")}


@pytest.mark.parametrize(
    "name", ["PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"]
)
def test_variables_that_pytest_and_kit_set_are_no_state(
    watch: StateWatch, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "set by who runs the tests")

    assert seen(watch) == {}


def test_a_change_before_many_ends_of_a_fixture_is_reported_once(watch: StateWatch, shop: Any) -> None:
    shop.CURRENCY = "EUR"
    for index in range(6):
        fixture = SimpleNamespace(argname="database", func=price_list, cached_result=({"a": index}, index, None))
        watch.set_up(fixture)
        watch.note(index)
        watch.tear_down(fixture)
    reported_once = watch.report(is_needed=True)
    assert reported_once is not None
    assert [path for path, *_ in reported_once["changes"]] == ["watched_shop.CURRENCY"]


def test_what_the_first_end_of_a_fixture_undoes_is_reported(watch: StateWatch, shop: Any) -> None:
    fixture = SimpleNamespace(argname="database", func=price_list, cached_result=({}, None, None))
    watch.set_up(fixture)
    shop.CURRENCY = "EUR"
    watch.note(0)
    watch.tear_down(fixture)
    shop.CURRENCY = "USD"
    found = watch.report(is_needed=True)
    assert found is not None
    assert [change[:3] for change in found["changes"]] == [
        ("watched_shop.CURRENCY", "'USD'", "'EUR'"),
        ("watched_shop.CURRENCY", "'EUR'", "'USD'"),
    ]


def price_list() -> None:
    """Stands for the function of a fixture."""
