"""A file that is imported under two names is imported under one of them everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixes.apps import BASE, options_of, patched

MODEL = """from sqlalchemy.orm import Mapped, mapped_column

from shop.base import Base


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
KIND = "one-import-root"


def app(**more: str) -> dict[str, str | bytes]:
    """A package ``shop`` below ``src``; ``more`` are texts of files below ``src/shop``, or of a test."""
    files: dict[str, str | bytes] = {
        "conftest.py": "import sys\n\nsys.path.insert(0, 'src')\nsys.path.insert(0, 'src/shop')\n",
        "src/shop/__init__.py": "",
        "src/shop/base.py": BASE,
        "src/shop/orders.py": MODEL,
        "src/shop/one.py": "from shop.orders import Order\n\norder = Order\n",
        "src/shop/two.py": "from shop import orders\n\norder = orders.Order\n",
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src", "src/shop"]\n',
    }
    return files | {("test_a.py" if name == "test_a" else f"src/shop/{name}.py"): text for name, text in more.items()}


def test_a_file_that_is_imported_under_one_name_has_no_option(tmp_path: Path) -> None:
    assert KIND not in options_of(tmp_path, app())


def test_an_import_that_cannot_name_the_other_root_is_an_obstacle(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(three="from orders import Order\n"))[f"{KIND}-2"]

    assert option.patch == ""
    assert "src/shop/two.py:1 has to be changed by hand" in str(option.obstacle)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (
            "from orders import Order  # late\n\norder = Order\n",
            "from shop.orders import Order  # late\n\norder = Order\n",
        ),
    ],
)
def test_the_importers_of_the_rarer_name_use_the_other(tmp_path: Path, text: str, becomes: str) -> None:
    option = options_of(tmp_path, app(three=text))[KIND]

    assert patched(tmp_path, option) == {
        "conftest.py": "import sys\n\nsys.path.insert(0, 'src')\n",
        "src/shop/three.py": becomes,
    }
    assert option.why.endswith("pyproject.toml:2 still names src/shop in pythonpath: take it out there")
    assert option.title == "Import from src everywhere: shop.orders, not orders"
    assert option.on_tests  # conftest.py is one of the files of the tests


def test_the_other_root_can_stay_as_well(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(two="", three="from orders import Order\n"))[f"{KIND}-2"]

    texts = patched(tmp_path, option)

    assert texts["src/shop/one.py"] == "from orders import Order\n\norder = Order\n"


def test_imports_of_tests_are_named_as_such(tmp_path: Path) -> None:
    option = options_of(tmp_path, app(test_a="from orders import Order\n\n\ndef test_a():\n    assert Order\n"))[KIND]

    assert option.on_tests


PATH_LINES = "import sys\n\n# the app\nsys.path.insert(0, 'src')\nsys.path.insert(0, 'src/shop')\n"
THREE = "from orders import Order\n\norder = Order\n"


def with_path_lines(**more: str) -> dict[str, str | bytes]:
    files = app(**more)
    del files["pyproject.toml"]
    return files | {"conftest.py": PATH_LINES}


def test_the_line_that_adds_the_other_root_goes_when_nothing_needs_it(tmp_path: Path) -> None:
    option = options_of(tmp_path, with_path_lines(three=THREE))[KIND]

    texts = patched(tmp_path, option)

    assert texts["conftest.py"] == "import sys\n\n# the app\nsys.path.insert(0, 'src')\n"
    assert "still adds" not in option.why


@pytest.mark.parametrize("text", ["import two\n", "from two import order\n", "NAME = 'two.order'\n"])
def test_the_line_stays_where_another_module_may_come_through_it_and_the_option_says_so(
    tmp_path: Path, text: str
) -> None:
    option = options_of(tmp_path, with_path_lines(three=THREE) | {"tools.py": text})[KIND]

    assert option.files == ("src/shop/three.py",)
    assert option.why.endswith("conftest.py:5 still adds src/shop to sys.path: tools.py may need it")


def test_a_line_that_is_not_a_statement_of_its_own_stays(tmp_path: Path) -> None:
    lines = "import sys\n\nsys.path.insert(0, 'src')\nif True:\n    sys.path.insert(0, 'src/shop')\n"

    option = options_of(tmp_path, with_path_lines(three=THREE) | {"conftest.py": lines})[KIND]

    assert option.files == ("src/shop/three.py",)
    assert "not a statement of its own" in option.why
