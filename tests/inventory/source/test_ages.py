"""How long git has known a class."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from kit.facts.inventory import MappedClass
from kit.inventory.source.ages import age_in_days
from tests.helpers import write_project

USER = MappedClass("User", "m", "User", "m.py", 1, None, None)


def git(root: Path, *arguments: str, at: int = 0) -> None:
    names = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {f"GIT_{who}_DATE": f"{at} +0000" for who in ("AUTHOR", "COMMITTER")}
    subprocess.run(
        ["git", *arguments], cwd=root, check=True, env={**names, **dates, "PATH": "/usr/bin:/bin:/usr/local/bin"}
    )


def test_the_age_is_that_of_the_class_and_not_of_its_file(tmp_path: Path) -> None:
    now = int(time.time())
    git(tmp_path, "init", "-q")
    for days, text in ((90, "x = 1\n"), (40, "class User: ...\n"), (5, "class User:\n    y = 2\n")):
        write_project(tmp_path, {"m.py": text})
        git(tmp_path, "add", "m.py")
        git(tmp_path, "commit", "-q", "-m", "x", at=now - days * 86_400)
    assert age_in_days(tmp_path, USER) == 40


def test_without_git_the_age_is_not_known(tmp_path: Path) -> None:
    assert age_in_days(tmp_path, USER) is None
