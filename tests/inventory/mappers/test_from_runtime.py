"""The probe in the target's interpreter, with real SQLAlchemy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from kit.inventory.inventory import Inventory
from kit.inventory.mappers import from_runtime as runtime
from kit.inventory.mappers.from_runtime import RuntimeFacts, probe_runtime
from kit.inventory.mappers.from_source import Mapper, source_mappers
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.source.reading import read_source
from kit.target import ProbeRun
from tests.helpers import fingerprint, write_project
from tests.inventory.projects import target_at

pytestmark = pytest.mark.slow

DB = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
HEAD = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nfrom app.db import Base\n"
USER = f"""{HEAD}
class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(index=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")
"""
ORDER = f"""{HEAD}
class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_status", "status"),)
    id = Column(Integer, primary_key=True)
    status = Column(String(9), index=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="orders")
"""
APP = {"app/__init__.py": "", "app/db.py": DB, "app/user.py": USER, "app/order.py": ORDER}
DUPLICATE = (
    f"{HEAD}class User(Base):\n    __tablename__ = 'users'\n    __table_args__ = {{'extend_existing': True}}\n"
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)


def mappers_at(root: Path) -> tuple[Mapper, ...]:
    files = read_source(target_at(root)).files
    return source_mappers(Names(files, Modules.of(files, ["."])))


def ask(root: Path, files: dict[str, str], timeout_s: float = 40.0) -> RuntimeFacts:
    write_project(root, files)
    return probe_runtime(target_at(root), mappers_at(root), timeout_s=timeout_s)


def test_the_registry_is_told_without_configuring_and_without_a_trace(tmp_path: Path) -> None:
    write_project(tmp_path, APP)
    before = fingerprint(tmp_path)
    facts = probe_runtime(target_at(tmp_path), mappers_at(tmp_path), timeout_s=40)
    mappers = {mapper.name: mapper for mapper in facts.mappers}
    user, order = mappers["User"], mappers["Order"]
    assert (user.module, user.path, user.table, user.base) == ("app.user", "app/user.py", "users", "app.db.Base")
    assert user.columns == ("id", "mail")
    assert user.relationships == (("orders", "Order"),)
    assert order.relationships == (("user", "User"),)
    assert user.registry == order.registry
    assert facts.configuration is None
    assert facts.errors == ()
    assert facts.problems == ()
    assert fingerprint(tmp_path) == before


def test_an_index_that_the_metadata_has_twice(tmp_path: Path) -> None:
    (index,) = ask(tmp_path, APP).indexes
    assert (index.name, index.tables) == ("ix_orders_status", ("orders", "orders"))


def test_a_module_that_fails_is_told_and_the_others_are_asked(tmp_path: Path) -> None:
    broken = {"app/needs.py": "import no_such_package\n", "app/order.py": "import app.needs\n" + ORDER}
    facts = ask(tmp_path, {**APP, **broken})
    (error,) = facts.errors
    assert (error.module, error.exception, error.message) == (
        "app.order",
        "ModuleNotFoundError",
        "No module named 'no_such_package'",
    )
    assert str(error.location) == "app/needs.py:1"
    assert [mapper.name for mapper in facts.mappers] == ["User"]


def test_the_first_error_of_the_configuration_with_its_mapper(tmp_path: Path) -> None:
    facts = ask(tmp_path, {"app/__init__.py": "", "app/db.py": DB, "app/order.py": ORDER})
    assert facts.configuration is not None
    assert "expression 'User' failed to locate a name" in facts.configuration.message
    assert [(one.mapper, one.relationship) for one in facts.configurations] == [(("app.order", "Order"), "user")]


def test_two_classes_of_a_name_are_both_there(tmp_path: Path) -> None:
    facts = ask(tmp_path, {**APP, "app/users.py": DUPLICATE})
    users = [mapper for mapper in facts.mappers if mapper.name == "User"]
    assert {mapper.module for mapper in users} == {"app.user", "app.users"}
    assert len({(mapper.registry, mapper.table_id) for mapper in users}) == 1
    assert facts.configuration is not None
    assert facts.configuration.message.startswith('Multiple classes found for path "User"')


def test_imperative_and_dynamic_mappings_and_other_metadatas(tmp_path: Path) -> None:
    made = f"""{HEAD}
class Other(Base):
    __abstract__ = True
    metadata = MetaData()
class Archive(Other):
    __tablename__ = "archive"
    __table_args__ = (Index("ix_archive_day", "day"),)
    id = Column(Integer, primary_key=True)
    day = Column(Date, index=True)
class Plain: ...
Base.registry.map_imperatively(Plain, Table("plain", Base.metadata, Column("id", Integer, primary_key=True)))
Made = type(
    "Made", (Base,), {{"__tablename__": "made", "id": Column(Integer, primary_key=True), "__module__": __name__}}
)
"""
    facts = ask(tmp_path, {**APP, "app/made.py": made})
    assert {"Archive", "Plain", "Made"} <= {mapper.name for mapper in facts.mappers}
    assert "ix_archive_day" in {index.name for index in facts.indexes}


def test_a_class_whose_declaration_raised_is_left_out(tmp_path: Path) -> None:
    keyless = f"{HEAD}class Keyless(Base):\n    __tablename__ = 'k'\n    id = Column(Integer)\n"
    facts = ask(tmp_path, {**APP, "app/keyless.py": keyless})
    assert "could not assemble any primary key columns" in facts.errors[0].message
    assert sorted(mapper.name for mapper in facts.mappers) == ["Order", "User"]


NASTY = {
    "raises SystemExit": "raise SystemExit(3)",
    "raises KeyboardInterrupt": "raise KeyboardInterrupt",
    "raises what has no text": "class E(Exception):\n    def __str__(self): raise ValueError\nraise E()",
    "raises what is no text": "raise ImportError('\\udc80')",
    "floods its output": "print('x' * 3_000_000)\nraise ImportError('late')",
    "closes its streams": "import os\nos.close(1)\nos.close(2)\nraise ImportError('late')",
    "ends the interpreter": "import os\nos._exit(0)",
    "crashes": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_a_module_that_misbehaves_is_told_and_the_others_are_asked(text: str, tmp_path: Path) -> None:
    facts = ask(tmp_path, {**APP, "app/bad.py": f"{text}\n{DUPLICATE}"})
    assert [error.module for error in facts.errors] == ["app.bad"]
    assert sorted(mapper.name for mapper in facts.mappers) == ["Order", "User"]
    assert facts.problems == ()


def test_a_module_that_hangs_is_left_out_in_time(tmp_path: Path) -> None:
    facts = ask(tmp_path, {**APP, "app/bad.py": f"import time\ntime.sleep(600)\n{DUPLICATE}"}, timeout_s=20)
    assert [(error.module, error.exception) for error in facts.errors] == [("app.bad", "Timeout")]
    assert sorted(mapper.name for mapper in facts.mappers) == ["Order", "User"]


def test_no_process_or_thread_of_the_target_stays(tmp_path: Path) -> None:
    leaving = """import subprocess, sys, threading, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
threading.Thread(target=time.sleep, args=(99,)).start()
"""
    facts = ask(tmp_path, {**APP, "app/user.py": leaving + USER})
    assert len(facts.mappers) == 2
    assert [child for child in psutil.Process().children(recursive=True) if "time.sleep(99)" in child.cmdline()] == []


def test_a_configuration_that_hangs_does_not_cost_the_registry(tmp_path: Path) -> None:
    hanging = """from sqlalchemy import event
from sqlalchemy.orm import Mapper
import time
@event.listens_for(Mapper, "before_configured", once=True)
def wait():
    time.sleep(600)
"""
    facts = ask(tmp_path, {**APP, "app/user.py": hanging + USER}, timeout_s=12)
    assert len(facts.mappers) == 2
    assert facts.configuration is None
    (problem,) = facts.problems  # it names the seconds that were left for it
    assert problem.startswith("configure_mappers() was not over after ")


def test_what_the_target_writes_into_the_records_is_no_harm(tmp_path: Path) -> None:
    forging = """import os
for descriptor in range(3, 30):
    try:
        os.write(descriptor, b'{"kind": "mapper", "name": 3}\\n')
    except OSError:
        pass
"""
    assert len(ask(tmp_path, {**APP, "app/user.py": forging + USER}).mappers) == 2


def test_without_sqlalchemy_source_has_its_say(tmp_path: Path) -> None:
    write_project(tmp_path, {**APP, "sqlalchemy.py": "raise ImportError('none here')"})
    inventory = Inventory.of(target_at(tmp_path), timeout_s=40)
    assert [fact.sides for fact in inventory.facts.mapped_classes] == [("source",), ("source",)]
    assert inventory.facts.problems == ("The mapper registry was not read: the target's Python has no SQLAlchemy.",)


def test_what_sqlalchemy_no_longer_has_is_said(tmp_path: Path) -> None:
    gone = "import sys\nimport sqlalchemy.orm\ndel sys.modules['sqlalchemy.orm.mapper']._all_registries\n"
    facts = ask(tmp_path, {**APP, "app/user.py": gone + USER})
    assert len(facts.mappers) == 2
    assert facts.problems == ("This SQLAlchemy has no _all_registries; what kit reads there is missing.",)


def test_too_many_modules_that_end_the_interpreter_come_to_an_end(tmp_path: Path) -> None:
    ending = f"import os\nos._exit(7)\n{DUPLICATE}"
    facts = ask(tmp_path, {"app/__init__.py": "", "app/db.py": DB, **{f"app/m{n}.py": ending for n in range(6)}})
    assert len(facts.errors) == runtime.MOST_LEFT_OUT
    assert facts.errors[0].message == "importing it ended the interpreter (7)"
    assert facts.problems == ("The mapper registry was only read in part: the probe ended early (7).",)


def test_every_error_of_the_configuration_is_told_where_it_is(tmp_path: Path) -> None:
    broken = f"""{HEAD}
class A(Base):
    __tablename__ = "a"
    id = Column(Integer, primary_key=True)
    one = relationship("Nobody")
    two = relationship("Nothing")
    other = relationship("B")
    again = relationship("Nobody")
class B(Base):
    __tablename__ = "b"
    id = Column(Integer, primary_key=True)
    fine_id = Column(ForeignKey("a.id"))
    key_id = Column(ForeignKey("a.id"))
"""
    write_project(tmp_path, {"app/__init__.py": "", "app/db.py": DB, "app/broken.py": broken})
    inventory = Inventory.of(target_at(tmp_path), timeout_s=40)
    found = [one for one in inventory.facts.findings if one.kind == "mapper-configuration"]
    assert [(one.title.split()[0], [place.line for place in one.locations]) for one in found] == [
        ("A.one", [8, 11]),
        ("A.other", [10, 15, 16]),
        ("A.two", [9]),
    ]
    assert "multiple foreign key paths" in found[1].evidence[0]
    kinds = [[str(name).partition(":")[0] for name in one.details["source"]] for one in found]  # type: ignore[union-attr]
    assert kinds == [["relationship-target-unknown"] * 2, ["join-condition"], ["relationship-target-unknown"]]
    assert {one.kind for one in inventory.facts.findings} == {"mapper-configuration"}


def test_what_led_to_a_mapper_and_a_table(tmp_path: Path) -> None:
    through = {"app/a.py": "import app.b\n" + USER.replace("User", "A").replace("users", "a"), "app/b.py": ORDER}
    facts = ask(tmp_path, {**APP, **through, "app/order.py": ""})
    mappers = {mapper.name: mapper for mapper in facts.mappers}
    assert mappers["Order"].imported_through == (("app/a.py", 1), ("app/b.py", 5))
    tables = {table.name: table for table in facts.tables}
    assert tables["orders"].imported_through == mappers["Order"].imported_through
    assert [(key.column, key.table, key.missing) for key in tables["orders"].foreign_keys] == [
        ("user_id", "users", None)
    ]


COMMA = f"""{HEAD}
class W(Base):
    __tablename__ = "w"
    id = Column(Integer, primary_key=True)
    x = Column(Integer),
"""


def test_a_module_that_ends_the_interpreter_after_a_warning_is_left_out(tmp_path: Path) -> None:
    facts = ask(tmp_path, {**APP, "app/bad.py": f"{COMMA}import os\nos._exit(3)\n"})
    assert [error.module for error in facts.errors] == ["app.bad"]
    assert sorted(mapper.name for mapper in facts.mappers) == ["Order", "User"]


def test_warnings_are_told_at_the_target_s_own_line(tmp_path: Path) -> None:
    (warning,) = ask(tmp_path, {**APP, "app/comma.py": COMMA}).warnings
    assert (warning.exception, str(warning.location)) == ("sqlalchemy.exc.SAWarning", "app/comma.py:5")
    assert warning.message.startswith("Ignoring declarative-like tuple value of attribute 'x'")


def test_a_file_that_a_computed_name_imports_again(tmp_path: Path) -> None:
    again = "import importlib\nimportlib.import_module('.'.join(['user']))\n"
    user = USER.replace("class User(Base):", "class User(Base):\n    __table_args__ = {'extend_existing': True}")
    files = {**APP, "app/user.py": user, "app/again.py": again, "app/order.py": "import app.again\n" + ORDER}
    write_project(tmp_path, files)
    inventory = Inventory.of(target_at(tmp_path, roots=(".", "app")), timeout_s=40)
    (finding,) = [one for one in inventory.facts.findings if one.kind == "double-import"]
    assert finding.title == "app/user.py is imported as app.user and as user"
    assert [str(place) for place in finding.locations] == ["app/user.py:5"]
    assert "The running target has executed app/user.py twice" in finding.evidence


def test_two_constraints_of_a_name(tmp_path: Path) -> None:
    twice = ORDER.replace(
        "(Index(", "(UniqueConstraint('id', name='same'), UniqueConstraint('status', name='same'), Index("
    )
    write_project(tmp_path, {**APP, "app/order.py": twice})
    inventory = Inventory.of(target_at(tmp_path), timeout_s=40)
    (finding,) = [one for one in inventory.facts.findings if one.kind == "duplicate-constraint"]
    assert finding.title == '"same" is the name of several constraints on table orders'
    assert {str(place) for place in finding.locations} == {"app/order.py:7"}


def test_classes_of_queries_of_one_name_share_no_table(tmp_path: Path) -> None:
    query = f"""{HEAD}
from app.user import User
class Found(Base):
    __table__ = select(User.id).alias("found")
    __mapper_args__ = {{"primary_key": [User.id]}}
"""
    write_project(tmp_path, {**APP, "app/one.py": query, "app/two.py": query})
    inventory = Inventory.of(target_at(tmp_path), timeout_s=40)
    (finding,) = [one for one in inventory.facts.findings if one.kind == "duplicate-class"]
    assert (finding.id, finding.severity, finding.details["tables"]) == ("duplicate-class:Found", "smell", [])


def test_a_module_that_loads_itself_lazily_is_left_alone(tmp_path: Path) -> None:
    lazy = """import sys, types
class Lazy(types.ModuleType):
    def __getattr__(self, name):
        raise RuntimeError("loaded")
module = Lazy("lazy")
sys.modules["lazy"] = module
"""
    facts = ask(tmp_path, {**APP, "app/user.py": lazy + USER})
    assert len(facts.mappers) == 2
    assert facts.problems == ()


def test_a_record_of_another_shape_is_counted_and_makes_the_facts_incomplete() -> None:
    lists = ("imported_through", "columns", "relationships")

    def mapper(name: object) -> dict[str, object]:
        texts = {"module": "app.user", "qualname": "User", "path": "app/user.py", "base": "app.db.Base"}
        numbers = {"line": 3, "registry": 1, "table_id": 2}
        rest = {"table": "users", "stale": False, "inherits": None}
        return {"kind": "mapper", "name": name, **texts, **numbers, **rest, **{key: [] for key in lists}}

    records = (mapper("User"), mapper(7), {"kind": "mappr"}, {"no": "kind"}, {"kind": "done"})
    facts = runtime.facts_of(ProbeRun(records, 0, "", timed_out=False, ignored=1))

    assert [mapper.name for mapper in facts.mappers] == ["User"]
    assert facts.problems == ()
    assert facts.losses == (
        "4 records of the mapper registry could not be read (not a JSON object): classes may be missing.",
    )


def test_a_record_that_cannot_be_read_is_a_problem_of_the_inventory(tmp_path: Path) -> None:
    forging = """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'{"kind":"mapper","name":7}\\n')
    except OSError:
        pass
