"""What tests see of bytecode is what they see in a plain run, while kit compiles elsewhere and writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kit
from kit.target import protection_of, scratch_copy
from tests.helpers import write_project
from tests.suite.conftest import Run
from tests.suite.projects import outcomes, target_of

pytestmark = pytest.mark.slow

LOOKS = """
    import importlib.util, json, os, subprocess, sys

    def test_looks():
        names = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
        seen = [sys.dont_write_bytecode, sys.pycache_prefix, [os.environ.get(name) for name in names]]
        with open({note!r}, "w") as file:
            json.dump(seen, file)

    def test_what_is_imported_is_compiled_beside_its_source(tmp_path):
        source = tmp_path / "made.py"
        source.write_text("A = 1")
        subprocess.run([sys.executable, "-c", "import made"], cwd=tmp_path, check=True)
        assert [one.name for one in (tmp_path / "__pycache__").iterdir()]
        assert importlib.util.cache_from_source(str(source)).startswith(str(tmp_path))
"""


#: kit itself is on the path of this interpreter, in a folder that no sandbox covers
CONFTEST = f"import sys\nsys.path[:] = [one for one in sys.path if one != {str(Path(kit.__file__).parents[1])!r}]\n"


@pytest.fixture(autouse=True)
def _needs_a_sandbox(tmp_path: Path) -> None:
    with scratch_copy(target_of(write_project(tmp_path / "any", {"pytest.ini": ""}))) as root:
        if not protection_of(root).covers:
            pytest.skip("without a sandbox nothing may be written beside the sources")


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_tests_see_bytecode_as_in_a_plain_run(
    run: Run, tmp_path: Path, isolation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    facts = run({"conftest.py": CONFTEST, "test_a.py": LOOKS.format(note=str(tmp_path / "note"))}, isolation=isolation)

    assert set(outcomes(facts).values()) == {"passed"}
    assert json.loads((tmp_path / "note").read_text()) == [False, None, [None, None]]


def test_what_the_user_has_set_stays(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "x")
    run({"conftest.py": CONFTEST, "test_a.py": LOOKS.format(note=str(tmp_path / "note"))})

    assert json.loads((tmp_path / "note").read_text()) == [True, None, ["x", None]]


def test_nothing_is_compiled_into_a_folder_whose_changes_would_stay(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    beside = write_project(tmp_path / "beside", {"other.py": "A = 1\n", "later.py": "A = 2\n"})
    files = {
        "conftest.py": f"{CONFTEST}sys.path.append({str(beside)!r})\nimport other\n",
        "test_a.py": "def test_a():\n    import later\n    assert later.A == 2\n",
    }
    facts = run(files)

    assert set(outcomes(facts).values()) == {"passed"}
    assert sorted(one.name for one in beside.iterdir()) == ["later.py", "other.py"]
