"""A call whose coroutine nothing awaits gets its await, where an async function makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from tests.fixes.apps import options_for, patched

KIND = "await-call"
CALL = "async def save(amount): ...\n\n\nasync def pay(amount):\n    {0}\n"


def forgotten(line: int = 5, path: str = "shop/pay.py") -> Cause:
    title = f"{path}:{line} calls Bank.save and does not await it"
    return Cause("unawaited-call:x", "unawaited-call", title, "consistent", (Location(path, line, "never awaited"),))


def app(text: str) -> dict[str, str | bytes]:
    return {"shop/__init__.py": "", "shop/pay.py": text}


@pytest.mark.parametrize(
    "statement",
    [
        "await save(amount)",
        "await gather(save(amount), save(2))",
        "task = create_task(save(amount))",
        "later = lambda: save(amount)",
        "other(amount)",
    ],
)
def test_what_is_awaited_or_passed_on_stays(tmp_path: Path, statement: str) -> None:
    assert KIND not in options_for(tmp_path, app(CALL.format(statement)), forgotten())


def test_a_function_that_is_not_async_cannot_await(tmp_path: Path) -> None:
    text = CALL.format("save(amount)").replace("async def pay", "def pay")

    assert KIND not in options_for(tmp_path, app(text), forgotten())


def test_a_call_in_another_function_stays(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app(CALL.format("save(amount)")), forgotten(line=1))


@pytest.mark.parametrize(
    ("statement", "awaited"),
    [
        ("save(amount)", "await save(amount)"),
        ("done = bank.save(amount)", "done = await bank.save(amount)"),
        ("return save(amount)", "return await save(amount)"),
        ("return save(amount).value", "return (await save(amount)).value"),
        ("return (await other()) + save(amount)", "return (await other()) + (await save(amount))"),
    ],
)
def test_the_call_is_awaited(tmp_path: Path, statement: str, awaited: str) -> None:
    option = options_for(tmp_path, app(CALL.format(statement)), forgotten())[KIND]

    assert patched(tmp_path, option) == {"shop/pay.py": CALL.format(awaited)}
    assert option.title == "Await the call of save (shop/pay.py:5)"


def test_each_call_of_the_name_in_the_function_is_awaited(tmp_path: Path) -> None:
    option = options_for(tmp_path, app(CALL.format("save(amount)\n    done = save(2)")), forgotten())[KIND]

    assert patched(tmp_path, option) == {"shop/pay.py": CALL.format("await save(amount)\n    done = await save(2)")}
