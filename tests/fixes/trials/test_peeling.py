"""Fix after fix in a scratch copy of a real app, with a real suite: each layer unlocks or unmasks what is measured."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.fixes import FixFacts
from kit.fixes.trials.judging import judged
from kit.fixes.trials.peeling import Peeling
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.fixes.apps import BASE
from tests.helpers import fingerprint, write_project

pytestmark = pytest.mark.slow

USER = """
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[list["Order"]] = relationship("Order", back_populates="user")


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped["User"] = relationship("User", back_populates="orders")
"""
MEMBER = """
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class User(Base):
    __tablename__ = "users"
    __table_args__ = {"extend_existing": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    @property
    def greeting(self) -> str:
        return f"Hello {self.name}"
"""
CONFTEST = """
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import app.users
from app.base import Base
from app.members import User


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
"""
TESTS = """
import pytest

from app.members import User


@pytest.mark.parametrize("name", ["ann", "bob", "cem"])
def test_saved(session, name):
    session.add(User(name=name))
    session.commit()


def test_greeting(session):
    assert User(name="ann").greeting == "Hello ann"


def test_sum():
    assert 1 + 1 == 2
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(
        tmp_path_factory.mktemp("peeling") / "shop",
        {
            "app/__init__.py": "",
            "app/base.py": BASE,
            "app/users.py": USER,
            "app/members.py": MEMBER,
            "app/orders.py": "from app.users import User, Order\n",
            "app/bills.py": "from app.users import User\n",
            "tests/conftest.py": CONFTEST,
            "tests/test_members.py": TESTS,
            "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
        },
    )


@pytest.fixture(scope="module")
def peeled(app: Path) -> tuple[tuple[Cause, ...], FixFacts]:
    before = fingerprint(app)
    with TrialCopy(find_target(app), RunOptions(timeout_s=20, workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        peeled = Peeling(copy, time.monotonic() + 300).run(first, facts)
        root = copy.root
    assert fingerprint(app) == before
    assert not root.exists()
    return first.causes, peeled


@pytest.fixture
def found(peeled: tuple[tuple[Cause, ...], FixFacts]) -> FixFacts:
    return peeled[1]


def test_causes_whose_fixes_changed_what_tests_show_are_confirmed(
    peeled: tuple[tuple[Cause, ...], FixFacts],
) -> None:
    states = {cause.id: cause.state for cause in judged(*peeled)}

    assert states["duplicate-index:ix_orders_user_id"] == "confirmed"
    assert states["mapper-collision:User"] == "confirmed"


def test_the_first_fix_unlocks_nothing_and_unmasks_what_it_hid(found: FixFacts) -> None:
    first = found.layers[0]

    assert first.cause == "duplicate-index:ix_orders_user_id"
    assert (first.unlocked, first.unmasked, first.passed) == (0, {"mapper-collision:User": 4}, 1)


def test_the_next_fix_is_the_one_that_unlocks_all_and_loses_nothing(found: FixFacts) -> None:
    second = found.layers[1]

    assert second.option == "re-export-and-carry-over:mapper-collision:User"
    assert (second.unlocked, second.unmasked, second.broken, second.passed) == (4, {}, 0, 5)


def test_an_option_that_loses_what_tests_use_is_measured_as_partial(found: FixFacts) -> None:
    (plain,) = [trial for trial in found.trials if trial.options[-1] == "re-export:mapper-collision:User"]

    assert plain.comparison is not None
    assert plain.verdict in ("FULL", "PARTIAL")
    assert all(trial.comparison and trial.comparison.holds() for trial in found.trials)


def test_every_trial_says_what_was_applied_before_it(found: FixFacts) -> None:
    kept = [layer.option for layer in found.layers]

    for trial in found.trials:
        assert trial.options[:-1] == tuple(kept[: len(trial.options) - 1])


def test_an_option_that_deletes_a_module_is_not_refused_because_the_module_is_gone(found: FixFacts) -> None:
    (option,) = [one for one in found.options if one.kind == "delete-duplicate"]
    (trial,) = [one for one in found.trials if one.options[-1] == option.id]

    assert "deleted file mode" in option.patch
    assert option.on_tests  # tests import the class from there
    assert trial.comparison is not None
    assert len(trial.comparison.unlocked) == 4


def test_an_interrupted_peeling_goes_on_behind_what_it_has_measured(app: Path, found: FixFacts) -> None:
    index = found.layers[0].cause
    known = {option.id for option in found.options if option.cause == index}
    earlier = FixFacts(
        tuple(option for option in found.options if option.id in known),
        tuple(trial for trial in found.trials if trial.options[-1] in known),
        found.layers[:1],
        {index: found.recommended[index]},
    )
    told: list[str] = []
    with TrialCopy(find_target(app), RunOptions(timeout_s=20, workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        again = Peeling(copy, time.monotonic() + 300, told.append).go_on(earlier, first, facts)

    assert again.layers == found.layers
    assert again.recommended == found.recommended
    assert told[0] == f"{len(known)} options of the interrupted trials are known"
    assert not [line for line in told if "Index" in line]
    assert len([trial for trial in again.trials if trial.options[-1] in known]) == len(earlier.trials)


def test_what_does_not_fit_the_tree_any_more_is_tried_anew(app: Path, found: FixFacts) -> None:
    stale = replace(found.options[0], patch=found.options[0].patch.replace("-", "-x", 1).replace("Index(", "Other("))
    earlier = replace(found, options=(stale, *found.options[1:]), layers=(replace(found.layers[0], option=stale.id),))
    with TrialCopy(find_target(app), RunOptions(timeout_s=20, workers=1)) as copy:
        facts = copy.read()
        first = copy.explain(copy.run(), facts)
        again = Peeling(copy, time.monotonic() - 1).go_on(earlier, first, facts)

    assert again.layers == ()
    assert "The budget for trials was spent" in again.problems[0]
