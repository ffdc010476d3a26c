"""Every question of a case explains itself with an example: `?` after a name shows it."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from kit.session.accessor import FrameQuestions
from kit.session.causes import Cause
from kit.session.failures import Category, Group
from kit.session.modules import Mapper, Module
from kit.session.result import Result, Things
from kit.session.session import Session
from kit.session.tests import Test as OneTest

KINDS = (Session, Cause, OneTest, Module, Mapper, Group, Category, Result, Things, FrameQuestions)
QUESTIONS = [
    (kind, name)
    for kind in KINDS
    for name in dir(kind)
    if not name.startswith("_")
    and (callable(member := inspect.getattr_static(kind, name)) or isinstance(member, property))
]


@pytest.mark.parametrize(("kind", "name"), QUESTIONS, ids=[f"{kind.__name__}.{name}" for kind, name in QUESTIONS])
def test_a_question_has_a_docstring_with_an_example_that_asks_it(kind: type, name: str) -> None:
    said = inspect.cleandoc(inspect.getattr_static(kind, name).__doc__ or "")
    examples = [
        line.strip().strip("`.") for line in re.split(r"\n|: (?=``)", said) if re.search(rf"case.*\b{name}\b", line)
    ]

    assert len(said.split()) >= 4
    assert examples, said
    for example in examples:
        ast.parse(example)


def test_the_tab_key_lists_the_questions_and_nothing_private() -> None:
    shown = [name for name in dir(Session) if not name.startswith("_")]

    assert {"causes", "tests", "test", "mapper", "module", "changed", "story"} <= set(shown)
