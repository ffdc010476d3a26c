"""A function that a library calls with a keyword it does not know takes further ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from tests.fixes.apps import cause, options_for, patched

KIND = "further-keywords"
HOOK = "class Schema:\n    @post_load\n    def make({takes}):\n        return data  # as it is\n"
SAID = "make() got an unexpected keyword argument 'many'"


def files(takes: str, use: str = "Schema().load(1, many=True)") -> dict[str, str | bytes]:
    return {"shop.py": HOOK.format(takes=takes), "test_shop.py": f"from shop import Schema\n\n\nUSE = {use}\n"}


def refused(said: str = SAID) -> Cause:
    return replace(cause("wrong-call", "Schema.make", "shop.py:3 definition", "test_shop.py:4 raised"), title=said)


def options(root: Path, takes: str, use: str = "Schema().load(1, many=True)", said: str = SAID) -> dict[str, FixOption]:
    return options_for(root, files(takes, use), refused(said))


@pytest.mark.parametrize(
    ("takes", "after"),
    [
        ("self, data", "self, data, **kwargs"),
        ("self, data=None, *rest", "self, data=None, *rest, **kwargs"),
        ("self, data, *, size: int = 1", "self, data, *, size: int = 1, **kwargs"),
        ("self, data,", "self, data, **kwargs,"),
        ("\n        self,\n        data,\n    ", "\n        self,\n        data,\n        **kwargs,\n    "),
        ("self, data=None, *, size=1,", "self, data=None, *, size=1, **kwargs,"),
        ("*, data", "*, data, **kwargs"),
        ("self, data, kwargs", "self, data, kwargs, **further"),
    ],
)
def test_the_definition_takes_further_keywords(tmp_path: Path, takes: str, after: str) -> None:
    option = options(tmp_path, takes)[KIND]

    assert patched(tmp_path, option) == {"shop.py": HOOK.format(takes=after)}
    assert (option.title, option.losses) == (
        "Let make() take further keywords, in the app",
        ("what many says is ignored",),
    )


@pytest.mark.parametrize(
    ("takes", "use", "said"),
    [
        ("self, data, **rest", "1", SAID),
        ("self, data", "Schema().make(1, many=True)", SAID),
        ("self, data", "Schema().make(1, **{'many': True})", SAID),
        ("self, data", "1", "make() missing 1 required positional argument: 'data'"),
    ],
    ids=["it takes all", "the target passes it", "the target passes a mapping", "another error"],
)
def test_what_a_library_does_not_pass_has_no_such_option(tmp_path: Path, takes: str, use: str, said: str) -> None:
    assert KIND not in options(tmp_path, takes, use, said)


def test_a_definition_in_the_tests_is_an_option_of_its_own(tmp_path: Path) -> None:
    hook = HOOK.format(takes="self, data")
    named = cause("wrong-call", "make", "shop.py:3 definition", "test_shop.py:3 definition")

    found = options_for(tmp_path, {"shop.py": hook, "test_shop.py": hook}, replace(named, title=SAID))

    assert {kind: (one.files, one.on_tests) for kind, one in found.items()} == {
        KIND: (("shop.py",), False),
        f"{KIND}-in-tests": (("test_shop.py",), True),
    }
