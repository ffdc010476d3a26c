import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kit
from kit.target import as_seen, protection_of, scratch_copy, target_environment
from tests.helpers import fingerprint, write_project
from tests.target.making import make_environment, target_at, without_bytecode

KITS_HOME = str(Path(kit.__file__).parents[1])


@pytest.fixture
def root(tmp_path):
    return write_project(
        tmp_path / "app",
        {"shop/__init__.py": "", "shop/models.py": "x = 1\n", "src/extra.py": "", "tests/test_a.py": ""},
    )


def ask(environment, cwd, expression, executable=sys.executable):
    """What an expression is in a Python that is started with this environment, as `python -m` starts it."""
    code = f"import json, os, sys; print(json.dumps({expression}))"
    answer = subprocess.run(
        [executable, "-c", code], env=environment, cwd=cwd, capture_output=True, text=True, check=True
    )
    return json.loads(answer.stdout)


def where(name):
    return f"__import__('importlib').import_module({name!r}).__file__"


def test_modules_come_from_the_copy_as_they_would_from_the_tree(root):
    target = target_at(root)
    with scratch_copy(target) as copy:
        environment = target_environment(target, copy)
        assert ask(environment, copy, where("shop.models")) == str(copy / "shop" / "models.py")


@pytest.mark.slow
def test_the_copy_wins_over_an_editable_install_of_the_tree(root, tmp_path):
    python = make_environment(tmp_path / "environment") / "bin" / "python"
    (packages,) = (tmp_path / "environment").glob("lib/python3*/site-packages")
    (packages / "app.pth").write_text(str(root / "src"))
    target = target_at(root, executable=str(python), paths_in_tree=("src",))
    with scratch_copy(target) as copy:
        environment = target_environment(target, copy)
        seen = as_seen(str(copy / "src" / "extra.py"), copy)
        assert ask(environment, tmp_path, where("extra"), str(python)) == seen


def test_pythonpath_of_the_user_is_kept_and_the_tree_in_it_becomes_the_copy(root, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / "src"), str(tmp_path / "elsewhere"), KITS_HOME, ""]))
    target = target_at(root)
    copy = tmp_path / "copy"
    expected = [str(copy / "src"), str(tmp_path / "elsewhere")]
    assert target_environment(target, copy)["PYTHONPATH"].split(os.pathsep) == expected


def test_without_anything_to_put_on_it_there_is_no_pythonpath(root, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", KITS_HOME)
    assert "PYTHONPATH" not in target_environment(target_at(root), tmp_path / "copy")


def test_the_interpreters_environment_is_active_and_kits_own_is_not(root, tmp_path, monkeypatch):
    environment = make_environment(tmp_path / "environment")
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    monkeypatch.setenv("PATH", os.pathsep.join([f"{sys.prefix}/bin", "/usr/bin", "/bin"]))
    variables = target_environment(target_at(root, executable=str(environment / "bin" / "python")), tmp_path)
    assert variables["VIRTUAL_ENV"] == str(environment)
    assert variables["PATH"].split(os.pathsep) == [str(environment / "bin"), "/usr/bin", "/bin"]


def test_an_interpreter_of_the_system_leaves_no_environment_active(root, tmp_path, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert "VIRTUAL_ENV" not in target_environment(target_at(root, executable="/usr/bin/python3"), tmp_path)


def test_settings_of_kits_own_session_do_not_reach_the_target(root, tmp_path, monkeypatch):
    noise = {"COLUMNS": "80", "NO_COLOR": "1", "FORCE_COLOR": "1", "PYTHONHOME": "/x", "PYTHONSAFEPATH": "1"}
    noise |= {"PYTEST_CURRENT_TEST": "x", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    for name, value in noise.items():
        monkeypatch.setenv(name, value)
    assert not noise.keys() & target_environment(target_at(root), tmp_path).keys()


def test_settings_of_the_user_do_reach_the_target(root, tmp_path, monkeypatch):
    settings = {
        "PYTEST_ADDOPTS": "-q",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "DATABASE_URL": "sqlite://",
        "MPLBACKEND": "Agg",
    }
    settings |= {"PYTHONHASHSEED": "7"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert settings.items() <= target_environment(target_at(root), tmp_path).items()


def test_temporary_files_go_beside_the_copy_and_away_with_it(root):
    target = target_at(root)
    with scratch_copy(target) as copy:
        environment = target_environment(target, copy)
        folder = Path(ask(environment, copy, "__import__('tempfile').mkdtemp()"))
        assert folder.parent.parent == copy.parent.parent
        assert folder.parent != copy.parent
    assert not folder.exists()


def test_no_bytecode_is_written(root):
    target = target_at(root)
    with scratch_copy(target) as copy:
        ask(target_environment(target, copy), copy, where("shop.models"))
        assert fingerprint(copy) == fingerprint(root)


@pytest.mark.slow
def test_packages_that_were_never_compiled_are_compiled_beside_the_copy(root):
    target = without_bytecode(target_at(root))
    with scratch_copy(target) as copy:
        ask(target_environment(target, copy), copy, where("shop.models"))
        assert fingerprint(copy) == fingerprint(root)
        assert list(copy.parent.parent.rglob("models.cpython-*.pyc"))


def test_no_variable_leads_git_or_a_shell_back_to_the_real_tree(root, tmp_path, monkeypatch):
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "OLDPWD", "PWD"):
        monkeypatch.setenv(name, str(root))
    environment = target_environment(target_at(root), tmp_path / "copy")
    assert not [name for name, value in environment.items() if value == str(root)]
    assert environment["PWD"] == str(tmp_path / "copy")


@pytest.mark.slow
def test_an_environment_in_the_tree_is_active_only_where_it_is_covered(root, monkeypatch):
    target = target_at(root, executable=str(make_environment(root / ".venv") / "bin" / "python"))
    for best in ("bind+pids", "copy"):
        monkeypatch.setenv("KIT_SANDBOX", best)
        with scratch_copy(target) as copy:
            is_active = "VIRTUAL_ENV" in target_environment(target, copy)
            assert is_active == protection_of(copy).covers
