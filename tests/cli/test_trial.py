"""A change that a person wrote gets the same table as an option, and the tree stays as it is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.helpers import fingerprint, run_kit, write_project

pytestmark = pytest.mark.slow

PATCH = "--- a/shop.py\n+++ b/shop.py\n@@ -1,2 +1,2 @@\n def price():\n-    return 1\n+    return 2\n"
TESTS = """
from shop import price


def test_unlocked():
    assert price() == 2


def test_broken():
    assert price() == 1


def test_kept():
    assert price()


def test_still_failing():
    assert price() is None
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "shop.py": "def price():\n    return 1\n",
        "test_shop.py": TESTS,
        "pytest.ini": "[pytest]\n",
    }
    return write_project(tmp_path / "shop", files)


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def test_a_patch_is_measured_in_a_copy(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.diff").write_text(PATCH)
    before = fingerprint(root)

    done = run_kit("trial", str(root), "--patch", str(tmp_path / "mine.diff"), "--format", "json", cwd=tmp_path)

    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["unlocked"] == ["test_shop.py::test_unlocked"]
    assert found["broken"] == ["test_shop.py::test_broken"]
    assert (found["kept"], found["still_failing"], found["before"], found["after"]) == (1, 1, 4, 4)
    assert found["verdict"] == "PARTIAL"
    assert fingerprint(root) == before


def test_a_revision_is_measured_against_the_last_commit(root: Path, tmp_path: Path) -> None:
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    git(root, "checkout", "-qb", "fix")
    (root / "shop.py").write_text("def price():\n    return 2\n")
    git(root, "commit", "-qam", "second")
    git(root, "checkout", "-q", "main")

    done = run_kit("trial", str(root), "--rev", "fix", cwd=tmp_path)

    assert "1  unlocked        failed before, pass now" in done.stdout
    assert "4 tests before = 4 in both runs + 0 gone" in done.stdout
    assert "broken: test_shop.py::test_broken" in done.stdout


def test_the_tree_as_it_is_now_is_measured_against_a_case(root: Path, tmp_path: Path) -> None:
    reports = ["--reports-dir", str(tmp_path / "reports")]
    run_kit("run", str(root), "--case", "monday", *reports, cwd=tmp_path)
    (root / "shop.py").write_text("def price():\n    return 2\n")

    done = run_kit("trial", str(root), "--against", "monday", "--format", "json", *reports, cwd=tmp_path)

    found = json.loads(done.stdout)
    assert found["unlocked"] == ["test_shop.py::test_unlocked"]
    assert found["broken"] == ["test_shop.py::test_broken"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Name one change: --patch FILE, --rev BRANCH or --against CASE."),
        (["--patch", "none.diff"], "The patch none.diff cannot be read: No such file or directory."),
        (
            ["--patch", "other.diff"],
            "The patch does not apply: hunk 1 of 1 in shop.py, at line 1, does not fit",
        ),
        (["--patch", "outside.diff"], "The patch changes ../x.py, which is outside of the target"),
        (["--patch", "wide.diff"], "The patch wide.diff is written in UTF-16, which git cannot read"),
        (["--rev", "fix"], "is in no git repository, so it has no revisions"),
        (["--against", "friday"], 'There is no case "friday"'),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(given: list[str], sentence: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "other.diff").write_text(PATCH.replace("return 1", "return 7"))
    (tmp_path / "wide.diff").write_text(PATCH, encoding="utf-16")
    (tmp_path / "outside.diff").write_text(PATCH.replace("shop.py", "../x.py"))

    done = run_kit("trial", str(root), *given, cwd=tmp_path)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stdout == ""


def test_a_patch_of_the_repository_fits_a_target_below_its_root(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "mine.diff").write_text(PATCH.replace("/shop.py", "/shop/shop.py"))

    done = run_kit("trial", str(root), "--patch", str(tmp_path / "mine.diff"), "--format", "json", cwd=tmp_path)

    assert json.loads(done.stdout)["unlocked"] == ["test_shop.py::test_unlocked"]


def test_tests_that_need_the_path_of_the_tree_find_the_patched_files_there(root: Path, tmp_path: Path) -> None:
    (root / "test_shop.py").write_text(
        f"def test_value():\n    assert 'return 2' in open({str(root / 'shop.py')!r}).read()\n"
    )
    (tmp_path / "mine.diff").write_text(PATCH)

    done = run_kit("trial", str(root), "--patch", str(tmp_path / "mine.diff"), "--format", "json", cwd=tmp_path)

    found = json.loads(done.stdout)
    assert (done.returncode, found["unlocked"]) == (0, ["test_shop.py::test_value"])
    assert "return 1" in (root / "shop.py").read_text()


def test_a_revision_that_is_not_there_is_one_sentence(root: Path, tmp_path: Path) -> None:
    git(root, "init", "-q")

    done = run_kit("trial", str(root), "--rev", "fix", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert 'There is no revision "fix" in the repository of' in done.stderr


def test_a_patch_is_measured_where_no_test_can_be_collected_without_it(root: Path, tmp_path: Path) -> None:
    (root / "shop.py").write_text("def cost():\n    return 1\n")
    (tmp_path / "mine.diff").write_text(PATCH.replace(" def price", "-def cost():\n+def price"))

    done = run_kit("trial", str(root), "--patch", str(tmp_path / "mine.diff"), "--format", "json", cwd=tmp_path)

    found = json.loads(done.stdout)
    assert (found["before"], found["newly_collected"], found["verdict"]) == (0, {"passed": 2, "failed": 2}, "PARTIAL")
