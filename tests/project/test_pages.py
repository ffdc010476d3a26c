"""The pages that are made from the code are those that the code makes today."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.cli.exit_codes import ExitCode
from tests.project.make_pages import FOLDER, PAGES

ROOT = Path(__file__).parents[2]


#: written by hand: what the README has no room for
WRITTEN = {"commands.md", "output.md", "running.md"}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_code_does(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: make pages"


def test_no_other_page_stands_among_them() -> None:
    assert {page.name for page in FOLDER.iterdir()} == PAGES.keys() | WRITTEN


@pytest.mark.parametrize("code", ExitCode, ids=lambda code: code.name)
def test_the_readme_gives_the_meaning_of_each_exit_code(code: ExitCode) -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())

    assert f"**{int(code)}** {code.meaning}" in text


def test_every_rule_says_where_its_defect_is_documented() -> None:
    for name in ("detectors.md", "findings.md", "fix_options.md"):
        sections = (FOLDER / name).read_text(encoding="utf-8").split("\n## ")[1:]
        assert [section.splitlines()[0] for section in sections if "<https://" not in section] == [], name
