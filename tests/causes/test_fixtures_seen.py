"""Of several fixtures of one name those count that pytest would give to the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes.scene.fixtures_seen import fixtures_seen
from kit.causes.scene.scene import Scene
from kit.facts.inventory import InventoryFacts
from kit.inventory import Declarations
from kit.target import find_target
from tests.causes.apps import PYPROJECT, investigated, places
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with
from tests.helpers import write_project

DESK = """
    import pytest

    @pytest.fixture
    {}def desk():
        return 1
    """
FILES = {
    "pyproject.toml": PYPROJECT,
    "tests/conftest.py": DESK.format(""),
    "tests/api/conftest.py": DESK.format(""),
    "tests/api/test_own.py": DESK.format(""),
    "tests/api/test_none.py": "",
    "tests/web/test_none.py": "",
    "other/test_none.py": "",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("tests/api/test_own.py", ["tests/api/test_own.py"]),
        ("tests/api/test_none.py", ["tests/api/conftest.py"]),
        ("tests/web/test_none.py", ["tests/conftest.py"]),
        ("other/test_none.py", ["tests/conftest.py", "tests/api/conftest.py", "tests/api/test_own.py"]),
    ],
    ids=["own file", "nearest conftest", "conftest above", "none is seen, so a plugin may bring any"],
)
def test_the_nearest_definition_that_a_test_sees_counts(tmp_path: Path, path: str, seen: list[str]) -> None:
    target = find_target(write_project(tmp_path / "shop", FILES))
    failure = failure_with("desk", "Failed")
    facts = suite([result(f"{path}::test_a", failure)], [failure])
    scene = Scene(InventoryFacts(1), facts, source=lambda: Declarations.of(target))

    assert sorted(place.path for place in fixtures_seen(scene, "desk", facts.results)) == sorted(seen)


@pytest.mark.slow
def test_an_async_fixture_is_named_in_the_file_whose_tests_ask_for_it(tmp_path: Path) -> None:
    using = "\n    def test_it(desk):\n        assert desk == 1\n"
    files = {"tests/test_a.py": DESK.format("") + using, "tests/test_b.py": DESK.format("async ") + using}

    (cause,), _ = investigated(tmp_path, files)

    assert cause.kind == "async-without-plugin"
    assert places(cause)[0] == "tests/test_b.py:4"
