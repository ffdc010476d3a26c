"""Where tests lie, and from which folders modules are imported."""

import os
import subprocess
import sys

import pytest

from kit.facts.errors import UsageError
from kit.facts.target import Interpreter
from kit.target.import_roots import find_import_roots
from kit.target.notes import Notes
from kit.target.pytest_config import read_config
from kit.target.test_paths import find_tests
from kit.target.tree import Tree
from tests.helpers import write_project


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def tests_of(tmp_path, notes):
    def tests_of(files):
        root = write_project(tmp_path, files)
        return find_tests(Tree.of(root), read_config(root, (), None, notes), notes)

    return tests_of


@pytest.fixture
def roots_of(tmp_path, notes):
    def roots_of(files, *, paths_in_tree=()):
        root = write_project(tmp_path, files)
        interpreter = Interpreter("python", "3.11.7", paths_in_tree=paths_in_tree)
        return find_import_roots(Tree.of(root), read_config(root, (), None, notes), interpreter, notes)

    return roots_of


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["tests/test_a.py"], ("tests",)),
        (["tests/unit/test_a.py", "tests/api/v1/b_test.py"], ("tests",)),
        (["test_a.py", "tests/test_b.py"], (".",)),
        (["app/orders/test_orders.py", "app/users/test_users.py"], ("app/orders", "app/users")),
        (["app/test_all.py", "app/users/test_users.py"], ("app",)),
        (["backend/tests/test_a.py", "worker/tests/deep/test_b.py"], ("backend/tests", "worker/tests")),
        (["app/tests.py", "app/testing.py"], ()),
        ([".venv/pyvenv.cfg", ".venv/x/test_a.py", "env2/pyvenv.cfg", "env2/test_b.py"], ()),
        (["node_modules/x/test_a.py", ".hidden/test_b.py", "build/lib/test_c.py", "__pycache__/test_d.py"], ()),
    ],
)
def test_tests_are_where_files_are_named_like_tests(tests_of, files, expected):
    assert tests_of(dict.fromkeys(files, "")) == expected


def test_configured_test_paths_come_first(tests_of, notes):
    files = {
        "pytest.ini": "[pytest]\ntestpaths = checks */more\n",
        "checks/a.py": "",
        "app/more/b.py": "",
        "tests/test_a.py": "",
    }
    assert tests_of(files) == ("app/more", "checks")
    assert notes.reasons[-1].why == "testpaths in pytest.ini says so"


def test_configured_test_paths_that_do_not_exist_are_a_warning(tests_of, notes):
    files = {"pytest.ini": "[pytest]\ntestpaths = gone ../outside /etc\n", "tests/test_a.py": ""}
    assert tests_of(files) == ("tests",)
    (warning,) = notes.warnings
    assert "names nothing in the target (gone ../outside /etc)" in warning


def test_configured_names_of_test_files_are_respected(tests_of):
    assert tests_of({"pytest.ini": "[pytest]\npython_files = check_*.py\n", "a/check_a.py": "", "b/test_b.py": ""}) == (
        "a",
    )


def test_no_tests_at_all_is_a_warning(tests_of, notes):
    assert tests_of({"app.py": ""}) == ()
    (warning,) = notes.warnings
    assert "no file has a name like test_*.py or *_test.py; say with --tests where they are" in warning


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app/__init__.py": "", "tests/test_a.py": "import app"}, (".",)),
        ({"src/shop/__init__.py": "", "tests/test_a.py": "from shop import x"}, (".", "src")),
        ({"src/__init__.py": "", "src/shop.py": "", "tests/test_a.py": "from src import shop"}, (".",)),
        ({"pytest.ini": "[pytest]\npythonpath = lib ../up\n", "lib/shop.py": ""}, ("lib", ".")),
        ({"backend/app/__init__.py": "", "backend/tests/test_a.py": "from app.models import User"}, (".", "backend")),
        ({"backend/app/__init__.py": "", "tests/conftest.py": "def f():\n    import app\n"}, (".", "backend")),
        ({"backend/app/__init__.py": "", "tests/test_a.py": "from backend.app import models"}, (".",)),
        ({"app.py": "", "tests/helpers.py": "", "tests/test_a.py": "from helpers import make"}, (".", "tests")),
        (
            {"app.py": "", "tests/__init__.py": "", "tests/helpers.py": "", "tests/test_a.py": "import tests.helpers"},
            (".",),
        ),
        ({"migrations/alembic/env.py": "", "tests/test_a.py": "import alembic, json, sqlalchemy"}, (".",)),
        ({"one/a/__init__.py": "", "two/b.py": "", "tests/test_a.py": "import a\nimport b"}, (".", "one", "two")),
        ({"tests/test_a.py": b"\xff\xfeimport x"}, (".",)),
    ],
)
def test_import_roots_are_those_that_the_tests_need(roots_of, files, expected):
    assert roots_of(files) == expected


