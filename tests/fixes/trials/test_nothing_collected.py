"""Where no test is collected before and after a fix, the file that stops collection shows whether the fix helped."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kit.facts.fixes import Comparison, FixOption, Trial
from kit.facts.inventory import InventoryFacts
from kit.fixes.trials.compare import RunOutcomes
from kit.fixes.trials.copy_state import CopyState, files_unmasked
from kit.fixes.trials.peeling import Peeling
from kit.fixes.trials.ranking import ranked
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.helpers import write_project


def state(uncollectable: dict[str, str], tests: tuple[str, ...] = ()) -> CopyState:
    outcomes = RunOutcomes(dict.fromkeys(tests, "passed"), {})
    return CopyState(InventoryFacts(files=0), (), outcomes, {}, {}, {}, uncollectable)


def test_a_file_that_stops_at_the_same_cause_shows_nothing_new() -> None:
    assert files_unmasked(state({"a.py": "one"}), {"a.py": "one"}, any_collected=False) == {}


def test_where_tests_are_collected_a_further_file_is_not_unmasked() -> None:
    assert files_unmasked(state({"a.py": "one"}, ("c.py::test",)), {"b.py": "two"}, any_collected=True) == {}


def test_a_file_that_stops_at_another_cause_is_unmasked() -> None:
    before = state({"a.py": "one", "b.py": "one"}, ("c.py::test",))

    assert files_unmasked(before, {"a.py": "two", "b.py": "one"}, any_collected=True) == {"two": 1}


def test_where_nothing_is_collected_another_file_may_be_the_one_that_stops() -> None:
    assert files_unmasked(state({"a.py": "one"}), {"b.py": "two"}, any_collected=False) == {"two": 1}


@pytest.mark.parametrize(("unmasked", "kept"), [({}, 0), ({"two": 1}, 1)])
def test_an_option_is_worth_keeping_if_it_unmasks_a_file(unmasked: dict[str, int], kept: int) -> None:
    option = FixOption("o", "c", "k", "", "", "patch")
    trial = Trial(("o",), "NO", "canaries", Comparison(0, 0), files_unmasked=unmasked)

    assert len(ranked([option], [trial])) == kept


APP = {
    "app/__init__.py": "",
    "app/routes.py": (
        "from fastapi import APIRouter, Response\nfrom pydantic import BaseModel\n\nrouter = APIRouter()\n\n\n"
        "class Answer(BaseModel):\n    text: str\n\n\n"
        '@router.get("/file")\nasync def file() -> Answer | Response: ...\n'
    ),
    "app/models.py": (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
        "class Base(DeclarativeBase):\n    pass\n\n\n"
        'class User(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    ),
    "app/members.py": (
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.models import Base\n\n\n"
        'class Member(Base):\n    __tablename__ = "users"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    ),
    "tests/conftest.py": "import app.routes\nimport app.models\nimport app.members\n",
    "tests/test_app.py": "from app.members import Member\n\n\ndef test_member():\n    assert Member(id=1).id == 1\n",
    "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
}


@pytest.mark.slow
def test_peeling_goes_on_behind_what_keeps_everything_from_being_collected(tmp_path: Path) -> None:
    with TrialCopy(find_target(write_project(tmp_path / "shop", APP)), RunOptions(workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        found = Peeling(copy, time.monotonic() + 300).run(first, facts)

    assert first.suite.tests == ()
    kinds = {option.id: option.kind for option in found.options}
    assert [kinds[layer.option] for layer in found.layers] == ["response-model-none", "one-class-for-table-2"]
    assert [layer.collected for layer in found.layers] == [0, 1]
    (unmasked,) = found.trials[0].files_unmasked.items()
    assert unmasked == (found.layers[1].cause, 1)
    assert found.trials[0].problem
    assert found.layers[-1].passed == 1
