"""Which classes of a source tree are mapped, on which base and to which table."""

from __future__ import annotations

import pytest

from tests.inventory.projects import Source

BASES = {
    "declarative_base()": "from sqlalchemy.orm import declarative_base\nBase = declarative_base()",
    "declarative_base() of the extension": "from sqlalchemy.ext.declarative import declarative_base as d\nBase = d()",
    "DeclarativeBase": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...",
    "with a mixin": "import sqlalchemy.orm as o, x\nclass Base(x.Mixin, o.DeclarativeBase, x.Other): ...",
    "as_declarative": "from sqlalchemy.orm import as_declarative\n@as_declarative()\nclass Base: ...",
    "a call as base class": "from sqlalchemy.orm import declarative_base\nclass Base(declarative_base()): ...",
    "generate_base": "from sqlalchemy import orm\nreg = orm.registry()\nBase = reg.generate_base()",
    "metaclass": "from sqlalchemy.orm import DeclarativeMeta\nclass Base(metaclass=DeclarativeMeta): ...",
    "derived metaclass": "import sqlalchemy.orm as o\nclass M(o.DeclarativeMeta): ...\nclass Base(metaclass=M): ...",
    "annotated": "from sqlalchemy.orm import declarative_base\nBase: Any = declarative_base()",
    "star import": "from sqlalchemy.orm import *\nBase = declarative_base()",
    "a factory of one's own": "def make(): ...\nBase = make()",
    "a library's": "from company.db import Base",
}
USER = "from app.db import Base\nclass User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer)"


@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
def test_a_class_on_each_style_of_base_is_mapped(base: str) -> None:
    user = Source({"app/db.py": base, "app/models.py": USER}).mapped["User"]
    expected = "company.db.Base" if base == BASES["a library's"] else "app.db.Base"
    assert (user.base, user.table, user.columns, user.sides) == (expected, "users", ("id",), ("source",))
    assert (user.path, user.line, user.end_line, user.module) == ("app/models.py", 2, 4, "app.models")


WAYS = {
    "alias": "from app.db import Base as Model\nclass User(Model): __tablename__ = 'users'",
    "module": "import app.db\nclass User(app.db.Base): __tablename__ = 'users'",
    "module alias": "from app import db\nclass User(db.Base): __tablename__ = 'users'",
    "re-export": "from app import Base\nclass User(Base): __tablename__ = 'users'",
    "star": "from app.db import *\nclass User(Base): __tablename__ = 'users'",
    "assignment": "from app.db import Base\nModel = Base\nclass User(Model): __tablename__ = 'users'",
    "relative": "from .db import Base\nclass User(Base): __tablename__ = 'users'",
    "guarded": "try:\n    from app.db import Base\nexcept E:\n    Base = None\nclass User(Base): __tablename__ = 'u'",
    "subscripted": "from app.db import Base\nclass User(Base[int]): __tablename__ = 'users'",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS.keys())
def test_a_base_is_the_same_under_every_name(text: str) -> None:
    db = {"app/__init__.py": "from app.db import Base", "app/db.py": BASES["DeclarativeBase"]}
    assert Source({**db, "app/models.py": text}).mapped["User"].base == "app.db.Base"


def test_a_metaclass_makes_no_base_of_a_class_that_has_one_above_it() -> None:
    text = "class User(Base, metaclass=DeclarativeMeta):\n    __tablename__ = 'users'"
    source = f"from sqlalchemy.orm import *\nBase = declarative_base()\n{text}"
    assert Source({"m.py": source}).mapped["User"].base == "m.Base"


def test_what_is_not_mapped() -> None:
    project = Source(
        {
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase
            from pydantic import BaseModel
            class Base(DeclarativeBase): ...
            class Abstract(Base):
                __abstract__ = True
                __tablename__ = "abstract"
            class Mixin:
                __tablename__ = "mixin"
            class Form(BaseModel):
                name: str
            class NoTable(Base): ...
            if TYPE_CHECKING:
                class ForTypes(Base):
                    __tablename__ = "types"
            def f():
                class Local(Base):
                    __tablename__ = "local"
            """
        }
    )
    assert project.mapped == {}


def test_parts_of_mixins_and_abstract_bases_belong_to_the_class() -> None:
    project = Source(
        {
            "app/base.py": """
            from sqlalchemy.orm import DeclarativeBase
            class Base(DeclarativeBase):
                id = Column(Integer)
            class Timestamps:
                created = Column(DateTime)
                @declared_attr
                def creator(cls): return relationship("User")
            class Model(Timestamps, Base):
                __abstract__ = True
                __table_args__ = {"extend_existing": True}
            """,
            "app/models.py": """
            from .base import Model
            class Order(Model):
                __tablename__ = "orders"
                total = Column(Integer)
                created = Column(Date)
            """,
        }
    )
    order = project.mapped["Order"]
    assert order.columns == ("total", "created", "id")
    assert [item.name for item in order.relationships] == ["creator"]
    assert order.extend_existing
    (mapper,) = project.mappers
    assert {part.path for part in mapper.columns} == {"app/models.py", "app/base.py"}


def test_inheritance_joined_and_single() -> None:
    project = Source(
        {
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase
            class Base(DeclarativeBase): ...
            class Person(Base):
                __tablename__ = "people"
                id = Column(Integer)
            class Engineer(Person):
                __tablename__ = "engineers"
                skill = Column(String)
            class Manager(Person):
                level: Mapped[int]
            """
        }
    )
    mapped = project.mapped
    assert {name: (fact.table, fact.columns) for name, fact in mapped.items()} == {
        "Person": ("people", ("id",)),
        "Engineer": ("engineers", ("skill",)),
        "Manager": ("people", ("level",)),
    }
    assert {mapper.fact.name: mapper.own_table for mapper in project.mappers} == {
        "Person": True,
        "Engineer": True,
        "Manager": False,
    }


