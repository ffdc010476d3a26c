"""What importing a module loads, held to what Python really loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import write_project
from tests.inventory.projects import Source

PACKAGE = {
    "app/__init__.py": "from app import setup",
    "app/setup.py": "",
    "app/a.py": "",
    "app/b.py": "",
    "app/sub/__init__.py": "from . import inner\n__all__ = ['listed', 'VALUE']\nVALUE = 1",
    "app/sub/inner.py": "",
    "app/sub/listed.py": "",
    "app/loose/c.py": "import app.b",
    "app/exporting.py": "from app.a import *\nfrom app import b as renamed",
}
STATEMENTS = [
    "import app.a",
    "from app import a",
    "from app.a import __name__",
    "from app.exporting import renamed",
    "import app.loose.c",
    "from app.loose import c",
    "from app.sub import VALUE",
    "from app.sub import listed",
    "from app.sub import *",
    "from app.exporting import *",
    "class A:\n    import app.a",
    "try:\n    import app.a\nexcept ImportError:\n    pass",
    "try:\n    import nothing_of_that_name\nexcept ImportError:\n    import app.a",
    "if True:\n    import app.a",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.a\nelse:\n    import app.b",
    "import typing\nif not typing.TYPE_CHECKING:\n    import app.b",
    "def f():\n    import app.a",
    "from importlib import import_module\nimport_module('app.sub.listed')",
    "import json",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), PACKAGE)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_closure_is_what_python_loads(root: Path, statement: str) -> None:
    told = "sorted(name for name, module in sys.modules.items() if name.startswith('app') and module.__file__)"
    code = f"{statement}\nimport sys\nprint(*{told})"
    run = subprocess.run([sys.executable, "-Bc", code], cwd=root, capture_output=True, text=True, check=True)
    source = Source({**PACKAGE, "main.py": statement})
    assert sorted(source.graph.closure("main") - {"main"}) == run.stdout.split()


TESTS = {
    "app/__init__.py": "",
    "app/models.py": "",
    "app/late.py": "import app.models",
    "app/other.py": "",
    "conftest.py": "def pytest_configure():\n    from app import late",
    "tests/conftest.py": "from app import other",
    "tests/unit/test_a.py": "def test():\n    import app.never",
    "tests/elsewhere/conftest.py": "import app.never",
    "app/never.py": "",
}


def test_a_test_module_comes_with_its_conftests_and_what_their_functions_import() -> None:
    found = Source(TESTS).graph.closure_of_test("tests.unit.test_a")
    assert {name for name in found if name.startswith("app.")} == {"app.late", "app.models", "app.other"}


def test_which_modules_pytest_collects() -> None:
    files = {
        "tests/test_a.py": "",
        "tests/b_test.py": "",
        "tests/helper.py": "",
        "app/test_c.py": "",
        "tests2/test_d.py": "",
    }
    graph = Source(files).graph
    assert graph.test_modules() == ("app.test_c", "tests.b_test", "tests.test_a", "tests2.test_d")
    assert graph.test_modules(["tests"]) == ("tests.b_test", "tests.test_a")
    assert graph.test_modules(["app/test_c.py"]) == ("app.test_c",)
    assert graph.test_modules(["."]) == graph.test_modules()


def test_what_the_suite_loads_is_unknown_without_one() -> None:
    graph = Source(TESTS).graph
    assert graph.loaded_paths(()) is None
    assert "app/never.py" not in (graph.loaded_paths(graph.test_modules()) or ())


def test_the_chain_from_a_test_to_a_module_is_a_shortest_one_with_lines() -> None:
    graph = Source(
        {
            "test_a.py": "import json\nimport long\nimport short",
            "long.py": "import longer",
            "longer.py": "import goal",
            "short.py": "import json\nimport goal",
            "goal.py": "",
        }
    ).graph
    assert [str(step) for step in graph.chain("test_a", "goal")] == ["test_a.py:3", "short.py:2"]
    assert graph.chain("goal", "test_a") == ()


def test_fan_in_counts_modules_whose_statements_name_it_and_fan_out_what_they_name() -> None:
    graph = Source(
        {"a.py": "import c\nimport b", "b.py": "import c\nfrom c import x\ndef f(): import a", "c.py": ""}
    ).graph
    assert {module: len(importers) for module, importers in graph.importing.items()} == {"c": 2, "b": 1}
    assert {module: len(imported) for module, imported in graph.lines.items()} == {"a": 2, "b": 1, "c": 0}
