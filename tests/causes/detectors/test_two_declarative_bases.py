"""A mixin that brings a declarative base of its own is named; a class with one base by two ways is not laid at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from tests.causes.apps import places, told_of
from tests.causes.scenes import suite
from tests.failures.live import failure_with, in_test

MIXINS = """
    from sqlalchemy.orm import DeclarativeBase

    class Base(DeclarativeBase):
        __abstract__ = True

    class Inspecting(Base):
        __abstract__ = True

    class Recording(Inspecting):
        __abstract__ = True
    """
PLAIN = MIXINS.replace("class Inspecting(Base):", "class Inspecting:")
MODELS = """
    from sqlalchemy.orm import declarative_base
    from shop.mixins import Recording

    Own = declarative_base()

    class Model(Own, Recording):
        __abstract__ = True

    class User(Model):
        __tablename__ = "users"
    """
SAID = (
    "Class <class 'shop.models.User'> already has been instrumented declaratively",
    "Class '<class 'shop.models.User'>' already has a primary mapper defined. ",
)


def _causes(folder: Path, mixins: str, said: str, models: str = MODELS) -> tuple[Cause, ...]:
    frame = in_test("tests/test_a.py", 1, "<module>")
    failure = failure_with(said, "sqlalchemy.exc.InvalidRequestError", phase="collect", frames=(frame,))
    return told_of(folder, {"shop/mixins.py": mixins, "shop/models.py": models}, suite([], test_a=failure))


@pytest.mark.parametrize("said", SAID)
def test_the_mixin_and_its_base_are_named(tmp_path: Path, said: str) -> None:
    cause = _causes(tmp_path, MIXINS, said)[0]

    assert cause.kind == "two-declarative-bases"
    assert places(cause)[:3] == ["shop/mixins.py:6", "shop/mixins.py:3", "shop/models.py:9"]


def test_a_class_with_one_base_is_left_to_others(tmp_path: Path) -> None:
    assert "two-declarative-bases" not in [cause.kind for cause in _causes(tmp_path, PLAIN, SAID[0])]


def test_another_class_of_the_message_is_left_to_others(tmp_path: Path) -> None:
    causes = _causes(tmp_path, MIXINS, SAID[0].replace("User", "Order"))

    assert "two-declarative-bases" not in [cause.kind for cause in causes]


def test_a_base_that_an_extension_makes_counts_too(tmp_path: Path) -> None:
    models = MODELS.replace("import declarative_base", "import DeclarativeMeta")
    models = models.replace("declarative_base()", "db.make_declarative_base(DeclarativeMeta)")

    cause = _causes(tmp_path, MIXINS, SAID[0], models)[0]

    assert cause.kind == "two-declarative-bases"
    assert places(cause)[:3] == ["shop/mixins.py:6", "shop/mixins.py:3", "shop/models.py:9"]
