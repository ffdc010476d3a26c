"""A patch is taken apart by file, whatever its lines look like."""

from __future__ import annotations

import difflib

from kit.facts.fixes import FixOption
from kit.report.patches import modified_files, split


def diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    return "\n".join(lines) + "\n"


SQL = diff("db.sql", "-- a comment\nselect 1;\n", "select 1;\n")


def test_each_file_has_its_lines() -> None:
    patch = "diff --git a/m.py b/m.py\n" + diff("m.py", "a\nb\nc\n", "a\nB\nc\nd\n") + SQL

    assert [(one.path, one.added, one.removed) for one in split(patch)] == [("m.py", 2, 1), ("db.sql", 0, 1)]


def test_a_removed_line_that_looks_like_a_head_is_a_line() -> None:
    (one,) = split(SQL)

    assert "\n--- a comment\n" in one.diff


def test_a_new_and_a_removed_file_have_their_names() -> None:
    new = "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x = 1\n"
    gone = "--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n\\ No newline at end of file\n"

    assert [(one.path, one.added, one.removed) for one in split(new + gone)] == [("new.py", 1, 0), ("old.py", 0, 1)]


def test_a_file_that_two_fixes_change_stands_once() -> None:
    first, second = diff("m.py", "a\n", "b\n"), diff("m.py", "b\n", "c\nd\n")
    options = [FixOption(name, "cause", "kind", name, "", patch) for name, patch in (("1", first), ("2", second + SQL))]

    files = modified_files(options)

    assert [(one.path, one.added, one.removed, len(one.changes)) for one in files] == [
        ("m.py", 3, 2, 2),
        ("db.sql", 0, 1, 1),
    ]
    assert [number for number, _, _ in files[0].changes] == [1, 2]


def test_a_line_ends_where_git_ends_it() -> None:
    odd = "x = 'a\x0cb\u2028c\x85d'"
    patch = f"--- a/m.py\n+++ b/m.py\n@@ -1,2 +1,2 @@\n {odd}\n-y = 1\n+y = 2\n" + SQL

    first, second = split(patch)

    assert (first.path, first.added, first.removed) == ("m.py", 1, 1)
    assert first.diff == f"@@ -1,2 +1,2 @@\n {odd}\n-y = 1\n+y = 2\n"
    assert second.path == "db.sql"


def test_a_folder_may_be_named_like_the_mark_of_a_side() -> None:
    gone = "--- a/b/x.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x = 1\n"
    new = "--- /dev/null\n+++ b/a/y.py\n@@ -0,0 +1 @@\n+x = 1\n"

    assert [one.path for one in split(gone + new)] == ["b/x.py", "a/y.py"]
