"""What git cannot read says nothing: it is no commit without the cause, and nothing is written or deleted for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kit.facts.case import Case, CaseFacts
from kit.facts.causes import Cause
from kit.facts.errors import UsageError
from kit.history import When, commits
from kit.history.commits import Commits, UnreadableCommitError
from kit.history.trees import CommitTree
from kit.inventory import Inventory, source_paths
from kit.suite import RunOptions
from kit.target import find_target
from tests.history.planting import STATIC, History


def of_three(root: Path, subject: str = "A page") -> History:
    """A history whose second commit has brought a fault, and whose third one changes a page."""
    history = History(root)
    history.files["README.md"] = "Shop\n"
    first = history.commit("The app")
    STATIC[1].change(history.files)
    second = history.commit("An index", first)
    history.files["README.md"] = "The shop\n"
    history.commit(subject, second)
    history.write(second)
    return history


@pytest.mark.slow
def test_a_partial_clone_does_not_blame_the_commit_before_which_files_are_missing(tmp_path: Path) -> None:
    history = of_three(tmp_path / "app")
    clone = ["git", "clone", "-q", "--filter=blob:none", f"file://{history.root}", str(tmp_path / "clone")]
    own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(history.root), "config", "uploadpack.allowFilter", "true"], check=True, env=own)
    subprocess.run(clone, check=True, env=own)
    target = find_target(tmp_path / "clone")
    facts = Inventory.of(target, runtime=False).facts
    finding = next(one for one in facts.findings if one.id.startswith(STATIC[1].cause))
    cause = Cause(finding.id, finding.kind, finding.title, "consistent", finding.locations)

    with When(CaseFacts(Case("c", "", "", target), inventory=facts), RunOptions(), lambda *_: None) as when:
        found = when.of(cause)

    assert found.commit
    assert found.commit.id == history.planted
    assert (len(found.untested), found.skipped, found.is_oldest) == (1, 1, False)


def test_a_commit_of_which_git_lacks_a_file_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Commits(of_three(tmp_path / "app").root, "HEAD")
    (tmp_path / "tree").mkdir()
    tree = CommitTree(known, tmp_path / "tree")
    monkeypatch.setattr(known, "contents", lambda _: iter(()))

    with pytest.raises(UnreadableCommitError, match="could not read the files of the commit"):
        tree.go_to(known.start)
    assert not [*tree.root.iterdir()]


def test_a_missing_object_is_no_empty_file_and_does_not_matter_where_it_is_not_read(tmp_path: Path) -> None:
    root = of_three(tmp_path / "app").root
    known = Commits(root, "HEAD")
    lost = known.files("HEAD")["README.md"].id
    (root / ".git/objects" / lost[:2] / lost[2:]).unlink()
    (tmp_path / "tree").mkdir()

    with pytest.raises(UnreadableCommitError):
        CommitTree(known, tmp_path / "tree").go_to(known.start)
    CommitTree(known, tmp_path / "tree", source_paths).go_to(known.start)

    assert (tmp_path / "tree/shop/orders.py").is_file()
    assert not (tmp_path / "tree/README.md").exists()


def test_commits_that_cannot_be_listed_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Commits(of_three(tmp_path / "app").root, "HEAD")
    monkeypatch.setattr(commits, "ask_git", lambda *_: None)

    with pytest.raises(UsageError, match="git could not list the commits before"):
        known.line(known.start)


def test_nothing_is_deleted_behind_a_link(tmp_path: Path) -> None:
    known = Commits(of_three(tmp_path / "app").root, "HEAD")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/own.py").write_text("")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/a").symlink_to(tmp_path / "elsewhere")

    CommitTree(known, tmp_path / "tree", replacing=["a/own.py"]).go_to(known.start)

    assert (tmp_path / "elsewhere/own.py").is_file()


def test_a_secret_in_a_subject_is_not_shown(tmp_path: Path) -> None:
    secret = "q8Zr!kLm2PwX"
    known = Commits(of_three(tmp_path / "app", f"Set db_password={secret} in pages").root, "HEAD")

    told = known.describe(known.start)

    assert told.subject.startswith("Set ")
    assert secret not in told.subject
    assert told.files == ("README.md",)
    first = known.describe(known.line(known.start)[-1])
    assert "shop/orders.py" in (first.files or ())
