"""The whole room at work: a badly behaved suite runs in a copy, as it would in the tree, and leaves nothing behind."""

import subprocess
import sys

import psutil
import pytest

from kit.target import find_target, guarded, scratch_copy, target_environment
from tests.helpers import fingerprint, write_project

SUITE = """
    import os, pathlib, subprocess, sys, tempfile
    from shop.models import PLACE

    def test_it_runs_in_the_copy():
        assert PLACE == os.path.join(os.getcwd(), "src", "shop", "models.py")

    def test_its_children_import_the_copy_too():
        child = [sys.executable, "-c", "import shop.models as m; print(m.__file__)"]
        assert subprocess.check_output(child, cwd="/", text=True).strip() == PLACE

    def test_it_writes_where_it_likes():
        pathlib.Path(PLACE).write_text("broken")
        pathlib.Path("database.sqlite").touch()
        tempfile.mkstemp()

    def test_it_leaves_a_daemon():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/bin/sleep", ["/bin/sleep", "678"])
            os._exit(0)
        os.wait()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the guard needs Linux")
def test_a_suite_runs_in_a_copy_and_leaves_nothing_behind(tmp_path, monkeypatch):
    root = write_project(
        tmp_path / "shop",
        {"src/shop/__init__.py": "", "src/shop/models.py": "PLACE = __file__\n", "tests/test_shop.py": SUITE},
    )
    monkeypatch.setenv("PYTHONPATH", str(root / "src"))
    before = fingerprint(root)
    target = find_target(root, python=sys.executable)
    assert target.import_roots == (".", "src")
    with scratch_copy(target) as copy:
        environment = target_environment(target, copy) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        pytest_command = [target.interpreter.executable, "-m", "pytest", "-p", "no:cacheprovider", *target.test_paths]
        command = guarded(pytest_command, root=copy)
        answer = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, start_new_session=True
        )
        area = copy.parent.parent
    assert "4 passed" in answer.stdout, answer.stdout
    assert answer.returncode == 0
    assert fingerprint(root) == before
    assert not area.exists()
    assert not any(process.info["cmdline"] == ["/bin/sleep", "678"] for process in psutil.process_iter(["cmdline"]))
