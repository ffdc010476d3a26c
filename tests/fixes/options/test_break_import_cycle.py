"""One import of a circle runs later; an import whose names the module needs at once stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.fixes.apps import cause, options_for, patched

PLACES = ("app/a.py:2 import", "app/b.py:1 import")
CIRCLE: Cause = cause("circular-import", "app.a+app.b", *PLACES)
AT_ONCE = '"""A."""\nfrom app.b import B\n\n\nclass A(B):\n    pass\n'


def app(b: str) -> dict[str, str | bytes]:
    return {"app/__init__.py": "", "app/a.py": AT_ONCE, "app/b.py": f"from app.a import A{b}"}


@pytest.mark.parametrize(
    "rest",
    [
        "\n\nclass B(A): ...\n",
        "\n\ndef f(x=A): ...\n",
        "\n\n@A\ndef f(): ...\n",
        "\n\nfor one in [A]: ...\n",
        "\n\ndef f(x: A): return lambda: A\n\ng = lambda: A\n",
        "\n\ndef f(): return A\n",
    ],
    ids=["base", "default", "decorator", "loop", "annotation and lambda", "body on the line"],
)
def test_an_import_whose_names_are_needed_at_once_stays(tmp_path: Path, rest: str) -> None:
    assert options_for(tmp_path, app(rest), CIRCLE) == {}


@pytest.mark.parametrize(
    ("rest", "after"),
    [
        (
            '\n\n\ndef f():\n    """F."""\n    return A()\n',
            '\n\ndef f():\n    """F."""\n    from app.a import A\n    return A()\n',
        ),
        (
            "\n\n\nclass C:\n    def m(self):\n        def n():\n            return A\n        return n\n",
            (
                "\n\nclass C:\n    def m(self):\n        from app.a import A\n        def n():\n            return A\n"
                "        return n\n"
            ),
        ),
        (
            '\n\n\ndef f(x: "A") -> None:\n    y: A\n',
            (
                "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from app.a import A\n\n\n"
                'def f(x: "A") -> None:\n    y: A\n'
            ),
        ),
        (
            "\n\n\ndef f(x: A):\n    return 1\n",
            (
                "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from app.a import A\n\n\ndef f(x: A):\n    return 1\n"
            ),
        ),
        ("\n\nX = 1\n", "\nX = 1\n"),
        ("\n\ng = lambda: A\n", "\ng = lambda: A\n\nfrom app.a import A  # noqa: E402\n"),
    ],
    ids=["function", "nested function", "string annotation", "annotation", "unused", "lambda"],
)
def test_the_import_goes_to_where_its_names_are_used(tmp_path: Path, rest: str, after: str) -> None:
    found = options_for(tmp_path, app(rest), CIRCLE)

    assert list(found) == ["break-import-cycle"]
    assert patched(tmp_path, found["break-import-cycle"])["app/b.py"] == after


@pytest.mark.parametrize("taker", ["from app.b import A\n", "from app.b import *\n"])
def test_a_name_that_is_handed_on_stays_in_the_module(tmp_path: Path, taker: str) -> None:
    files = {**app("  # noqa: F401\n\nX = 1\n"), "app/c.py": taker}

    found = options_for(tmp_path, files, CIRCLE)

    assert patched(tmp_path, found["break-import-cycle"])["app/b.py"] == (
        "\nX = 1\n\nfrom app.a import A  # noqa: E402, F401\n"
    )
    assert found["break-import-cycle"].losses == ()


def test_an_import_of_the_tests_is_left_alone(tmp_path: Path) -> None:
    own = cause("circular-import", "tests.a", "tests/test_a.py:1 import")

    assert options_for(tmp_path, {"tests/test_a.py": "from app.b import B\n\n\ndef test_b(): B\n"}, own) == {}
