"""The patterns of problems belong to kinds of causes, their code is code, and their pages are the projects' own."""

from __future__ import annotations

import ast
from typing import get_args
from urllib.parse import urlsplit

import pytest

from kit.facts.kinds import CauseKind
from kit.report import code, markdown_text
from kit.report.patterns import Pattern, patterns

HOSTS = {
    "docs.sqlalchemy.org",
    "docs.python.org",
    "docs.pytest.org",
    "fastapi.tiangolo.com",
    "packaging.python.org",
}


@pytest.mark.parametrize("kind", patterns())
def test_a_pattern_is_of_a_known_kind_with_code_that_parses(kind: str) -> None:
    pattern = patterns()[kind]
    assert kind in get_args(CauseKind)
    ast.parse(pattern.wrong)
    ast.parse(pattern.right)
    assert pattern.wrong != pattern.right
    assert urlsplit(pattern.documentation).hostname in HOSTS
    assert all(text.endswith(".") for text in (pattern.problem, pattern.why))


@pytest.mark.parametrize("pattern", patterns().values(), ids=patterns())
def test_code_between_backticks_is_code_on_the_page_and_in_markdown(pattern: Pattern) -> None:
    text = f"{pattern.problem} {pattern.why}"
    page, markdown = str(code.spans(text)), str(markdown_text.spans(text))

    assert "`" not in page
    assert page.count("<code>") == text.count("`") // 2
    assert "\\`" not in markdown
    assert markdown.count("`") == text.count("`")