HERE = "import os, sys\nfrom pathlib import Path\n"

#: lines of a conftest, and the folders that they put on the path
EDITS = {
    "sys.path.insert(0, str(Path(__file__).parent / 'core'))": ["core"],
    "sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'core'))": ["core"],
    "ROOT = Path(__file__).resolve().parents[0]\nsys.path[:0] = [str(ROOT / 'core'), str(ROOT / 'lib')]": [
        "core",
        "lib",
    ],
    "for entry in ('core', 'lib'):\n    sys.path.insert(0, os.path.join(os.path.dirname(__file__), entry))": [
        "core",
        "lib",
    ],
    "sys.path += [f'{Path(__file__).parent}/core']": ["core"],
    "def pytest_configure(config):\n    sys.path.insert(0, str(config.rootpath / 'core'))": ["core"],
    "if 'core' not in sys.path:\n    sys.path.insert(0, os.getcwd() + '/core')": ["core"],
    "sys.path = [os.path.realpath('core')] + sys.path": ["core"],
    "import site\nsite.addsitedir(Path.cwd().joinpath('lib').as_posix())": ["lib"],
    # of these source tells nothing, or they lead nowhere
    "sys.path.insert(0, os.environ['CORE'])": [],
    "sys.path.insert(0, str(Path(__file__).parent / 'gone'))": [],
    "sys.path.insert(0, str(Path(__file__).parent.parent))": [],
    "print(sys.path, 'core')": [],
    "sys.path.insert(0, (": [],
}


@pytest.mark.parametrize("lines", EDITS)
def test_a_folder_that_a_conftest_puts_on_the_path_is_an_import_root(roots_of, notes, lines):
    files = {"core/__init__.py": "", "core/a.py": "", "lib/b.py": "", "conftest.py": HERE + lines + "\n"}
    assert roots_of(files) == (".", *EDITS[lines])
    assert all("conftest.py:" in reason.why for reason in notes.reasons if reason.value in EDITS[lines])


#: a file of the CI, and the folders that it puts on PYTHONPATH
CI = {
    ".github/workflows/tests.yml": ("env:\n  PYTHONPATH: ${{ github.workspace }}/core:./lib\n", ["core", "lib"]),
    ".gitlab-ci.yml": ("script:\n  - PYTHONPATH=$CI_PROJECT_DIR/core pytest\n", ["core"]),
    "tox.ini": ("[testenv]\nsetenv =\n    PYTHONPATH = {toxinidir}/lib\n", ["lib"]),
    "Makefile": ("test:\n\tPYTHONPATH=core:$(PYTHONPATH) python -m pytest\n", ["core"]),
    "noxfile.py": ('session.run("pytest", env={"PYTHONPATH": "lib"})\n', ["lib"]),
    "README.yml": ("PYTHONPATH: core\n", []),
    "justfile": ("test:\n  PYTHONPATH=/opt/core pytest\n", []),
}


@pytest.mark.parametrize("path", CI)
def test_a_folder_on_the_path_of_the_ci_is_an_import_root(roots_of, path):
    text, folders = CI[path]
    files = {"core/__init__.py": "", "core/a.py": "", "lib/b.py": "", "tests/test_a.py": "", path: text}
    assert roots_of(files) == (".", *folders)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from acme.stock.bins import Bin", (".", "src")),
        ("import acme.stock", (".", "src")),
        ("from src.acme.stock import bins", (".",)),
        ("import other", (".",)),
    ],
)
def test_a_src_layout_may_have_packages_in_folders_without_init(roots_of, statement, expected):
    files = {"src/acme/stock/__init__.py": "", "src/acme/stock/bins.py": "", "tests/test_a.py": statement}
    assert roots_of(files) == expected


def test_what_the_interpreter_can_import_makes_no_folder_an_import_root(tmp_path, notes):
    """A folder that happens to hold a package of the same name is passed over, as is one inside of a package."""
    files = {
        "billing/pluggy/__init__.py": "",
        "billing/ledger/__init__.py": "",
        "app/__init__.py": "",
        "app/pay/wallet.py": "",
        "tests/test_a.py": "import pluggy\nimport ledger\nimport wallet\n",
    }
    root = write_project(tmp_path, files)
    interpreter = Interpreter(sys.executable, "3.11.7")
    roots = find_import_roots(Tree.of(root), read_config(root, (), None, notes), interpreter, notes)
    assert roots == (".", "billing")
    assert notes.reasons[-1].why == "tests import ledger, and nothing else has that name"


