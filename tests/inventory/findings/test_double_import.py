"""One file under two module names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.inventory import Inventory
from kit.target import find_target
from tests.helpers import write_project
from tests.inventory.projects import Source

DB = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
USER = (
    "from db import Base\nclass User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer, primary_key=True)\n"
)
APP = {
    "db.py": DB,
    "backend/__init__.py": "",
    "backend/app/__init__.py": "",
    "backend/app/models.py": USER,
    "backend/app/one.py": "from backend.app.models import User",
    "backend/app/two.py": "from app.models import User",
}
ROOTS = (".", "backend")


def test_both_names_and_who_uses_them_are_told() -> None:
    (finding,) = Source(APP, ROOTS).found("double-import")
    assert (finding.id, finding.severity) == ("double-import:.|backend", "blocks_now")
    assert finding.title == "backend/app/models.py is imported as app.models and as backend.app.models"
    assert [str(place) for place in finding.locations] == [
        "backend/app/two.py:1",
        "backend/app/one.py:1",
        "backend/app/models.py:2",
    ]
    assert finding.details == {
        "files": ["backend/app/models.py"],
        "roots": [".", "backend"],
        "uses": ["app.models backend/app/two.py:1", "backend.app.models backend/app/one.py:1"],
    }


def test_it_is_told_apart_from_two_real_classes() -> None:
    source = Source(APP, ROOTS)
    assert source.collisions() == ()
    assert len(source.mappers) == 1


SILENT = {
    "the same name everywhere": {"backend/app/two.py": "from backend.app.models import User"},
    "relative imports": {"backend/app/two.py": "from .models import User"},
    "for type checkers": {"backend/app/two.py": "if TYPE_CHECKING:\n    from app.models import User"},
    "a library of that name": {"backend/app/two.py": "from models import Else", "backend/models.py": "x = 1"},
    "the standard library": {
        "backend/app/two.py": "from logging import handlers",
        "backend/logging.py": "handlers = 1",
        "backend/app/one.py": "from backend.logging import handlers",
    },
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT.keys())
def test_what_is_no_double_import(files: dict[str, str]) -> None:
    assert Source({**APP, **files}, ROOTS).found("double-import") == []


def test_a_file_without_mapped_classes_is_a_smell() -> None:
    (finding,) = Source({**APP, "backend/app/models.py": "User = 1"}, ROOTS).found("double-import")
    assert finding.severity == "smell"


def test_it_waits_while_the_suite_loads_only_one_of_them() -> None:
    (finding,) = Source({**APP, "test_a.py": "import backend.app.one"}, ROOTS).found("double-import")
    assert finding.severity == "blocks_when_both_imported"


CAUSES = {
    "pytest.ini": ("[pytest]\npythonpath = . backend\n", "pytest.ini:2: pythonpath names the folder backend"),
    "pyproject.toml": (
        '[tool.pytest.ini_options]\npythonpath = [\n  "backend",\n]\n',
        "pyproject.toml:2: pythonpath names the folder backend",
    ),
    "backend/conftest.py": (
        "",
        "backend/conftest.py:1: pytest puts the folder backend on sys.path, since this conftest is in no package",
    ),
    "conftest.py": (
        "import sys\nsys.path.insert(0, 'backend')\n",
        "conftest.py:2: sys.path.insert(0, 'backend') adds the folder backend",
    ),
}


@pytest.mark.parametrize(("path", "text", "evidence"), [(path, *said) for path, said in CAUSES.items()], ids=CAUSES)
def test_what_makes_it_so_is_told(path: str, text: str, evidence: str, tmp_path: Path) -> None:
    files = {**APP, path: text}
    if path == "backend/conftest.py":
        del files["backend/__init__.py"]
    write_project(tmp_path, files)
    (finding,) = Source(files, ROOTS, tmp_path).found("double-import")
    assert evidence in finding.evidence


@pytest.mark.slow
def test_the_line_that_puts_a_package_folder_on_the_path_is_told(tmp_path: Path) -> None:
    conftest = """
    import sys
    from pathlib import Path

    HERE = Path(__file__).resolve().parent
    for entry in (HERE, HERE / "backend"):
        if str(entry) not in sys.path:
            sys.path.insert(0, str(entry))
    """
    files = {**APP, "conftest.py": conftest, "tests/test_a.py": "import backend.app.one, backend.app.two\n"}
    root = write_project(tmp_path, files)
    target = find_target(root)
    assert target.import_roots == (".", "backend")
    (finding,) = [one for one in Inventory.of(target, runtime=False).facts.findings if one.kind == "double-import"]
    assert finding.severity == "blocks_now"
    assert "conftest.py:7" in [str(place) for place in finding.locations]
    assert "conftest.py:7: sys.path.insert(0, str(entry)) adds the folder backend" in finding.evidence


def test_the_name_without_its_package_comes_first_and_what_allows_the_full_one_is_no_place(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
        "db.py": DB,
        "core/__init__.py": "",
        "core/models.py": USER,
        "a.py": "from core.models import User",
        "b.py": "from models import User",
    }
    write_project(tmp_path, files)
    (finding,) = Source(files, (".", "core"), tmp_path).found("double-import")

    assert [str(place) for place in finding.locations] == ["b.py:1", "a.py:1", "core/models.py:2"]
    assert "pyproject.toml:2: pythonpath names the root folder" in finding.evidence
