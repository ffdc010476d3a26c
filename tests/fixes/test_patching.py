"""A patch is taken by git and by patch, whatever the ends of its lines."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from kit.facts.errors import UsageError
from kit.fixes.patching.applying import apply_patch
from kit.fixes.patching.diff import Edit, make_patch, size_of
from kit.fixes.patching.reading import below, touched

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
        ("--- /etc/x.py\n+++ /etc/x.py\n@@ -1 +1 @@\n-a\n+b\n", "/etc/x.py, which is outside of the target"),
        ("diff --git a/x.py b/../y.py\nrename from x.py\nrename to ../y.py\n", "../y.py, which is outside"),
        ("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-other\n+b\n", "hunk 1 of 1 in x.py, at line 1, does not fit"),
        ("--- a/gone.py\n+++ b/gone.py\n@@ -1 +1 @@\n-a\n+b\n", "gone.py"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused_and_changes_nothing(patch: str, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("a\n")

    with pytest.raises(UsageError, match=sentence):
        apply_patch(patch, tmp_path)

    assert (tmp_path / "x.py").read_text() == "a\n"
    assert (tmp_path / "x.py").read_text() == "a\n"


LONG = "".join(f"line {number}\n" for number in range(40))


def test_the_hunk_that_does_not_fit_is_named_once_with_its_number(tmp_path: Path) -> None:
    after = LONG.replace("line 3\n", "line three\n").replace("line 20\n", "line twenty\n")
    patch = make_patch([Edit("x.py", LONG, after), Edit("y.py", LONG, after)])
    (tmp_path / "x.py").write_text(LONG.replace("line 20\n", "other\n"))
    (tmp_path / "y.py").write_text(LONG)

    with pytest.raises(UsageError) as raised:
        apply_patch(patch, tmp_path)

    assert str(raised.value) == (
        "The patch does not apply: hunk 2 of 2 in x.py, at line 18, does not fit the file. "
        "Make it anew against the files as they are."
    )
    assert (tmp_path / "y.py").read_text() == LONG


def test_a_patch_that_is_applied_already_is_called_so(tmp_path: Path) -> None:
    patch = make_patch([Edit("x.py", "a\n", "b\n")])
    (tmp_path / "x.py").write_text("a\n")
    apply_patch(patch, tmp_path)

    with pytest.raises(UsageError, match="^The patch does not apply: the files are already as it makes them.$"):
        apply_patch(patch, tmp_path)

    assert (tmp_path / "x.py").read_text() == "b\n"


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def test_every_file_of_a_diff_of_git_is_named_whatever_became_of_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name in ("moved.py", "mode.py", "ü.py", "sql.py", "pic.bin"):
        (tmp_path / name).write_bytes(b"\x00\x01" if name == "pic.bin" else f"-- {name}\n{LONG}".encode())
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "mv", "moved.py", "there.py")
    (tmp_path / "mode.py").chmod(0o755)
    (tmp_path / "ü.py").write_text("x\n")
    (tmp_path / "sql.py").write_text(LONG)  # takes away a line that begins with two dashes
    (tmp_path / "pic.bin").write_bytes(b"\x00\x02")
    git(tmp_path, "add", ".")

    patch = git(tmp_path, "diff", "--cached", "--binary", "-M")

    assert sorted(touched(patch)) == sorted(["moved.py", "there.py", "mode.py", "ü.py", "sql.py", "pic.bin"])
    git(tmp_path, "reset", "-q", "--hard")
    apply_patch(patch, tmp_path)
    assert (tmp_path / "there.py").exists()


def test_paths_that_begin_at_the_repository_are_made_relative_to_the_target(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("a = 1\n")
    edit = Edit("m.py", "a = 1\n", "a = 'service/'\n")
    patch = make_patch([edit, Edit("new.py", None, "b = 2\n")], prefix="service/")

    apply_patch(below(patch, "service/"), tmp_path)

    assert (tmp_path / "m.py").read_text() == "a = 'service/'\n"
    assert (tmp_path / "new.py").read_text() == "b = 2\n"
    other = patch + make_patch([Edit("o.py", "a\n", "b\n")], prefix="other/")
    assert (below(patch, ""), below(other, "service/")) == (patch, other)