"""
    inventory = Inventory.of(target_at(write_project(tmp_path, {**APP, "app/user.py": forging + USER})), timeout_s=40)

    (loss,) = inventory.facts.losses
    assert "of the mapper registry could not be read (mapper: Expected `str`, got `int` - at `$.name`)" in loss
    assert loss in inventory.facts.problems
    assert len(inventory.facts.mapped_classes) == 2


NEEDY = {
    "app/__init__.py": "",
    "app/settings.py": 'import os\nURL = os.environ["KIT_TESTS_URL"]\n',
    "app/models.py": """
    from app.settings import URL
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
    class Base(DeclarativeBase): ...
    class Plan(Base):
        __tablename__ = "plans"
        id: Mapped[int] = mapped_column(primary_key=True)
    """,
    "tests/test_a.py": "from app.models import Plan\n",
}
SETTING = 'import os\nos.environ["KIT_TESTS_URL"] = "sqlite://"\n'

#: what sets what the models need, and whether pytest would have done so before it imports a test
SET_BY = {
    "the tests' conftest": ({"tests/conftest.py": SETTING}, True),
    "a hook": (
        {"conftest.py": "def pytest_configure():\n    import os\n    os.environ['KIT_TESTS_URL'] = 'x'\n"},
        True,
    ),
    "a plugin that a conftest names": (
        {"conftest.py": 'pytest_plugins = ["settings_for_tests"]\n', "settings_for_tests.py": SETTING},
        True,
    ),
    "a conftest that fails": ({"tests/conftest.py": "import os\nos.environ['KIT_OTHER_URL']\n"}, False),
    "no conftest": ({}, False),
}


@pytest.mark.parametrize("how", SET_BY)
def test_models_may_need_what_the_tests_set_up(how: str, tmp_path: Path) -> None:
    files, helps = SET_BY[how]
    target = target_at(write_project(tmp_path, {**NEEDY, **files}))
    facts = Inventory.of(replace(target, test_paths=("tests",))).facts
    (finding,) = [one for one in facts.findings if one.kind == "module-not-importable"]
    (mapped,) = facts.mapped_classes
    if helps:
        assert finding.title == "app.models can only be imported after the tests' conftest files"
        assert (finding.severity, mapped.sides, facts.runtime_errors) == ("smell", ("source", "runtime"), ())
        assert finding.evidence[0] == "Without them: KeyError: 'KIT_TESTS_URL'"
    else:
        assert (finding.severity, mapped.sides) == ("blocks_now", ("source",))
    assert str(finding.locations[0]) == "app/settings.py:2"
