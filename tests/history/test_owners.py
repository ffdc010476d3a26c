"""CODEOWNERS decides as it does on GitHub: the last rule that matches counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from kit.history import read_owners

#: pattern, path, whether it matches; the first rows are those of GitHub's own example
MATCHES = [
    ("*", "a.py", True),
    ("*", "deep/down/a.py", True),
    ("*.js", "src/app.js", True),
    ("*.js", "src/app.jsx", False),
    ("/build/logs/", "build/logs/today/a.log", True),
    ("/build/logs/", "src/build/logs/a.log", False),
    ("docs/*", "docs/getting-started.md", True),
    ("docs/*", "docs/build-app/troubleshooting.md", False),
    ("docs/*", "src/docs/a.md", False),
    ("apps/", "apps/a.py", True),
    ("apps/", "src/apps/web/a.py", True),
    ("apps/", "apps", False),
    ("/docs/", "docs/deep/a.md", True),
    ("/scripts/", "src/scripts/a.sh", False),
    ("**/logs", "build/logs/a.log", True),
    ("**/logs", "logs/a.log", True),
    ("**/logs", "deeply/nested/logs/a.log", True),
    ("/apps/github", "apps/github/a.py", True),
    ("/apps/github", "apps/github.py", False),
    ("shop/**/models.py", "shop/models.py", True),
    ("shop/**/models.py", "shop/users/deep/models.py", True),
    ("shop/**", "shop/users/a.py", True),
    ("shop/**", "shop", False),
    ("models?.py", "shop/models1.py", True),
    ("models?.py", "shop/models.py", False),
    ("a.py", "A.py", False),
    ("a+b.py", "a+b.py", True),
    ("a.py", "axpy", False),
    ("my\\ file.py", "my file.py", True),
]


def owners(folder: Path, text: str, path: str, place: str = "CODEOWNERS") -> tuple[str, ...]:
    """The owners of a file of an app with this CODEOWNERS."""
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return read_owners(folder).of(path)


@pytest.mark.parametrize(("pattern", "path", "is_match"), MATCHES)
def test_a_pattern_matches_what_it_does_on_github(tmp_path: Path, pattern: str, path: str, is_match: bool) -> None:
    assert (owners(tmp_path, f"{pattern} @team", path) == ("@team",)) is is_match


def test_the_last_rule_that_matches_counts(tmp_path: Path) -> None:
    text = "* @all\n/shop/ @shop/models ada@example.org  # models too\n/shop/free/\n"

    assert owners(tmp_path, text, "tests/a.py") == ("@all",)
    assert owners(tmp_path, text, "shop/a.py") == ("@shop/models", "ada@example.org")
    assert owners(tmp_path, text, "shop/free/a.py") == ()


@pytest.mark.parametrize("line", ["# * @nobody", "!a.py @nobody", "[Section] @nobody", "[ab].py @nobody", "", "   "])
def test_a_line_that_github_does_not_understand_is_skipped(tmp_path: Path, line: str) -> None:
    assert owners(tmp_path, f"a.py @ada\n{line}\n", "a.py") == ("@ada",)


def test_the_file_in_the_folder_of_github_comes_first(tmp_path: Path) -> None:
    owners(tmp_path, "* @root", "a.py")

    assert owners(tmp_path, "* @github", "a.py", ".github/CODEOWNERS") == ("@github",)
    assert owners(tmp_path / "other", "* @docs", "a.py", "docs/CODEOWNERS") == ("@docs",)


def test_paths_of_an_app_below_the_repository_begin_at_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "CODEOWNERS").write_text("/backend/shop/ @backend\n/shop/ @other\n")
    (tmp_path / "backend").mkdir()

    assert read_owners(tmp_path / "backend").of("shop/a.py") == ("@backend",)


def test_a_cause_concerns_the_owners_of_all_its_places(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_text("/shop/ @shop\n/users/ @users @shop\n")
    places = (Location("shop/a.py", 1), Location("users/a.py", 2), Location("other.py", 3))

    (cause,) = read_owners(tmp_path).with_owners([Cause("c", "failure-group", "It fails", "unknown", places)])

    assert cause.owners == ("@shop", "@users")


def test_a_file_of_no_text_has_no_owners(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_bytes(b"\xff\xfe\x00* @a")

    assert read_owners(tmp_path).of("a.py") == ()
    assert read_owners(tmp_path / "gone").of("a.py") == ()
