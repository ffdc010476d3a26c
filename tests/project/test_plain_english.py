"""Docstrings, comments, messages and pages do without the words and habits that readers stumble over."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Rule:
    """A habit to drop. ``allow`` are the phrases in which the word is right."""

    pattern: re.Pattern[str]
    write: str
    allow: tuple[str, ...]

    def hits(self, text: str) -> Iterator[str]:
        for match in self.pattern.finditer(text):
            around = text[max(0, match.start() - 40) : match.end() + 40]
            if not any(phrase in around for phrase in self.allow):
                yield match.group().strip()


RULES = tuple(
    Rule(re.compile(rule["pattern"], re.MULTILINE | re.IGNORECASE), rule["write"], tuple(rule.get("allow", ())))
    for rule in tomllib.loads(Path(__file__).with_name("banned_words.toml").read_text())["rule"]
)


@dataclass(frozen=True)
class Texts:
    """What a module holds for readers: comments and strings with their lines, and docstrings."""

    comments: tuple[tuple[int, str], ...]
    strings: tuple[tuple[int, str], ...]
    docstrings: tuple[str, ...]


@cache
def texts_of(source: str) -> Texts:
    """The texts of a module."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    nodes = list(ast.walk(ast.parse(source)))
    return Texts(
        tuple((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT),
        tuple((one.lineno, one.value) for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)),
        tuple(ast.get_docstring(one) or "" for one in nodes if isinstance(one, _DOCUMENTED)),
    )


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def prose_of_python(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every comment and every string that is a sentence (one with a space in it)."""
    texts = texts_of(source)
    yield from texts.comments
    yield from ((line, text) for line, text in texts.strings if " " in text)


def prose_of_notebook(source: str) -> Iterator[tuple[int, str]]:
    """Cell number and text of a notebook's words; the code of a cell is read as Python."""
    for number, cell in enumerate(json.loads(source)["cells"]):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield number, text
        else:
            yield from ((number, prose) for _, prose in prose_of_python(text))


def pages() -> list[Path]:
    """Everything of the project that is read by people, except the demo app."""
    code = [path for path in sorted((ROOT / "kit").rglob("*.py")) if "trading" not in path.parts]
    templates = sorted((ROOT / "kit").rglob("*.j2"))
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return [
        *code,
        *templates,
        *notebooks,
        *sorted(ROOT.glob("*.md")),
        ROOT / "notebooks" / "README.md",
        ROOT / "kit" / "README.md",
    ]


def stumbles(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    readers = {".py": prose_of_python, ".ipynb": prose_of_notebook}
    prose = readers[path.suffix](source) if path.suffix in readers else enumerate(source.splitlines(), start=1)
    for line, text in prose:
        for rule in RULES:
            for hit in rule.hits(text):
                yield f"{path.relative_to(ROOT)}:{line}: {hit!r}; write: {rule.write}"


#: words that begin a clause within a clause
_CLAUSE = re.compile(r"\b(?:what|that|which|who|whose|whom|where|whatever|whoever)\b", re.IGNORECASE)
MOST_CLAUSES = 2


def nested(prose: str) -> Iterator[str]:
    """The stretches between two stops or commas that hold more clauses than a reader can keep in mind. What stands in
    brackets is left out.
    """
    for paragraph in re.split(r"\n\s*\n|\n\s*[*-] ", prose):
        for stretch in re.split(r"(?<=[.;:,])\s", " ".join(re.sub(r"\([^)]*\)", "", paragraph).split())):
            if len(_CLAUSE.findall(stretch)) > MOST_CLAUSES:
                yield stretch


def comments_of(source: str) -> Iterator[str]:
    """The docstrings of a module, and its comments; comments in lines that follow each other are one text."""
    before, text = 0, ""
    for line, comment in texts_of(source).comments:
        if line != before + 1:
            yield text
            text = ""
        before, text = line, f"{text} {comment.lstrip('#: ')}"
    yield text
    yield from texts_of(source).docstrings


@pytest.mark.slow
@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_page_is_in_plain_english(path: Path) -> None:
    assert not list(stumbles(path))


@pytest.mark.slow
def test_no_docstring_or_comment_nests_its_clauses() -> None:
    code = [path for path in pages() if path.suffix == ".py"]

    found = {
        path: [hit for text in comments_of(path.read_text(encoding="utf-8")) for hit in nested(text)] for path in code
    }

    assert {path.relative_to(ROOT).as_posix(): hits for path, hits in found.items() if hits} == {}


@pytest.mark.parametrize(
    ("source", "hits"),
    [
        ('"""What a process that runs tests tells of what it shares."""', 1),
        ("# what a process that runs\n# tests tells of what it shares", 1),
        ("# what a process tells\n\n# that runs tests\n\n# what it shares", 0),
        ('"""What a process tells, that runs tests, of what it shares."""', 0),
        ('"""The text that a process (that runs what it has) sends."""', 0),
        ('x = "what a process that runs tests tells of what it shares"', 0),
    ],
)
def test_a_sentence_with_nested_clauses_is_found(source: str, hits: int) -> None:
    assert len([hit for text in comments_of(source) for hit in nested(text)]) == hits


def test_a_banned_word_is_found_in_each_kind_of_text() -> None:
    code = '"""Mend it."""\n# so many of them\nx = f"{1} the worker is buried"\n'
    notebook = json.dumps({"cells": [{"cell_type": "markdown", "source": ["Who asks, waits."]}]})

    found = [text for _, text in prose_of_python(code) if any(True for rule in RULES for _ in rule.hits(text))]
    assert len(found) == 3
    assert any(True for _, text in prose_of_notebook(notebook) for rule in RULES for _ in rule.hits(text))


def test_a_phrase_in_which_the_word_is_right_is_allowed() -> None:
    rule = Rule(re.compile(r"\bown frames?\b"), "in-app frame", ("pytest's own frames",))

    assert list(rule.hits("pytest's own frames are left out")) == []
    assert list(rule.hits("the deepest own frame")) == ["own frame"]
