"""A parameter gets the name by which calls pass it, where only its definition has another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.fixes import FixOption
from kit.fixes.patching.applying import apply_patch
from tests.fixes.apps import cause, options_for, patched
from tests.fixes.options.test_renamed_argument import app, refused

KIND = "renamed-parameter"
CALL = "total(2, curency='USD')"
HANDING = f"{KIND}-of-caller"
PAGES = (
    "class Page:\n    def __init__(self, curency=None, **rest):\n        self.total = self.priced(curency=curency)\n\n"
    "    def priced(self, currency=None):\n        return currency\n\n\nclass Sheet(Page): ...\n"
)


def defined(body: str = "return amount", before: str = "", takes: str = "amount, currency='EUR'") -> str:
    return f"def total({takes}):\n    {body}\n\n\n{before}\n"


def text_after(root: Path, files: dict[str, str | bytes]) -> str:
    option = options_for(root, files, refused())[KIND]
    assert option.files == ("shop/prices.py",)
    return patched(root, option)["shop/prices.py"]


@pytest.mark.parametrize(
    "files",
    [
        app(f"({CALL}, total(2, currency='USD'))"),
        app(CALL, defined("return (amount, [curency for curency in 'ab'])")),
        app(CALL, defined("return (amount, locals())")),
        app(CALL, defined("return lambda currency: currency")),
        app(CALL, defined(before="class Bill:\n    def total(self, currency): ...")),
    ],
    ids=["passed by its present name", "the other name is taken", "locals()", "a lambda has it", "an override"],
)
def test_a_name_that_something_else_relies_on_stays(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    assert KIND not in options_for(tmp_path, files, refused())


def test_a_keyword_that_no_parameter_is_like_has_no_option(tmp_path: Path) -> None:
    assert KIND not in options_for(tmp_path, app("total(2, rate=1)"), refused(keyword="rate"))


def test_the_parameter_and_what_reads_it_are_renamed(tmp_path: Path) -> None:
    body = "return amount, currency.upper(), amount.currency, f'{currency}', 'currency'"

    assert text_after(tmp_path, app(CALL, defined(body))) == defined(
        "return amount, curency.upper(), amount.currency, f'{curency}', 'currency'", takes="amount, curency='EUR'"
    )


def test_what_stands_outside_of_the_function_keeps_the_name(tmp_path: Path) -> None:
    outside = "currency = 'EUR'\n\n\ndef show():\n    return currency\n"

    after = text_after(tmp_path, app(CALL, defined(before=outside, takes="amount, currency=currency")))

    assert after == defined(before=outside, takes="amount, curency=currency")


def test_the_keyword_by_which_a_function_hands_it_on_is_renamed_where_nothing_takes_it(tmp_path: Path) -> None:
    bill = "class Bill:\n    def __init__(self, **values): ..."
    body = "return Bill(currency=currency), print(currency=currency)"

    after = text_after(tmp_path, app(CALL, defined(body, bill)))

    assert "return Bill(curency=curency), print(currency=curency)" in after


def test_the_keyword_by_which_a_function_hands_it_on_stays_where_a_function_takes_it(tmp_path: Path) -> None:
    bill = "class Bill:\n    def __init__(self, currency): ..."

    assert "return Bill(currency=curency)" in text_after(
        tmp_path, app(CALL, defined("return Bill(currency=currency)", bill))
    )


def test_the_app_works_with_the_patch(tmp_path: Path) -> None:
    option = options_for(tmp_path, app(CALL, defined("return amount, currency")), refused())[KIND]

    apply_patch(option.patch, tmp_path)

    scope: dict[str, object] = {}
    exec((tmp_path / "shop/prices.py").read_text(), scope)  # the test's own source
    assert eval(CALL, scope) == (2, "USD")


def handed_on(root: Path, text: str, use: str) -> dict[str, FixOption]:
    called = cause("wrong-call", "Page.priced", "shop.py:5 definition", "shop.py:3 raised", "shop.py:2 hands it on")
    told = replace(called, title="Page.priced() got an unexpected keyword argument 'curency'")
    return options_for(root, {"shop.py": text, "test_shop.py": f"from shop import *\n\n\nUSE = {use}\n"}, told)


def test_the_function_that_hands_the_keyword_on_gets_the_name_that_calls_of_its_heirs_pass(tmp_path: Path) -> None:
    option = handed_on(tmp_path, PAGES, "Sheet(currency=1)")[HANDING]

    assert patched(tmp_path, option) == {"shop.py": PAGES.replace("curency", "currency")}


@pytest.mark.parametrize(
    ("text", "use"),
    [
        (PAGES, "Sheet(curency=1)"),
        (PAGES, "Sheet(2)"),
        (PAGES, "other(currency=1)"),
        (PAGES.replace("curency=None", "curency=None, currency=None"), "Sheet(currency=1)"),
        (PAGES.replace("self.total", "currency = self.total"), "Sheet(currency=1)"),
    ],
    ids=["passed by its present name", "passed by no name", "another function", "it has both", "the name is taken"],
)
def test_the_function_that_hands_the_keyword_on_keeps_its_name_without_a_sign(
    tmp_path: Path, text: str, use: str
) -> None:
    found = handed_on(tmp_path, text, use)

    assert HANDING not in found
    assert "renamed-argument" in found