def test_a_table_name_that_only_running_the_code_would_tell() -> None:
    project = Source(
        {
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase, declared_attr
            class Base(DeclarativeBase):
                @declared_attr.directive
                def __tablename__(cls): return cls.__name__.lower()
            class User(Base):
                id: Mapped[int]
            """
        }
    )
    assert project.mapped["User"].table is None


def test_sqlmodel() -> None:
    project = Source(
        {
            "m.py": """
            from sqlmodel import Field, Relationship, SQLModel
            class HeroBase(SQLModel):
                name: str = Field(index=True)
            class Hero(HeroBase, table=True):
                id: int | None = Field(default=None, primary_key=True)
                age: int
                team_id: int | None = Field(foreign_key="team.id")
                team: "Team" = Relationship(back_populates="heroes")
            class HeroRead(HeroBase):
                id: int
            """
        }
    )
    hero = project.mapped["Hero"]
    assert list(project.mapped) == ["Hero"]
    assert (hero.base, hero.table, hero.columns) == ("sqlmodel.SQLModel", "hero", ("id", "age", "team_id", "name"))
    assert [item.name for item in hero.relationships] == ["team"]


def test_flask_sqlalchemy() -> None:
    project = Source(
        {
            "ext.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()",
            "m.py": "from ext import db\nclass User(db.Model):\n    id = db.Column(db.Integer)\n"
            "class Base(db.Model):\n    __abstract__ = True\nclass Order(Base):\n    __tablename__ = 'orders'",
        }
    )
    assert {name: fact.base for name, fact in project.mapped.items()} == {
        "User": "ext.db.Model",
        "Order": "ext.db.Model",
    }


def test_registry_decorators_imperative_mappings_and_tables() -> None:
    project = Source(
        {
            "reg.py": "from sqlalchemy.orm import registry\nmapper_registry = registry()",
            "tables.py": "users = Table('users', metadata, Column('id', Integer), Column('name', Text))",
            "m.py": """
            from reg import mapper_registry as reg
            from tables import users
            @reg.mapped
            class Order:
                __tablename__ = "orders"
            @reg.mapped
            class Line:
                __table__ = Table("lines", reg.metadata, Column("id", Integer), extend_existing=True)
            @reg.mapped_as_dataclass(kw_only=True)
            class Account:
                __table__ = users
            class User: ...
            def start():
                reg.map_imperatively(User, users)
            """,
        }
    )
    assert {fact.base for fact in project.mapped.values()} == {"reg.mapper_registry"}
    assert {name: (fact.table, fact.columns) for name, fact in project.mapped.items()} == {
        "Order": ("orders", ()),
        "Line": ("lines", ("id",)),
        "Account": ("users", ("id", "name")),
        "User": ("users", ("id", "name")),
    }
    assert project.mapped["Line"].extend_existing


def test_bases_that_share_a_registry() -> None:
    project = Source(
        {
            "reg.py": "from sqlalchemy.orm import registry\nreg = registry()\nOne = reg.generate_base()",
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase
            from reg import One, reg
            class Two(DeclarativeBase):
                registry = reg
            class Three(DeclarativeBase): ...
            class A(One): __tablename__ = "a"
            class B(Two): __tablename__ = "b"
            class C(Three): __tablename__ = "c"
            """,
        }
    )
    assert [(mapper.fact.base, mapper.registry) for mapper in project.mappers] == [
        ("reg.One", "reg.reg"),
        ("m.Two", "reg.reg"),
        ("m.Three", "m.Three"),
    ]


def test_the_targets_own_base_comes_before_a_librarys_mixin() -> None:
    project = Source(
        {
            "db.py": BASES["a factory of one's own"],
            "m.py": "from lib import Table\nfrom db import Base\nclass User(Table[int], Base): __tablename__ = 'u'",
        }
    )
    assert project.mapped["User"].base == "db.Base"


