"""The prediction of what each test module can configure alone, held to really running each alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kit.inventory import Inventory
from kit.inventory.mappers.merge import merge
from kit.inventory.registry.prediction import predict
from kit.inventory.source.records import RuntimeMapper
from tests.helpers import write_project
from tests.inventory.projects import Source, target_at

HEAD = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nfrom app.db import Base\n"
TEST = (
    "\ndef test_the_mappers_configure():\n    from sqlalchemy.orm import configure_mappers\n    configure_mappers()\n"
)
PROJECT = {
    "conftest.py": "",
    "app/__init__.py": "",
    "app/db.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "app/user.py": f"""{HEAD}
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")
""",
    "app/order.py": f"""{HEAD}
class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="orders", primaryjoin="Order.user_id == User.id")
""",
    "app/tag.py": f"""{HEAD}
class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    parent_id = Column(ForeignKey("tags.id"))
    children = relationship("Tag", order_by="func.lower(Tag.id)")
""",
    "app/copied.py": f"""{HEAD}
class User(Base):
    __tablename__ = "copied_users"
    id = Column(Integer, primary_key=True)
""",
    "app/everything.py": "import app.user\nimport app.order\n",
    "tests/test_user.py": f"import app.user\n{TEST}",
    "tests/test_order.py": f"from app.order import Order\n{TEST}",
    "tests/test_both.py": f"import app.user, app.order\n{TEST}",
    "tests/test_through.py": f"from app import everything\n{TEST}",
    "tests/test_tag.py": f"from app.tag import Tag\n{TEST}",
    "tests/test_nothing.py": TEST,
    "tests/test_twice.py": f"import app.everything, app.copied\n{TEST}",
    "tests/test_typing.py": f"import typing\nif typing.TYPE_CHECKING:\n    import app.order\nimport app.user\n{TEST}",
    "tests/fixed/conftest.py": (
        "import pytest\n@pytest.fixture(autouse=True)\ndef models():\n    from app import order\n"
    ),
    "tests/fixed/test_with_fixture.py": f"import app.user\n{TEST}",
}


def fails_alone(root: Path, path: str) -> bool:
    argv = [sys.executable, "-Bm", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", path]
    run = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root)})
    assert "1 passed" in run.stdout or "1 failed" in run.stdout, run.stdout
    return run.returncode == 1


def test_exactly_the_test_modules_that_fail_alone_are_predicted(tmp_path: Path) -> None:
    write_project(tmp_path, PROJECT)
    prediction = Inventory.of(target_at(tmp_path), runtime=False).prediction()
    tests = [path for path in PROJECT if path.rpartition("/")[2].startswith("test_")]
    assert {one.path for one in prediction} == {path for path in tests if fails_alone(tmp_path, path)}
    assert {one.module: [(m.name, str(m.needed_at), m.loaded) for m in one.missed] for one in prediction} == {
        "tests.test_order": [("User", "app/order.py:9", 0)],
        "tests.test_twice": [("User", "app/order.py:9", 2)],
        "tests.test_typing": [("Order", "app/user.py:8", 0)],
        "tests.test_user": [("Order", "app/user.py:8", 0)],
    }
    missed = prediction[0].missed[0]
    assert [str(place) for place in missed.defined_at] == ["app/copied.py:5", "app/user.py:5"]


def test_a_class_that_is_defined_nowhere_is_missed_everywhere(tmp_path: Path) -> None:
    files = {**PROJECT, "app/order.py": "", "tests/test_twice.py": ""}
    prediction = Inventory.of(target_at(write_project(tmp_path, files)), runtime=False).prediction()
    assert "tests.test_both" in {one.module for one in prediction}
    assert {missed.defined_at for one in prediction for missed in one.missed} == {()}


def test_a_library_may_map_a_class_that_the_target_does_not_define(tmp_path: Path) -> None:
    base = "from company.db import MODEL as Base\n"
    files = {**PROJECT, "app/db.py": base, "app/order.py": "", "tests/test_twice.py": ""}
    assert Inventory.of(target_at(write_project(tmp_path, files)), runtime=False).prediction() == ()


def test_a_librarys_class_may_be_imported_by_the_library() -> None:
    source = Source({**PROJECT, "app/order.py": "", "tests/test_twice.py": ""})
    tests = source.graph.test_modules()
    assert predict(source.mappers, source.names, source.graph, tests)
    library = RuntimeMapper("Order", "company.orders", "Order", 1, 7, "/packages/company/orders.py")
    with_library = merge(source.mappers, [RuntimeMapper("User", "app.user", "User", 1, 8, "app/user.py"), library])
    assert predict(with_library, source.names, source.graph, tests) == ()


def test_the_load_time_cycles_of_a_target(tmp_path: Path) -> None:
    files = {"a.py": "import b", "b.py": "import a"}
    (cycle,) = Inventory.of(target_at(write_project(tmp_path, files)), runtime=False).cycles()
    assert cycle.modules == ("a", "b")
