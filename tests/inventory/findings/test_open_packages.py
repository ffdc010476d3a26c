"""Modules that lack in a package without ``__init__.py``, held to what Python imports; and what may have them all the
same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.inventory import Finding, Requirement
from kit.facts.target import Interpreter
from kit.inventory import Inventory
from kit.inventory.source.shared_names import SharedNames
from tests.helpers import write_project
from tests.inventory.projects import Source, target_at
from tests.target.making import make_environment

APP = {
    "app/api/routes.py": "from app.services.users import users\n",
    "app/services/users.py": "users = 1\n",
    "app/services/billings.py": "charge = 1\n",
    "app/core/__init__.py": "from app.services import users\n",
    "app/core/clock.py": "",
    "app/native/speed.pyx": "",
    "app/static/logo.svg": "",
}
#: a statement, and the module that lacks, with the one that is near to it
STATEMENTS = {
    "import app.services.users": None,
    "from app.services import users, billings": None,
    "from app import core, services": None,
    "from app.core import clock, users": None,
    "import app.static": None,
    "from app import static": None,
    "from app.services import *": None,
    "from app.services import __path__": None,
    "from app.services.billing import charge": ("app.services.billing", "app.services.billings"),
    "from app.services import billing": ("app.services.billing", "app.services.billings"),
    "import app.services.user": ("app.services.user", "app.services.users"),
    "from app.core.clocks import x": ("app.core.clocks", "app.core.clock"),
    "from app.servces import users": ("app.servces", "app.services"),
    "from app import service": ("app.service", "app.services"),
    "try:\n    import app.services.billing\nexcept ImportError:\n    pass": None,
    "try:\n    from app.services import billing\nexcept ImportError:\n    billing = None": None,
    "from contextlib import suppress\nwith suppress(ImportError):\n    import app.services.billing": None,
    "def f():\n    try:\n        import app.services.billing\n    except (ImportError, OSError): ...\nf()": None,
    "def f():\n    try:\n        import app.services.billing\n    except ModuleNotFoundError: ...\nf()": None,
    "import contextlib\ndef f():\n    with contextlib.suppress(ImportError):\n        import app.static.x\nf()": None,
    "class C:\n    try:\n        import app.services.billing\n    except ImportError:\n        pass": None,
    "def f():\n    try:\n        import app.services.billing\n    except ValueError:\n        pass\nf()": (
        "app.services.billing",
        "app.services.billings",
    ),
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.services.billing import charge": None,
}


def found(files: Mapping[str, str], root: Path = Path("in-memory"), roots: tuple[str, ...] = (".",)) -> list[Finding]:
    return Source(files, roots, root=root).found("unresolved-import")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), APP)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_an_import(root: Path, statement: str) -> None:
    lacking = STATEMENTS[statement]
    run = subprocess.run([sys.executable, "-Bc", statement], cwd=root, capture_output=True, text=True, check=False)
    assert ("Error: " in run.stderr) == (lacking is not None)

    findings = found({**APP, "main.py": statement}, root)

    expected = [("smell", [lacking[0]], lacking[1])] if lacking else []
    assert [(one.severity, one.details["missing"], near_to(one)) for one in findings] == expected
    line = next(
        (number for number, text in enumerate(statement.splitlines(), 1) if "app." in text or " app" in text), 1
    )
    assert [str(one.locations[0]) for one in findings] == [f"main.py:{line}"] * len(expected)


def near_to(finding: Finding) -> str:
    return finding.evidence[0].partition("(near to it: ")[2].removesuffix(")")


def test_a_relative_import_of_a_module_that_is_not_there() -> None:
    findings = found(
        {**APP, "app/api/bills.py": "def f():\n    from ..services import billing\n    from . import rout\n"}
    )

    assert [one.details["missing"] for one in findings] == [["app.api.rout"], ["app.services.billing"]]
    assert {one.severity for one in findings} == {"smell"}


def test_a_name_that_a_file_of_an_open_package_does_not_bind_blocks_as_ever() -> None:
    (finding,) = found({**APP, "main.py": "from app.services.users import user\n"})

    assert (finding.severity, finding.details["missing"]) == ("blocks_now", ["app.services.users.user"])


BROKEN = {**APP, "main.py": "from app.services.billing import charge\n"}
#: what gives the package further modules, or names: a file and its text
GIVEN = {
    "another import root": {"libs/app/services/billing.py": "charge = 1\n"},
    "a folder that no import root is": {"other/app/services/billing/__init__.py": ""},
    "a folder of a namespace that no import root is": {"other/app/services/billing/deep.py": ""},
    "a compiled module": {"app/services/billing.cpython-311-x86_64-linux-gnu.so": ""},
    "a compiled module of Windows": {"app/services/billing.pyd": ""},
    "a stub of a compiled module": {"app/services/billing.pyi": ""},
    "the source of a compiled module": {"app/services/billing.pyx": ""},
    "a conftest that extends the path": {"conftest.py": "import app\napp.__path__.append('x')\n"},
    "code that extends the path of the inner package": {
        "plugins.py": "import app.services\napp.services.__path__.append('x')\n"
    },
    "a test that puts a module into the table": {
        "tests/test_a.py": "import sys\nsys.modules['app.services.billing'] = sys\n"
    },
    "a list of files that the app generates": {".gitignore": "# made\napp/services/billing.py\n"},
    "a pattern of files that the app generates": {".gitignore": "bill*.py\n"},
}


@pytest.mark.parametrize("how", GIVEN)
def test_a_module_that_may_come_from_elsewhere_is_not_missing(tmp_path: Path, how: str) -> None:
    before, after = (
        write_project(tmp_path / name, files) for name, files in (("a", BROKEN), ("b", {**BROKEN, **GIVEN[how]}))
    )
    roots = (".", "libs")

    assert len(found(BROKEN, before, roots)) == 1
    assert found({**BROKEN, **GIVEN[how]}, after, roots) == []


@pytest.mark.parametrize(
    "text",
    [
        "from app.services._version import version",
        "from app.services.billing_pb2 import Bill",
        "from app.services import billing_pb2_grpc",
    ],
)
def test_a_module_that_a_build_makes_is_not_missing(text: str) -> None:
    assert found({**APP, "main.py": text}) == []


def test_a_folder_with_the_name_of_a_library_is_not_its_package() -> None:
    files = {"alembic/env.py": "from alembic import context\nfrom alembic.config import Config\n"}
    assert found(files) == []
    assert found({"test/helpers.py": "", "test/test_a.py": "import test.helpers\nfrom test.support import y\n"}) == []


def test_a_module_of_a_regular_package_may_be_compiled_or_a_folder(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/deep/fast.pyi": "",
        "app/deep/code.py": "",
        "app/static/logo.svg": "",
        "main.py": "from app.deep import fast\nimport app.deep.fast, app.static\nfrom app import static\n",
    }
    assert found(files, write_project(tmp_path, files)) == []


def test_a_module_that_an_ignored_file_would_be_is_a_smell(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "main.py": "from app.version import version\n", ".gitignore": "app/version.py\n"}
    (finding,) = found(files, write_project(tmp_path, files))
    assert finding.severity == "smell"


def findings_at(root: Path, python: Path | None, copied_from: Path | None = None) -> list[str]:
    target = target_at(root)
    assert target.interpreter
    interpreter = replace(target.interpreter, is_kits_own=True)
    if python:
        interpreter = Interpreter(str(python), target.interpreter.version)
    facts = Inventory.of(replace(target, interpreter=interpreter), runtime=False, copied_from=copied_from).facts
    return [one.title for one in facts.findings if one.kind == "unresolved-import"]


TITLE = "main.py imports app.services.billing, which does not exist"


@pytest.mark.slow
@pytest.mark.parametrize("inside", [True, False])
def test_an_installed_distribution_may_have_a_part_of_the_package(tmp_path: Path, *, inside: bool) -> None:
    root = write_project(tmp_path / "app", BROKEN)
    environment = make_environment((root if inside else tmp_path) / ".venv")
    (packages,) = environment.glob("lib/python3*/site-packages")
    python = environment / "bin" / "python"

    (packages / "root.pth").write_text(f"{root}\n")  # an editable install: the tree itself is no other place
    assert findings_at(root, python) == [TITLE]
    copy = write_project(tmp_path / "copy", BROKEN)
    assert (findings_at(copy, python), findings_at(copy, python, root)) == ([], [TITLE])
    write_project(packages, {"app/services/billing.py": ""})
    assert findings_at(root, python) == []


@pytest.mark.parametrize(
    ("requirements", "project", "is_found"),
    [
        ("fastapi\n", "shop", True),
        ("app-payments>=2\n", "shop", False),
        ("app\n", "shop", False),
        ("", "app", True),
        ("", "app.services", False),
        ("", "app-services", False),
    ],
)
def test_without_an_environment_the_names_of_distributions_tell(
    tmp_path: Path, requirements: str, project: str, *, is_found: bool
) -> None:
    files = {**BROKEN, "requirements.txt": requirements, "pyproject.toml": f'[project]\nname = "{project}"\n'}
    assert findings_at(write_project(tmp_path, files), None) == [TITLE] * is_found


def test_an_interpreter_that_does_not_answer_is_no_proof(tmp_path: Path) -> None:
    target = replace(target_at(tmp_path), interpreter=Interpreter(str(tmp_path / "gone"), "3.11"))
    assert SharedNames(target, [Requirement("fastapi", "requirements.txt", 1)], tmp_path)("app")
