"""The prediction of what each test module can configure alone, held to really running each alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kit.inventory import Inventory
from kit.inventory.mappers.merge import merge
from kit.inventory.mappers.records import RuntimeMapper
from kit.inventory.registry.prediction import predict
from tests.helpers import write_project
from tests.inventory.projects import Source, target_at

pytestmark = pytest.mark.slow

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


PENS = {
    "pens/__init__.py": "from pens import quills\n",
    "pens/base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n",
    "pens/inks.py": """
    from pens.base import Base
    from sqlalchemy import Column, Integer, Table
    from sqlalchemy.orm import Mapped, mapped_column
    class Ink(Base):
        __tablename__ = "ink"
        id: Mapped[int] = mapped_column(primary_key=True)
    """,
    "pens/quills.py": """
    from pens.base import Base
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column
    class Quill(Base):
        __tablename__ = "quill"
        id: Mapped[int] = mapped_column(primary_key=True)
        ink_id: Mapped[int] = mapped_column(ForeignKey("ink.id"))
    """,
    "tests/test_inks.py": "from pens.inks import Ink\n\ndef test_ink(): assert Ink\n",
}
CREATING = """
from pens.base import Base
from sqlalchemy import create_engine

def test_tables(): Base.metadata.create_all(create_engine("sqlite://"))
"""
#: what tests/test_quills.py has before it creates the tables, other files, and whether it fails when it runs alone
ALONE = {
    "nothing": ("", {}, True),
    "the import": ("import pens.inks\n", {}, False),
    "a conftest that imports it": ("", {"tests/conftest.py": "import pens.inks\n"}, False),
    "a fixture that loads the package": (
        "",
        {
            "tests/conftest.py": """
            import importlib, pkgutil
            import pens
            for info in pkgutil.iter_modules(pens.__path__):
                importlib.import_module(f"pens.{info.name}")
            """
        },
        False,
    ),
    "a loader in the package": (
        "",
        {
            "pens/__init__.py": """
            from importlib import import_module
            from pathlib import Path
            from pens import quills
            for path in Path(__file__).parent.glob("*.py"):
                import_module(f"{__name__}.{path.stem}") if path.stem != "__init__" else None
            """
        },
        False,
    ),
    "a loader of modules that a list names": (
        "",
        {"tests/conftest.py": "import importlib\nfor name in ['pens.inks']:\n    importlib.import_module(name)\n"},
        False,
    ),
    "a table of a name in another MetaData": (
        "",
        {
            "pens/__init__.py": "from pens import quills, other\n",
            "pens/other.py": 'from sqlalchemy import MetaData, Table\nink = Table("ink", MetaData())\n',
        },
        True,
    ),
}


@pytest.mark.parametrize("how", ALONE)
def test_a_table_that_nothing_imports_fails_a_test_module_alone(how: str, tmp_path: Path) -> None:
    before, files, fails = ALONE[how]
    write_project(tmp_path, {**PENS, "tests/test_quills.py": before + CREATING, **files})
    inventory = Inventory.of(target_at(tmp_path), runtime=False)
    missed = [(one.path, [(m.name, m.what, str(m.needed_at)) for m in one.missed]) for one in inventory.prediction()]
    expected = [("tests/test_quills.py", [("ink", "table", "pens/quills.py:7")])] * fails
    assert missed == expected
    if how in ("nothing", "a loader in the package"):  # the others were tried when this was written
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_quills.py"]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ("NoReferencedTableError" in run.stdout) == fails


def test_a_foreign_key_matters_only_where_tables_are_created(tmp_path: Path) -> None:
    files = {**PENS, "tests/test_quills.py": "from pens.quills import Quill\n\ndef test_quill(): assert Quill\n"}
    assert Inventory.of(target_at(write_project(tmp_path, files)), runtime=False).prediction() == ()


def test_the_canary_confirms_a_missing_table(tmp_path: Path) -> None:
    target = target_at(write_project(tmp_path, {**PENS, "tests/test_quills.py": CREATING}))
    (alone,) = Inventory.of(target, runtime=False).confirm(target)
    assert (alone.path, alone.outcome) == ("tests/test_quills.py", "fails")
    assert alone.said.startswith("NoReferencedTableError: ")
