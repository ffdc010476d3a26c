"""Questions about the load-time import graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.errors import UsageError
from kit.facts.modules import ImportChain
from kit.inventory.imports.graph import chains_to, fans, stopping_without
from kit.inventory.inventory import Inventory
from tests.helpers import write_project
from tests.inventory.projects import Source, target_at

APP = {
    "app/__init__.py": "",
    "app/db.py": "x = 1",
    "app/users.py": "from app.db import x",
    "app/web.py": "import app.users\nfrom app import db",
    "app/lazy.py": "def f():\n    import app.users",
    "app/safe.py": "try:\n    import app.users\nexcept ImportError:\n    pass",
    "plugins/__init__.py": "import app.users",
    "plugins/one.py": "",
    "tests/test_a.py": "import app.web",
    "tests/test_b.py": "import app.lazy",
}


def shown(chains: tuple[ImportChain, ...]) -> list[tuple[str, str]]:
    return [(" > ".join(chain.modules), " ".join(map(str, chain.imports))) for chain in chains]


def test_fan_in_and_fan_out() -> None:
    source = Source(APP)
    found = {fan.module: (fan.fan_in, fan.fan_out, fan.role) for fan in fans(source.graph, source.names)}
    assert found["app.users"] == (3, 1, "production")
    assert found["app.web"] == (1, 2, "production")
    assert found["tests.test_a"] == (0, 1, "test")
    assert [fan.module for fan in fans(source.graph, source.names)][:2] == ["app.users", "app.db"]


def test_chains_from_tests_to_a_module() -> None:
    source = Source(APP)
    assert shown(chains_to(source.graph, source.names, source.graph.test_modules(), "app.users")) == [
        ("tests.test_a > app.web > app.users", "tests/test_a.py:1 app/web.py:1")
    ]


def test_what_stops_importing_if_a_module_goes() -> None:
    source = Source(APP)
    assert shown(stopping_without(source.graph, source.names, "app.users")) == [
        ("app.web > app.users", "app/web.py:1"),
        ("plugins > app.users", "plugins/__init__.py:1"),
        ("plugins.one > plugins > app.users", "plugins/__init__.py:1 plugins/__init__.py:1"),
        ("tests.test_a > app.web > app.users", "tests/test_a.py:1 app/web.py:1"),
    ]


def test_modules_that_import_each_other_come_to_an_end() -> None:
    source = Source({"a.py": "import b", "b.py": "import a"})
    assert shown(stopping_without(source.graph, source.names, "a")) == [("b > a", "b.py:1")]


def test_the_inventory_answers_and_refuses_what_is_not_there(tmp_path: Path) -> None:
    inventory = Inventory.of(target_at(write_project(tmp_path, APP)), runtime=False)
    assert [chain.modules[0] for chain in inventory.chains("app.web")] == ["tests.test_a"]
    assert len(inventory.stopping_without("app.db")) == 5
    assert inventory.fans()[0].module == "app.users"
    with pytest.raises(UsageError, match=r"The target has no module app\.user; did you mean app\.users\?"):
        inventory.chains("app.user")
