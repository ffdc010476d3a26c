"""What the demo's source must hold, read from the source."""

import ast
import tomllib
from collections import Counter
from typing import Any

import pytest

from kit.demo import DEMO_ROOT
from tests.demo.make_expected import COLLISIONS, importers, parsed, sources

PACKAGES = ["admin", "analyst", "auth", "copy", "core", "decisions", "exports", "paper", "privacy", "profile"]
PACKAGES += ["quotas", "reports", "users", "web3"]


def test_tree_has_every_package_and_a_believable_size() -> None:
    assert all((DEMO_ROOT / "backend/app" / package / "__init__.py").is_file() for package in PACKAGES)
    production = [path for path in sources() if not path.startswith("backend/tests/")]
    assert 70 <= len(production) <= 110


def test_second_user_is_imported_all_over_the_place(expected: dict[str, Any]) -> None:
    roles = Counter(entry["role"] for entry in expected["importers"])
    assert roles["production"] >= 15
    assert roles["test"] == 5
    assert Counter(entry["scope"] for entry in expected["importers"])["function"] == 2
    assert len(expected["mentioned_only"]) == 2


def test_second_user_is_imported_in_every_style(expected: dict[str, Any]) -> None:
    statements = [entry["statement"] for entry in expected["importers"]]
    assert statements.count("import backend.app.users.models as m") == 1
    assert any(statement.startswith("from ..users.models") for statement in statements)
    assert any(statement.endswith(" as Account") for statement in statements)
    lines = [(DEMO_ROOT / entry["path"]).read_text().splitlines()[entry["line"] - 1] for entry in expected["importers"]]
    assert [line.rstrip().endswith("(") for line in lines].count(True) >= 1


@pytest.mark.parametrize("name", COLLISIONS)
def test_second_class_extends_the_table_of_the_first(name: str) -> None:
    first, second = (_class(path, name) for path in COLLISIONS[name])
    assert _assigned(first, "__tablename__") == _assigned(second, "__tablename__")
    assert _assigned(first, "__table_args__") is None
    index = "Index('ix_users_display_name', 'display_name'), " if name == "User" else ""  # the first has index=True
    assert _assigned(second, "__table_args__") == f"({index}{{'extend_existing': True}}{'' if index else ','})"
    assert "index=True" not in ast.unparse(second)
    (first_columns, first_relationships), (columns, relationships) = _mapped(first), _mapped(second)
    assert len(columns) < len(first_columns)
    assert relationships - first_relationships


@pytest.mark.slow
@pytest.mark.parametrize("module", ["backend.app.copy.models", "backend.app.admin.models"])
def test_waiting_class_is_imported_by_production_only(module: str) -> None:
    found = importers(module)
    assert found
    assert {entry["role"] for entry in found} == {"production"}


@pytest.mark.parametrize("name", COLLISIONS)
def test_relationships_name_the_class_as_a_string(name: str, expected: dict[str, Any]) -> None:
    (collision,) = [entry for entry in expected["collisions"] if entry["name"] == name]
    definitions = {place.split(":")[0] for place in collision["classes"]}
    others = [place for place in collision["relationship_strings"] if place.split(":")[0] not in definitions]
    assert collision["relationship_strings"]
    assert name != "User" or len(others) >= 5


def test_demo_needs_nothing_that_kit_does_not_bring() -> None:
    def names(requirements: list[str]) -> set[str]:
        return {requirement.split(">=")[0].split("[")[0] for requirement in requirements}

    demo = tomllib.loads((DEMO_ROOT / "pyproject.toml").read_text())["project"]
    kit = tomllib.loads((DEMO_ROOT.parents[2] / "pyproject.toml").read_text())["project"]
    through_fastapi = {"anyio"}
    needed = names(demo["dependencies"]) | names(demo["optional-dependencies"]["test"])
    assert needed <= names(kit["dependencies"]) | through_fastapi


def _class(path: str, name: str) -> ast.ClassDef:
    return next(node for node in parsed(path).body if isinstance(node, ast.ClassDef) and node.name == name)


def _assigned(node: ast.ClassDef, name: str) -> str | None:
    for statement in node.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return ast.unparse(statement.value)
    return None


def _mapped(node: ast.ClassDef) -> tuple[set[str], set[str]]:
    """The columns and the relationships that a class maps."""
    columns: set[str] = set()
    relationships: set[str] = set()
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            value = ast.unparse(statement.value) if statement.value else ""
            (relationships if value.startswith("relationship(") else columns).add(ast.unparse(statement.target))
    return columns, relationships