def test_classes_that_inherit_in_a_circle() -> None:
    assert Source({"m.py": "from n import A\nclass B(A): ...", "n.py": "from m import B\nclass A(B): ..."}).mapped == {}


def test_relationships_keep_their_argument_as_written() -> None:
    project = Source(
        {
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase
            class Base(DeclarativeBase): ...
            class A(Base):
                __tablename__ = "a"
                one = relationship("app.models.User")
                two: Mapped["User"] = relationship()
                three = relationship(lambda: User)
            """
        }
    )
    found = [(item.name, item.target, item.line) for item in project.mapped["A"].relationships]
    assert found == [("one", "app.models.User", 5), ("two", None, 6), ("three", "User", 7)]


def test_the_nearest_attribute_of_a_name_counts_whether_column_or_relationship() -> None:
    mapped = Source(
        {
            "m.py": """
            from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
            class Base(DeclarativeBase): ...
            class Owned:
                user: Mapped["User"]
                note = relationship("Note")
            class User(Base):
                __tablename__ = "users"
                id: Mapped[int] = mapped_column(primary_key=True)
                stores: Mapped[list["Store"]] = relationship(back_populates="user")
            class Store(Base, Owned):
                __tablename__ = "stores"
                id: Mapped[int] = mapped_column(primary_key=True)
                note: Mapped[str]
                user: Mapped["User"] = relationship("User", back_populates="stores")
            """
        }
    )
    store = mapped.mapped["Store"]
    assert store.columns == ("id", "note")
    assert [one.name for one in store.relationships] == ["user"]
    assert mapped.found("back-populates") == []


LIBRARY = """
from company import db
class Named(db.Named, db.MODEL): __tablename__ = "named"
class User(db.Named, db.MODEL, db.Owned): __tablename__ = "users"
class Tag(db.MODEL): __tablename__ = "tags"
"""


def test_of_a_librarys_classes_the_one_that_a_table_does_with_alone_is_the_base() -> None:
    mapped = Source({"m.py": LIBRARY}).mapped
    assert {name: fact.base for name, fact in mapped.items()} == dict.fromkeys(mapped, "company.db.MODEL")


def test_a_librarys_base_may_name_the_tables() -> None:
    text = (
        f"{LIBRARY}class Flavor(db.Named, db.MODEL): id = Column(Integer)\nclass Loose(db.Other): id = Column(Integer)"
    )
    mapped = Source({"m.py": text}).mapped
    assert mapped.keys() == {"Named", "User", "Tag", "Flavor"}
    assert (mapped["Flavor"].table, mapped["Flavor"].base) == (None, "company.db.MODEL")


def test_object_is_no_base() -> None:
    text = "class HasTable(object):\n    __table__: Table\nclass Named(HasTable): name: Mapped[str]\n"
    assert Source({"m.py": text}).mappers == ()


def test_a_library_whose_classes_are_never_mapped_has_no_base() -> None:
    text = "class Meta(BaseModel): __tablename__ = 'x'\nclass Data(BaseModel): x: Mapped[int]\n"
    assert Source({"m.py": f"from pydantic import BaseModel\n{text}"}).mappers == ()


def test_a_table_name_that_is_only_annotated_shows_no_base() -> None:
    text = "class Meta(Thing): __tablename__: str\nclass Data(Thing): x: Mapped[int]\n"
    assert "Data" not in Source({"m.py": f"from company import Thing\n{text}"}).mapped


def test_models_on_a_base_that_a_function_makes_are_known_by_their_class_statements() -> None:
    models = """
    from store.bases import base_for
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    Model = base_for("{name}")
    class Page(Model):
        id: Mapped[int] = mapped_column(primary_key=True)
        lines: Mapped[list["Line"]] = relationship(back_populates="page")
    class Line(Model):
        id: Mapped[int] = mapped_column(primary_key=True)
        page: Mapped["Page"] = relationship(back_populates="lines")
    """
    bases = """
    from sqlalchemy.orm import DeclarativeBase
    class Common(DeclarativeBase): ...
    def base_for(prefix):
        class Prefixed(Common):
            __abstract__ = True
        return Prefixed
    def other(prefix):
        return prefix
    """
    files = {f"{name}/models.py": models.format(name=name) for name in ("left", "right")}
    project = Source({"store/bases.py": bases, **files, "left/__init__.py": "", "right/__init__.py": ""})
    assert {(mapper.key, mapper.registry) for mapper in project.mappers} == {
        ((f"{module}.models", name), "store.bases.Common") for module in ("left", "right") for name in ("Page", "Line")
    }
    assert [collision.name for collision in project.collisions()] == ["Line", "Page"]


def test_a_function_that_makes_something_else_makes_no_base() -> None:
    files = {
        "bases.py": "def make(name):\n    class Plain(object): ...\n    return Plain\n",
        "models.py": "from bases import make\nModel = make('x')\nclass A(Model):\n    id = Column(Integer)\n",
    }
    assert Source(files).mappers == ()
