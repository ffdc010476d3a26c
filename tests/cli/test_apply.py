"""Fixes of a case are written into the real tree when that is asked for, and only then."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.facts.case import Case
from kit.facts.fixes import FixFacts, FixOption, Layer
from kit.facts.target import Target
from kit.fixes.patching.diff import Edit, make_patch
from kit.store import Store, default_url
from tests.helpers import fingerprint, run_kit

pytestmark = pytest.mark.slow

REST = "".join(f"# {number}\r\n" for number in range(8))
ONE = f"a = 1\r\nb = 2\r\n{REST}"
Kit = Callable[..., "subprocess.CompletedProcess[str]"]


def option(kind: str, before: str, after: str) -> FixOption:
    patch = make_patch([Edit("app/m.py", before, after)])
    return FixOption(f"{kind}:x", "x", kind, f"Fix {kind}", "", patch, asterisks=patch.count("***"))


FIRST = option("first", ONE, f"a = 3\r\nb = 2\r\n{REST}")
SECOND = option("second", f"a = 3\r\nb = 2\r\n{REST}", f"a = 3\r\nb = 4\r\n{REST}")
ANOTHER = option("another", ONE, f"a = 9\r\nb = 2\r\n{REST}")


def layer(of: FixOption) -> Layer:
    return Layer(of.id, "x", of.title, "canaries", 1, {}, 0, 0, 0, 1, 1)


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "repository/shop/app").mkdir(parents=True)
    root = tmp_path / "repository/shop"
    (root / "app/m.py").write_bytes(ONE.encode())
    git(root.parent, "init", "-q")
    git(root.parent, "add", ".")
    git(root.parent, "commit", "-qm", "first")
    return root


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return tmp_path / "reports"


def kept_in(reports: Path, root: Path, fixes: FixFacts) -> None:
    store = Store(default_url(reports))
    store.save_case(Case("monday", "2026-01-01", "0.1", Target(str(root), "shop", None, (), ())))
    store.save_fixes("monday", fixes)
    store.close()


@pytest.fixture
def apply(root: Path, reports: Path) -> Kit:
    reports.mkdir()
    kept_in(reports, root, FixFacts((FIRST, SECOND, ANOTHER), layers=(layer(FIRST), layer(SECOND))))
    return lambda *given: run_kit("apply", *given, "--reports-dir", str(reports), cwd=root)


def text(root: Path) -> str:
    return (root / "app/m.py").read_bytes().decode()


def test_the_recommended_fixes_are_applied_one_on_top_of_the_other_and_can_be_undone(
    root: Path, reports: Path, apply: Kit
) -> None:
    done = apply("monday")

    assert done.returncode == 0
    assert text(root) == f"a = 3\r\nb = 4\r\n{REST}"
    assert "+b = 4" in done.stdout
    kept = (reports / "monday/applied.diff").read_bytes()
    assert b"+b = 4" in kept
    assert b"\n+++ b/shop/app/m.py\n" in kept
    git(root.parent, "apply", "-R", "--check", str(reports / "monday/applied.diff"))
    (undo,) = [line.partition("undo it with: ")[2] for line in done.stderr.splitlines() if "undo it" in line]
    subprocess.run(shlex.split(undo), check=True)
    assert text(root) == ONE


def test_an_option_that_is_named_is_applied_alone(root: Path, apply: Kit) -> None:
    assert apply("monday", "another").returncode == 0
    assert text(root) == f"a = 9\r\nb = 2\r\n{REST}"


def test_an_earlier_diff_is_kept(root: Path, reports: Path, apply: Kit) -> None:
    apply("monday", "first")
    git(root, "commit", "-qam", "second")

    assert apply("monday", "second:x").returncode == 0
    assert "+a = 3" in (reports / "monday/applied.diff").read_text()
    assert "+b = 4" in (reports / "monday/applied-2.diff").read_text()


def test_a_file_with_changes_of_its_own_is_left_alone_unless_forced(root: Path, apply: Kit) -> None:
    (root / "app/m.py").write_bytes(f"{ONE}c = 5\r\n".encode())

    refused = apply("monday")

    assert refused.returncode == 2
    assert "app/m.py has changes that are not committed" in refused.stderr
    assert text(root).startswith(ONE)
    assert apply("monday", "--force").returncode == 0
    assert text(root) == f"a = 3\r\nb = 4\r\n{REST}c = 5\r\n"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["tuesday"], 'There is no case "tuesday"'),
        (["monday", "third"], 'There is no option "third" in this case. It has: first:x, second:x, another:x.'),
        (
            ["monday", "first", "another"],
            "The patch does not apply: hunk 1 of 1 in app/m.py, at line 1, does not fit",
        ),
        (["monday", "second"], "The patch does not apply: hunk 1 of 1 in app/m.py, at line 1, does not fit"),
    ],
)
def test_what_cannot_be_applied_is_one_sentence_and_changes_nothing(
    given: list[str], sentence: str, root: Path, apply: Kit
) -> None:
    before = fingerprint(root)

    refused = apply(*given)

    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert fingerprint(root) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_tree_that_cannot_be_written_is_left_alone(root: Path, apply: Kit) -> None:
    (root / "app/m.py").chmod(0o400)

    refused = apply("monday")

    assert refused.returncode == 2
    assert "app/m.py cannot be written: nothing was changed" in refused.stderr


@pytest.mark.parametrize("place", ["above the change", "in the changed line"])
def test_a_fix_beside_a_secret_is_applied_and_no_output_shows_the_secret(root: Path, reports: Path, place: str) -> None:
    secret = "ghp_0123456789abcdefghij0123456789abcdef"
    if place == "above the change":
        before, after = f"key = '{secret}'\na = 1\n", f"key = '{secret}'\na = 2\n"
    else:
        before, after = f"login(1, '{secret}')\n", f"login(2, '{secret}')\n"
    (root / "app/m.py").write_text(before)
    fix = option("first", before, after)
    reports.mkdir()
    kept_in(reports, root, FixFacts((fix,), layers=(layer(fix),)))

    done = run_kit("apply", "monday", "--force", "--reports-dir", str(reports), cwd=root)

    assert done.returncode == 0, done.stderr
    assert (root / "app/m.py").read_text() == after
    shown = done.stdout + done.stderr + "".join(path.read_text(errors="replace") for path in reports.rglob("*.diff"))
    assert secret not in shown
    if place == "above the change":
        undo = done.stderr.rpartition("undo it with: ")[2]
        subprocess.run(shlex.split(undo), check=True, capture_output=True)
        assert (root / "app/m.py").read_text() == before
    else:
        assert "cannot undo this: a changed line holds a secret" in done.stderr


@pytest.mark.parametrize("before", ['print("***", 1)\n', "print(1)\n"])
def test_asterisks_that_stand_in_the_code_itself_are_no_masked_secret(root: Path, reports: Path, before: str) -> None:
    after = 'print("***", 2)\n'
    (root / "app/m.py").write_text(before)
    fix = option("first", before, after)
    reports.mkdir()
    kept_in(reports, root, FixFacts((fix,), layers=(layer(fix),)))

    done = run_kit("apply", "monday", "--force", "--reports-dir", str(reports), cwd=root)

    assert (root / "app/m.py").read_text() == after, done.stderr
    undo = done.stderr.rpartition("undo it with: ")[2]
    subprocess.run(shlex.split(undo), check=True, capture_output=True)
    assert (root / "app/m.py").read_text() == before
