"""Two apps of one repository have classes of one name: each has its own cause, at its own line."""

from __future__ import annotations

from pathlib import Path

from kit.facts.causes import Cause
from kit.facts.failures import Failure
from tests.causes.apps import told_at
from tests.causes.scenes import result, suite
from tests.failures.live import failure_with, own
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

MODELS = """
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import declarative_base, relationship
    Base = declarative_base()
    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
    class Post(Base):
        __tablename__ = "posts"
        id = Column(Integer, primary_key=True)
        user = relationship("User")
"""
SAID = (
    "Could not determine join condition between parent/child tables on relationship Post.user - there are no foreign "
    "keys linking these tables."
)
SEVERAL = SAID.replace("no foreign keys linking these", "multiple foreign key paths linking the")
FILES = {
    "first/__init__.py": "",
    "first/models.py": MODELS,
    "second/__init__.py": "",
    "second/models.py": MODELS,
    "tests/test_first.py": "from first import models\n",
    "tests/test_second.py": "from second import models\n",
    "tests/test_both.py": "from first import models\nfrom second import models as others\n",
}


def _causes(tmp_path: Path, *failed: tuple[str, Failure]) -> tuple[Cause, ...]:
    facts = suite([result(f"tests/{file}.py::test_a", one) for file, one in failed], [one for _, one in failed])
    return told_at(write_project(tmp_path / "app", FILES), facts)


def _failure(file: str, *through: str, said: str = SAID) -> Failure:
    frames = (own(f"tests/{file}.py", 5, "test_a"), *(own(path, 3, "<module>") for path in through))
    return failure_with(said, "sqlalchemy.exc.NoForeignKeysError", frames=frames)


def test_each_app_has_its_own_cause(tmp_path: Path) -> None:
    second = _failure("test_second", said=SEVERAL)
    causes = _causes(tmp_path, ("test_first", _failure("test_first")), ("test_second", second))

    assert [str(cause.locations[0]) for cause in causes] == ["first/models.py:10", "second/models.py:10"]
    assert [cause.tests for cause in causes] == [("tests/test_first.py::test_a",), ("tests/test_second.py::test_a",)]
    assert len({cause.id for cause in causes}) == 2


def test_what_a_failure_went_through_says_more_than_what_its_file_imports(tmp_path: Path) -> None:
    (cause,) = _causes(tmp_path, ("test_both", _failure("test_both", "second/models.py")))

    assert {place.path for place in cause.locations} == {"second/models.py"}


def test_tests_that_share_an_app_are_not_parted(tmp_path: Path) -> None:
    (cause,) = _causes(
        tmp_path, ("test_first", _failure("test_first")), ("test_both", _failure("test_both", said=SEVERAL))
    )

    assert cause.tests_blocked == 2
