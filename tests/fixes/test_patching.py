"""A patch is taken by git and by patch, whatever the ends of its lines."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kit.facts.errors import UsageError
from kit.fixes.patching.applying import apply_patch, touched
from kit.fixes.patching.diff import Edit, make_patch, size_of

CASES = {
    "plain": ("a = 1\nb = 2\n", "a = 1\nb = 3\n"),
    "crlf": ("a = 1\r\nb = 2\r\n", "a = 1\r\nb = 3\r\n"),
    "mixed ends": ("a = 1\r\nb = 2\nc = 3\r\n", "a = 1\r\nb = 2\nc = 4\r\n"),
    "no final newline": ("a = 1\nb = 2", "a = 1\nb = 3"),
    "final newline comes": ("a = 1", "a = 1\n"),
    "final newline goes": ("a = 1\n", "a = 1"),
    "form feed and a lone carriage return": ("a = 1\n\x0cb = '\r'\nc = 2\n", "a = 1\n\x0cb = '\r'\nc = 3\n"),
    "not ASCII": ("ä = 1\nb = 'ü'\n", "ä = 1\nb = 'ö'\n"),
    "new file": (None, "a = 1\n"),
    "file goes": ("a = 1\n", None),
    "empty file filled": ("", "a = 1\n"),
}
TOOLS = {"git": ["git", "apply", "-p1"], "patch": ["patch", "-p1", "--binary", "--silent"]}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_patch_is_taken(tool: str, case: str, tmp_path: Path) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    before, after = CASES[case]
    file = tmp_path / "sub" / "m.py"
    file.parent.mkdir()
    if before is not None:
        file.write_bytes(before.encode())
    patch = make_patch([Edit("sub/m.py", before, after)])

    subprocess.run(TOOLS[tool], cwd=tmp_path, input=patch.encode(), check=True)

    assert (file.read_bytes().decode() if file.exists() else None) == after


@pytest.mark.parametrize("case", CASES)
def test_what_was_applied_can_be_taken_back(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    if before is not None:
        (tmp_path / "m.py").write_bytes(before.encode())
    patch = make_patch([Edit("m.py", before, after)])

    apply_patch(patch, tmp_path)
    apply_patch(patch, tmp_path, reverse=True)

    file = tmp_path / "m.py"
    assert (file.read_bytes().decode() if file.exists() else None) == before


def test_paths_are_those_of_the_repository_when_the_target_lies_below_its_root(tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    (tmp_path / "service/m.py").write_text("a = 1\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    patch = make_patch([Edit("m.py", "a = 1\n", "a = 2\n")], prefix="service/")

    subprocess.run(["git", "apply"], cwd=tmp_path, input=patch.encode(), check=True)

    assert (tmp_path / "service/m.py").read_text() == "a = 2\n"


def test_a_patch_is_applied_inside_a_repository_as_outside_of_one(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "below").mkdir()
    (tmp_path / "below/m.py").write_text("a = 1\n")

    apply_patch(make_patch([Edit("m.py", "a = 1\n", "a = 2\n")]), tmp_path / "below")

    assert (tmp_path / "below/m.py").read_text() == "a = 2\n"


def test_size_counts_lines_and_files() -> None:
    edits = [Edit("b.py", "a\nb\n", "a\nc\nd\n"), Edit("a.py", None, "x\n"), Edit("same.py", "x", "x")]

    size = size_of(edits)

    assert (size.files, size.added, size.removed) == (("a.py", "b.py"), 3, 1)
    assert touched(make_patch(edits)) == ("a.py", "b.py")


@pytest.mark.parametrize(
    ("patch", "sentence"),
    [
        ("", "changes no file"),
        ("--- a/../x.py\n+++ b/../x.py\n@@ -1 +1 @@\n-a\n+b\n", "outside of the target"),
        ("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-other\n+b\n", "x.py:1"),
        ("--- a/gone.py\n+++ b/gone.py\n@@ -1 +1 @@\n-a\n+b\n", "gone.py"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused_and_changes_nothing(patch: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("a\n")

    with pytest.raises(UsageError, match=sentence):
        apply_patch(patch, tmp_path)

    assert (tmp_path / "x.py").read_text() == "a\n"
