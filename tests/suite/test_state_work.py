"""What a process that forks workers does about the watch of shared state: it keeps it only for forks that watch."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.probes.suite.state_work import UNWATCHED_FORKS, StateWork


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Any]:
    module: Any = types.ModuleType("shop_of_forks")
    module.__file__ = str(tmp_path / "shop_of_forks.py")
    module.coins = [1, 2]
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


@pytest.fixture
def work(shop: Any, tmp_path: Path, request: pytest.FixtureRequest) -> StateWork:
    made = StateWork(str(tmp_path), is_on=True)
    made.begin()
    made.follow_pytest(request.session)
    return made


def changes(work: StateWork, shop: Any) -> list[str]:
    """The states of the shop that are reported after a test that changed one."""
    sent: list[Any] = []
    work.resume("")
    shop.price = 3
    work.after(0, "passed", "tests/test_a.py", "", sent.append)
    return [path for one in sent for path, *_ in one["changes"] if path.startswith(shop.__name__)]


def forks(work: StateWork, number: int) -> None:
    for _ in range(number):
        work.before_fork(watches=False)


def is_kept(shop: Any) -> bool:
    """Whether something beside the module holds its list."""
    return sys.getrefcount(shop.coins) > sys.getrefcount([1, 2]) + 1


def test_before_few_forks_that_watch_nothing_all_is_kept(work: StateWork, shop: Any) -> None:
    forks(work, UNWATCHED_FORKS)

    assert is_kept(shop)


def test_before_many_forks_that_watch_nothing_it_is_let_go_of_once_for_all(work: StateWork, shop: Any) -> None:
    forks(work, UNWATCHED_FORKS + 1)

    assert not is_kept(shop)
    assert changes(work, shop) == []


@pytest.mark.parametrize("before", [0, UNWATCHED_FORKS, UNWATCHED_FORKS + 1, 3 * UNWATCHED_FORKS])
def test_a_fork_that_watches_sees_changes_whatever_forks_were_before(work: StateWork, shop: Any, before: int) -> None:
    forks(work, before)
    work.before_fork(watches=True)

    assert changes(work, shop) == ["shop_of_forks.price"]


def test_a_process_that_never_watched_does_not_begin(shop: Any, tmp_path: Path) -> None:
    work = StateWork(str(tmp_path), is_on=False)
    forks(work, UNWATCHED_FORKS + 1)
    work.before_fork(watches=True)

    assert changes(work, shop) == []
