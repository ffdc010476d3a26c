"""Targets on each Python that kit supports, whose source has what their Python brought: kit's own may not know it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import run_kit, write_project
from tests.inventory.make_environments import OTHERS, PYTHONS, environment_of

pytestmark = pytest.mark.slow

#: two classes of one name, an index that is made twice, a failure, and a test that ends its process
APP = {
    "pytest.ini": "[pytest]\n",
    "shop/__init__.py": "",
    "shop/base.py": "from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n",
    "shop/users.py": """
        from sqlalchemy import Column, Integer, String
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            id = Column(Integer, primary_key=True, index=True)
            name = Column(String(20))
    """,
    "shop/accounts.py": """
        from sqlalchemy import Column, Integer
        from shop.base import Base

        class User(Base):
            __tablename__ = "users"
            __table_args__ = {"extend_existing": True}
            id = Column(Integer, primary_key=True, index=True)
    """,
    "shop/orders.py": """
        from sqlalchemy import Column, ForeignKey, Integer
        from sqlalchemy.orm import relationship
        from shop.base import Base

        class Order(Base):
            __tablename__ = "orders"
            id = Column(Integer, primary_key=True)
            user_id = Column(Integer, ForeignKey("users.id"))
            user = relationship("User")
    """,
    "tests/test_shop.py": """
        import os
        import shop.users, shop.accounts, shop.orders, shop.new
        from sqlalchemy import create_engine

        def test_create():
            shop.users.Base.metadata.create_all(create_engine("sqlite://"))

        def test_value():
            assert {}["x"]

        def test_leaves():
            os._exit(3)

        def test_passes():
            assert shop.new
    """,
}

#: what a version brought; a file of the app has all up to its own
NEW = {
    "3.8": """
def named(a, /, b=1, *, c=2):
    if (n := len([a])) > 0:
        return f"{n=}"
""",
    "3.9": "def lists(x: list[int]) -> dict[str, int]: ...\n",
    "3.10": """
def matched(x: int | None):
    match x:
        case {"a": int(n), **rest} if n and rest:
            return n
""",
    "3.11": """
def grouped():
    try:
        pass
    except* ValueError:
        pass
""",
    "3.12": """
type Pair[T] = tuple[T, T]
class Box[T]:
    text = f"{'a' + f"{'b'}"}"
""",
    "3.13": "class Crate[T = int]: pass\n",
    "3.14": """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
class Late(DeclarativeBase): pass
class Child(Late):
    __tablename__ = "children"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"))
    parent: Mapped[Parent] = relationship(back_populates="children")
class Parent(Late):
    __tablename__ = "parents"
    id: Mapped[int] = mapped_column(primary_key=True)
    children: Mapped[list[Child]] = relationship(back_populates="parent")
def later(one: Undefined) -> Unknown:
    try:
        return t"hello {one!r:>{10}}"
    except ValueError, TypeError:
        return None
""",
}


def asked(app: Path, python: Path, *words: str) -> dict[str, Any]:
    run = run_kit(*words, "--python", str(python), "--format", "json", cwd=app.parent, timeout_s=300)
    assert run.returncode == 1, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


@pytest.mark.parametrize("version", [*PYTHONS, *OTHERS])
def test_an_app_of_this_python_is_scanned_and_run(tmp_path: Path, version: str) -> None:
    python = environment_of(version)
    if python is None:
        pytest.skip(f"no environment of Python {version}: make environments makes it")
    syntax = {"3.14t": "3.14", "pypy": "3.8"}.get(version, version)
    new = "".join(text for one, text in NEW.items() if PYTHONS.index(one) <= PYTHONS.index(syntax))
    # the classes in question stand in files with new syntax too
    app = write_project(tmp_path / "app", {**APP, "shop/new.py": new})
    for name in ("users", "accounts"):
        file = app / "shop" / f"{name}.py"
        file.write_text(file.read_text() + NEW[syntax].partition("class Late")[0].partition("def later")[0])

    scanned = asked(app, python, "scan", "app")
    ran = asked(app, python, "run", "app", "--recheck-s", "0")

    assert [finding["kind"] for finding in scanned["findings"]] == ["duplicate-class"]
    assert [place["path"] for place in scanned["findings"][0]["locations"]] == ["shop/users.py", "shop/accounts.py"]
    outcomes = {test["nodeid"].partition("::")[2]: test["outcome"] for test in ran["tests"]}
    assert outcomes == {
        "test_create": "failed", "test_value": "failed", "test_leaves": "crashed", "test_passes": "passed",
    }  # fmt: skip