def test_what_the_interpreter_has_on_its_path_is_an_import_root(roots_of, notes):
    assert roots_of({"lib/shop.py": "", "tests/test_a.py": "import shop"}, paths_in_tree=("lib",)) == (".", "lib")
    assert "editable install" in notes.reasons[-1].why


@pytest.mark.parametrize(
    ("line", "is_named"),
    [("{root}/lib", True), ("{root}/lib  ", True), ("# {root}/lib", False), ("import os; '{root}/lib'", False)],
)
def test_the_pth_file_that_puts_a_folder_on_the_path_is_named(tmp_path, notes, line, is_named):
    root = write_project(tmp_path / "app", {"lib/shop.py": "", "tests/test_a.py": "import shop"})
    packages = write_project(tmp_path / "env/lib/python3.11/site-packages", {"other.pth": "/elsewhere\n"})
    (packages / "shop.pth").write_text(f"/elsewhere\n{line.format(root=root)}\n")
    interpreter = Interpreter(str(tmp_path / "env/bin/python"), "3.11.7", paths_in_tree=("lib",))

    find_import_roots(Tree.of(root), read_config(root, (), None, notes), interpreter, notes)

    assert ("the file shop.pth" in notes.reasons[-1].why) is is_named
    assert "editable install" in notes.reasons[-1].why


def test_plain_pytest_imports_from_the_roots_that_are_found(tmp_path, notes):
    """The copy's tests can be collected with nothing but these folders on the path."""
    files = {
        "backend/app/__init__.py": "",
        "backend/app/models.py": "x = 1\n",
        "backend/tests/helpers.py": "y = 1\n",
        "backend/tests/test_a.py": "from app.models import x\nfrom helpers import y\n\ndef test_a(): pass\n",
    }
    root = write_project(tmp_path, files)
    roots = find_import_roots(Tree.of(root), read_config(root, (), None, notes), None, notes)
    path = os.pathsep.join(str(root / folder) for folder in roots)
    code = "import app.models, helpers"
    subprocess.run([sys.executable, "-c", code], cwd="/", env={"PYTHONPATH": path}, check=True)


def test_links_that_go_in_a_circle_do_not_trap_the_walk(tmp_path):
    root = write_project(tmp_path / "app", {"pkg/test_a.py": ""})
    (root / "pkg" / "self").symlink_to(root)
    (root / "dangling.py").symlink_to("gone.py")
    assert set(Tree.of(root).modules) == {".", "pkg"}


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable for root")
def test_a_folder_that_cannot_be_read_is_passed_over(tmp_path):
    root = write_project(tmp_path, {"pkg/test_a.py": "", "locked/test_b.py": ""})
    (root / "locked").chmod(0)
    tree = Tree.of(root)
    (root / "locked").chmod(0o755)
    assert tree.modules["locked"] == ()


def test_a_tree_without_end_is_searched_only_so_far(tmp_path, monkeypatch):
    monkeypatch.setattr("kit.target.tree.MOST_FOLDERS", 5)
    root = write_project(tmp_path, {f"p{number}/a.py": "" for number in range(10)})
    tree = Tree.of(root)
    assert not tree.complete
    assert len(tree.modules) == 5


@pytest.mark.slow
def test_ten_thousand_files_are_walked(tmp_path):
    for number in range(200):
        folder = tmp_path / f"p{number % 10}" / f"m{number}"
        folder.mkdir(parents=True)
        for name in range(50):
            os.close(os.open(folder / f"f{name}.py", os.O_CREAT))
    tree = Tree.of(tmp_path)
    assert tree.complete
    assert list(tree.files(["test_*.py"])) == []
    assert len(tree.importable["p0/m0"]) == 50


def test_paths_that_the_user_names_are_relative_to_the_root_or_to_here(tmp_path, monkeypatch):
    tree = Tree.of(write_project(tmp_path / "app", {"tests/unit/test_a.py": ""}).resolve())
    monkeypatch.chdir(tmp_path / "app" / "tests")
    named = ["tests/unit", "unit", str(tmp_path / "app" / "tests"), "."]
    assert tree.named(named, "--tests") == ("tests/unit", "tests/unit", "tests", ".")


@pytest.mark.parametrize("path", ["gone", "../outside", "/etc"])
def test_a_path_that_is_not_in_the_target_is_wrong_use(tmp_path, path):
    write_project(tmp_path, {"outside/test_a.py": "", "app/app.py": ""})
    with pytest.raises(UsageError, match=rf"There is no {path} in .*; give --tests a path inside the target"):
        Tree.of((tmp_path / "app").resolve()).named([path], "--tests")
