"""Dotted names of files, and what an import statement means."""

from __future__ import annotations

from difflib import get_close_matches

import pytest

from kit.inventory.names.modules import Modules
from kit.inventory.source.records import Import, ImportedName
from tests.inventory.projects import Source, record_of


def modules(*paths: str, roots: tuple[str, ...] = (".",), **content: str) -> Modules:
    files = [record_of(content.get(path.replace("/", "_").removesuffix(".py"), ""), path) for path in paths]
    return Modules.of(files, roots)


def test_names_are_relative_to_the_import_root() -> None:
    found = modules("backend/app/users/models.py", "backend/app/__init__.py", "manage.py")
    assert found.names == {
        "backend/app/users/models.py": "backend.app.users.models",
        "backend/app/__init__.py": "backend.app",
        "manage.py": "manage",
    }


def test_src_layouts_and_several_roots() -> None:
    found = modules("src/pkg/a.py", "lib/other/b.py", "tests/test_a.py", roots=("src", "lib"))
    assert list(found.names.values()) == ["pkg.a", "other.b", "tests.test_a"]


def test_a_module_under_two_names_keeps_the_one_that_the_target_imports() -> None:
    texts = {"backend/app/models.py": "", "backend/app/api.py": "from backend.app.models import User"}
    found = Source(texts, roots=("backend", ".")).modules
    assert found.names["backend/app/models.py"] == "backend.app.models"
    assert found.names["backend/app/api.py"] == "backend.app.api"
    assert found.canonical("app.models") == "backend.app.models"


def test_without_imports_to_tell_the_deeper_root_names_a_module() -> None:
    assert modules("src/a.py", roots=(".", "src")).names == {"src/a.py": "a"}


def test_names_that_no_import_statement_can_spell() -> None:
    found = modules("versions/0003_users.py", "with-dash/models.py", "odd.name.py")
    assert found.names == {"versions/0003_users.py": "versions.0003_users", "with-dash/models.py": "with-dash.models"}


def test_folders_without_init_are_packages() -> None:
    found = modules("app/core/db.py")
    assert found.is_own("app.core")
    assert not found.is_own("app.other")


@pytest.mark.parametrize(
    ("path", "level", "module", "expected"),
    [
        ("a/b/c.py", 1, None, "a.b"),
        ("a/b/c.py", 1, "d", "a.b.d"),
        ("a/b/c.py", 2, "d", "a.d"),
        ("a/b/__init__.py", 1, "d", "a.b.d"),
        ("a/b/__init__.py", 2, None, "a"),
        ("a/b/c.py", 3, "d", None),
        ("top.py", 1, "d", None),
        ("a/b/c.py", 0, "os.path", "os.path"),
    ],
)
def test_relative_imports(path: str, level: int, module: str | None, expected: str | None) -> None:
    statement = Import(1, 1, "from", level, module, (ImportedName("x"),), "module")
    assert modules(path).source_of(path, statement) == expected


def test_a_loose_file_may_import_its_neighbour() -> None:
    found = modules("scripts/run.py", "scripts/common.py", "pkg/__init__.py", "pkg/a.py", "pkg/json.py")
    assert found.absolute("scripts/run.py", "common") == "scripts.common"
    assert found.absolute("pkg/a.py", "json") == "json"


def test_a_package_wins_over_a_module_of_its_name() -> None:
    assert modules("a.py", "a/__init__.py").paths["a"] == "a/__init__.py"
    assert modules("a/__init__.py", "a.py").paths["a"] == "a/__init__.py"


@pytest.mark.parametrize(
    ("missing", "near"),
    {
        "shop.orders.modle": "shop.orders.model",
        "shop.oders.model": "shop.orders",  # the first part that is missing, not the last
        "shop.billing.carts": "shop.baskets.carts",  # the same last name in another package
        "shop.orders.nothing": None,
        "nowhere.to.be": None,
    }.items(),
)
def test_the_module_that_is_meant_by_a_wrong_name(missing: str, near: str | None) -> None:
    found = modules("shop/orders/model.py", "shop/orders/views.py", "shop/baskets/carts.py", "shop/billing/tax.py")
    assert found.near(missing) == near


def test_a_module_that_many_files_miss_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = modules("shop/orders.py", "shop/baskets.py")
    asked: list[str] = []
    monkeypatch.setattr(
        "kit.inventory.names.modules.get_close_matches",
        lambda name, among, n: asked.append(name) or get_close_matches(name, among, n=n),
    )

    assert {found.near("shop.oders") for _ in range(40)} == {"shop.orders"}
    assert asked == ["oders"]
