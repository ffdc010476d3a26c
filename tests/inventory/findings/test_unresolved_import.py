"""Imports of the target's own modules and names that do not exist, held to what Python really imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.facts.inventory import Finding
from tests.helpers import write_project
from tests.inventory.projects import Source

APP = {
    "app/__init__.py": "from app import models\nVALUE = 1",
    "app/models.py": (
        "import json\nfrom app.other import *\nfrom typing import List as L\nfor loop in 'a': pass\n"
        "with open(__file__) as opened: pass\nif True:\n    conditional = 1\n"
        "def f():\n    global made\n    made = 1\nf()\n"
        "class User: pass\nfirst, second = 1, 2\nfirst: int = 2\n"
    ),
    "app/other.py": "__all__ = ['starred']\nstarred = 1\nhidden = 1",
    "app/lazy.py": "def __getattr__(name):\n    return 1",
    "app/grown/__init__.py": "def __getattr__(name):\n    return 1",
    "app/grown/kept.py": "",
    "app/unseen.py": "globals().update(x=1)",
    "app/loose/deep.py": "",
    "app/native.txt": "",
}
STATEMENTS = {
    "from app.models import User": None,
    "from app.models import loop, opened, conditional, made, first, second, L, json, starred": None,
    "from app.models import __file__": None,
    "from app import models, VALUE": None,
    "import app.loose.deep": None,
    "from app.loose import deep": None,
    "from app.lazy import anything": None,
    "from app.grown import anything, kept": None,
    "from app.grown.keptt import x": "The target has no module app.grown.keptt (near to it: app.grown.kept)",
    "from app.unseen import x": None,
    "from app.models import *": None,
    "import json.decoder": None,
    "try:\n    from app.models import Usr\nexcept ImportError:\n    Usr = None": None,
    "from contextlib import suppress\nwith suppress(ImportError):\n    import app.nothing": None,
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.nothing import x": None,
    "from app.models import Usr": "The module app.models binds no Usr (near to it: User)",
    "from app.models import User, Usr": "The module app.models binds no Usr (near to it: User)",
    "from app.models import hidden": "The module app.models binds no hidden",
    "import app.model": "The target has no module app.model (near to it: app.models)",
    "from app.model import User": "The target has no module app.model (near to it: app.models)",
    "from app import nothing_like_it": "The module app binds no nothing_like_it",
    "from app.loose.nothing import x": "The target has no module app.loose.nothing",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), APP)


def found(text: str, path: str = "main.py", root: Path = Path("in-memory")) -> list[Finding]:
    findings = Source({**APP, path: text}, root=root).found("unresolved-import")
    return [item for item in findings if item.locations[0].path == path]


@pytest.mark.parametrize(("statement", "why"), STATEMENTS.items(), ids=STATEMENTS.keys())
def test_an_import(root: Path, statement: str, why: str | None) -> None:
    run = subprocess.run([sys.executable, "-Bc", statement], cwd=root, capture_output=True, text=True, check=False)
    assert ("Error: " in run.stderr) == (why is not None)
    assert [(item.severity, item.evidence) for item in found(statement)] == [("blocks_now", (why,))] * (why is not None)


def test_statements_of_one_file_that_lack_the_same_are_one_finding() -> None:
    text = "def f():\n    from app.model import User\nfrom app.model import Other\nfrom app.model import Usr as User\n"

    (finding,) = found(text)

    assert [str(place) for place in finding.locations] == ["main.py:2", "main.py:3", "main.py:4"]
    assert finding.severity == "blocks_now"
    assert len(found("from app.models import Usr\nfrom app.models import Usr, Ordr\n")) == 2


def test_the_place_and_the_statement() -> None:
    (finding,) = found("import os\nfrom app.models import (\n    Usr,\n    Ordr,\n)")
    assert finding.id == "unresolved-import:main.py:app.models.Usr"
    assert finding.title == "main.py imports app.models.Usr and app.models.Ordr, which do not exist"
    assert str(finding.locations[0]) == "main.py:2"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("def f():\n    from app.models import Usr", "main.py"),
        ("from app._version import version", "main.py"),
        ("from app.models import Usr", "scripts/one.py"),
    ],
)
def test_what_may_never_run_or_is_made_by_a_build_is_a_smell(text: str, path: str) -> None:
    assert [item.severity for item in found(text, path)] == ["smell"]


def test_an_extension_module_is_no_source(root: Path) -> None:
    assert len(found("import app.native")) == 1
    assert found("import app.native", root=root) == []
    assert found("from app import native", root=root) == []


#: a statement that names what is not there, and whether it certainly runs
CONDITIONS = {
    "from shop.plus import extras": True,
    "if settings.PLUS:\n    from shop.plus import extras": False,
    "if settings.PLUS:\n    import os\nelif settings.MORE:\n    import shop.plus.extras": False,
    "if not settings.BASIC:\n    pass\nelse:\n    from shop.plus import extras": False,
    "if settings.PLUS:\n    for name in ():\n        from shop.plus import extras": False,
    "match settings.KIND:\n    case 'plus':\n        from shop.plus import extras": False,
    "class A:\n    if settings.PLUS:\n        from shop.plus import extras": False,
    "if __name__ == '__main__':\n    from shop.plus import extras": False,
    "if TYPE_CHECKING:\n    pass\nelse:\n    from shop.plus import extras": True,
    "if settings.PLUS:\n    pass\nfrom shop.plus import extras": True,
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_an_import_behind_a_condition_may_never_run(text: str) -> None:
    project = Source(
        {
            "shop/__init__.py": "",
            "shop/settings.py": "PLUS = MORE = KIND = BASIC = None\n",
            "shop/plus/__init__.py": "",
            "shop/main.py": f"from typing import TYPE_CHECKING\nfrom shop import settings\n{text}\n",
            "tests/test_main.py": "import shop.main\n",
        }
    )
    severity = "blocks_now" if CONDITIONS[text] else "smell"
    assert [finding.severity for finding in project.found("unresolved-import")] == [severity]


def test_what_only_a_condition_imports_is_not_certainly_loaded() -> None:
    project = Source(
        {
            "app/__init__.py": "import os\nif os.environ.get('PLUS'):\n    import app.plus\n",
            "app/plus.py": "from app import missing\n",
            "tests/test_a.py": "import app\n",
        }
    )
    assert [finding.severity for finding in project.found("unresolved-import")] == ["blocks_when_both_imported"]


#: what else a module may have its names from, or a package its modules: a file, its text, and a statement that works
UNSEEN = {
    "atpublic": ("app/a.py", "from public import public\npublic(now=len)\n", "from app.a import now"),
    "locals()": ("app/a.py", "for name in 'xy':\n    locals()[name] = 1\n", "from app.a import x"),
    "exec": ("app/a.py", "import os\nexec('x = 1')\n", "from app.a import x"),
    "a call that makes the module anew": (
        "app/a.py",
        "from lib import recreate\nold, new = recreate(__name__, by_module={'app.b': ['Order']})\n",
        "from app.a import Order",
    ),
    "a call that gives the module names": (
        "app/a.py",
        "from lib import attach\nattach(__name__, ['Order'])\n",
        "from app.a import Order",
    ),
    "a conftest that extends the path": ("conftest.py", "import app\napp.__path__.append('x')\n", "import app.gone"),
    "a test that assigns the path": ("tests/test_b.py", "import app\napp.__path__ += ['x']\n", "from app import gone"),
    "code that fills the module": (
        "app/b.py",
        "from app import a\ndef register(cls):\n    setattr(a, cls.__name__, cls)\n",
        "from app.a import Order",
    ),
    "the package itself": (
        "app/__init__.py",
        "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n",
        "from app.gone import x",
    ),
}


@pytest.mark.parametrize("how", UNSEEN)
def test_what_source_does_not_show_may_be_there(how: str) -> None:
    path, text, statement = UNSEEN[how]
    files = {"app/__init__.py": "", "app/a.py": "", "tests/test_a.py": statement}
    assert Source(files).found("unresolved-import")
    assert Source({**files, path: text}).found("unresolved-import") == []


@pytest.mark.parametrize("text", ["log = getLogger(__name__)\n", "app = Flask(__name__, static_folder='x')\n"])
def test_a_module_that_only_tells_its_name_has_the_names_that_source_shows(text: str) -> None:
    files = {"app/__init__.py": "", "app/a.py": text, "tests/test_a.py": "from app.a import Order"}
    assert Source(files).found("unresolved-import")


@pytest.mark.parametrize(
    ("path", "others", "severity"),
    [
        ("init_db.py", {}, "smell"),
        ("contrib/hooks/queue.py", {}, "smell"),
        ("init_db.py", {"app/b.py": "import init_db\n"}, "blocks_when_both_imported"),
        ("init_db.py", {"tests/test_b.py": "import init_db\n"}, "blocks_now"),
        ("app/main.py", {}, "blocks_when_both_imported"),
        ("init_db.py", {"tests/test_a.py": None}, "blocks_now"),
    ],
)
def test_a_script_that_nothing_imports_blocks_no_test(path: str, others: dict[str, str | None], severity: str) -> None:
    files = {"app/__init__.py": "", "app/a.py": "", "tests/test_a.py": "import app.a\n", **others}
    project = Source(
        {**{name: text for name, text in files.items() if text is not None}, path: "from app import gone\n"}
    )
    assert [finding.severity for finding in project.found("unresolved-import")] == [severity]
