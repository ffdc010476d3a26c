"""Small broken apps, one for each kind of defect that many messages share: what is wrong, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

IMPORTS = (
    "from sqlalchemy import Column, ForeignKey, Index, MetaData, String, Table\n"
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n"
)
_BASE = IMPORTS + "class Base(DeclarativeBase): ...\n"
_CREATES = """
    from sqlalchemy import create_engine
    from shop.a import Post
    {more}
    from shop.base import Base
    def test_create():
        Base.metadata.create_all(create_engine("sqlite://"))
    """
_USES = """
    from shop.a import Squad
    {more}
    def test_squad(): assert Squad().members == []
    """


@dataclass(frozen=True)
class Kind:
    """An app, the kind of its one cause, a part of its title, its first place, and a part of the next step."""

    files: Mapping[str, str]
    cause: str
    title: str
    place: str
    step: str


def _mapped(name: str, *lines: str, base: str = "Base", table: str = "") -> str:
    """The statement of a mapped class of four lines and more."""
    head = [f'class {name}({base}):\n    __tablename__ = "{table or name.lower()}"']
    return "\n".join([*head, "    id: Mapped[int] = mapped_column(primary_key=True)", *(f"    {one}" for one in lines)])


def _creating(cause: str, title: str, place: str, step: str, a: str, more: str = "", **files: str) -> Kind:
    """An app whose test creates all tables; ``a`` are the lines of shop/a.py, behind the imports."""
    return Kind(_files(a, _CREATES.format(more=more), files), cause, title, place, step)


def _using(cause: str, title: str, place: str, step: str, a: str, more: str = "", **files: str) -> Kind:
    """An app whose test uses a mapped class, which configures all mappers."""
    return Kind(_files(a, _USES.format(more=more), files), cause, title, place, step)


def _files(a: str, test: str, files: Mapping[str, str]) -> dict[str, str]:
    beside = {f"shop/{name.replace('__', '/')}.py": text for name, text in files.items()}
    start = {"shop/base.py": _BASE, "shop/a.py": f"{IMPORTS}from shop.base import *\n{a}\n"}
    return {**start, **beside, "tests/test_a.py": dedent(test)}


def _from_base(text: str) -> str:
    return f"{IMPORTS}from shop.base import Base\n{text}\n"


_PYTEST = '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\n{}\n'.format
_LINKS = (
    'links = Table("links", {}, Column("a", ForeignKey("squad.id")), Column("b", ForeignKey("member.id")))\n'.format
)
_LINE = "import dataclasses\n\n\n@dataclasses.dataclass\nclass Line:\n    number: int = 0\n    text: str\n"
_CIRCLE = "def total(items):\n    return each(items)\n\n\ndef each(items):\n    return total(items[:1])\n"
_KEY = '{}_id: Mapped[int] = mapped_column(ForeignKey("{}.id"))'.format
_MANY = 'members: Mapped[list["{0}"]] = relationship("{0}"{1})'.format

KINDS: dict[str, Kind] = {
    "a foreign key to a table of a module that nothing imports": _creating(
        "foreign-key",
        "which shop/deep/b.py defines and nothing imports",
        "shop/a.py:7",
        "Import shop/deep/b.py",
        _mapped("Post", _KEY("tag", "tag")),
        deep__b=_from_base(_mapped("Tag")),
        deep____init__="",
    ),
    "a foreign key to a table whose name is misspelt": _creating(
        "foreign-key",
        'the table "tags", which nothing defines',
        "shop/a.py:10",
        'did you mean "tag"?',
        _mapped("Tag") + "\n" + _mapped("Post", _KEY("tag", "tags")),
    ),
    "a foreign key to a table of another MetaData": _creating(
        "foreign-key",
        'the table "tag", which is in another MetaData',
        "shop/a.py:10",
        "share one MetaData",
        _mapped("Tag", base="Other") + "\n" + _mapped("Post", _KEY("tag", "tag")),
        base=_BASE + "class Other(DeclarativeBase): ...\n",
    ),
    "an association table of another MetaData": _using(
        "foreign-key",
        "which is in another MetaData",
        "shop/a.py:4",
        "share one MetaData",
        _LINKS("MetaData()") + _mapped("Member") + "\n" + _mapped("Squad", _MANY("Member", ", secondary=links")),
    ),
    "a relationship to a dataclass": _using(
        "broken-relationship",
        'names "Member", which is not mapped',
        "shop/a.py:6",
        "Map that class",
        "from dataclasses import dataclass\n@dataclass\nclass Member:\n    id: int\n"
        + _mapped("Squad", _MANY("Member", "")),
    ),
    "a relationship to an abstract class": _using(
        "broken-relationship",
        'names "Member", which is not mapped',
        "shop/a.py:4",
        "Map that class",
        "class Member(Base):\n    __abstract__ = True\n" + _mapped("Squad", _MANY("Member", "")),
    ),
    "a relationship to a class whose name is misspelt": _using(
        "broken-relationship",
        'names "Membr"',
        "shop/a.py:11",
        'did you mean "Member"?',
        _mapped("Member", _KEY("squad", "squad")) + "\n" + _mapped("Squad", _MANY("Membr", "")),
    ),
    "a relationship through a table whose name is misspelt": _using(
        "broken-relationship",
        'has secondary="link", which no table is called',
        "shop/a.py:11",
        'did you mean "links"?',
        _LINKS("Base.metadata") + _mapped("Member") + "\n" + _mapped("Squad", _MANY("Member", ', secondary="link"')),
    ),
    "a relationship to a class of a module that nothing imports": _using(
        "broken-relationship",
        'names "Member", which is not imported by then',
        "shop/a.py:7",
        "Import shop/b.py",
        _mapped("Squad", _MANY("Member", "")),
        b=_from_base(_mapped("Member", _KEY("squad", "squad"))),
    ),
    "a relationship to a class of another base": _using(
        "broken-relationship",
        'names "Member", which is in another registry',
        "shop/a.py:10",
        "share one declarative base",
        _mapped("Member", base="Other") + "\n" + _mapped("Squad", _MANY("Member", "")),
        base=_BASE + "class Other(DeclarativeBase): ...\n",
    ),
    "an index of the column and an index of the table": _creating(
        "duplicate-index",
        'Index "ix_post_name" is created twice',
        "shop/a.py:8",
        "Drop one",
        _mapped(
            "Post",
            "name: Mapped[str] = mapped_column(String(9), index=True)",
            '__table_args__ = (Index("ix_post_name", "name"),)',
        ),
    ),
    "one name for the indexes of two tables": _creating(
        "duplicate-index",
        'Index "ix_name" is created twice',
        "shop/a.py:8",
        "Give one of them another name",
        _mapped("Post", "name: Mapped[str] = mapped_column(String(9))") + '\nIndex("ix_name", Post.name)',
        more="from shop import b",
        b=_from_base(_mapped("Tag", "name: Mapped[str] = mapped_column(String(9))") + '\nIndex("ix_name", Tag.name)'),
    ),
    "an index of the column and of a Table that extends the table": _creating(
        "duplicate-index",
        'Index "ix_post_name" is created twice',
        "shop/b.py:4",
        "Drop one",
        _mapped("Post", "name: Mapped[str] = mapped_column(String(9), index=True)"),
        more="from shop import b",
        b=_from_base('Table("post", Base.metadata, Column("name", String(9), index=True), extend_existing=True)'),
    ),
    "a module that fails half-way is imported by each test": Kind(
        _files(
            _mapped("Post") + "\nLIMIT = LIMITS[0]\n",
            """
            import pytest
            @pytest.mark.parametrize("number", range(5))
            def test_post(number):
                from shop.a import Post
                assert Post(id=number).id == number
            """,
            {},
        ),
        "module-not-importable",
        "name 'LIMITS' is not defined",
        "shop/a.py:7",
        "",
    ),
    "a helper beside the tests under importlib": Kind(
        {
            "pyproject.toml": _PYTEST('addopts = ["--import-mode=importlib"]'),
            "tests/helpers.py": "def one(): return 1\n",
            "tests/test_a.py": "from helpers import one\ndef test_one(): assert one() == 1\n",
        },
        "not-on-import-path",
        "tests/helpers.py is there",
        "tests/test_a.py:1",
        'pythonpath = ["tests"]',
    ),
    "three test files of one name": Kind(
        {f"tests/{name}/test_x.py": "def test_one(): pass\n" for name in "abc"},
        "same-basename",
        '3 test files share the module name "test_x"',
        "tests/a/test_x.py:1",
        "names of their own",
    ),
    "two functions that call each other": Kind(
        {
            "shop/a.py": _CIRCLE,
            "tests/test_a.py": "from shop.a import total\ndef test_total(): assert total([1, 2]) == 3\n",
        },
        "endless-recursion",
        "without end",
        "shop/a.py:2",
        "Give the recursion an end",
    ),
    "a dotted annotation within Optional": Kind(
        _files(
            "from __future__ import annotations\n",
            """
            from shop.keepers import Keeper
            def test_keeper(): assert Keeper().cage is None
            """,
            {
                "a": "",
                "birds": _from_base(_mapped("Cage", table="bird_cage")),
                "dogs": _from_base(_mapped("Cage", table="dog_cage")),
                "keepers": "from __future__ import annotations\nfrom typing import Optional\n"
                + IMPORTS
                + "from shop import birds, dogs\nfrom shop.base import Base\n"
                + _mapped("Keeper", _KEY("cage", "bird_cage"), "cage: Mapped[Optional[birds.Cage]] = relationship()"),
            },
        ),
        "mapper-collision",
        'named "Cage"',
        "shop/keepers.py:11",
        'relationship("shop.birds.Cage")',
    ),
    "a namespace package on the import path": Kind(
        {
            "pyproject.toml": _PYTEST('pythonpath = ["lib"]'),
            "lib/acme/stock/base.py": _BASE,
            "lib/acme/stock/a.py": _from_base(_mapped("Squad", _MANY("Member", ""))).replace("shop", "acme.stock"),
            "lib/acme/stock/b.py": _from_base(_mapped("Member", _KEY("squad", "squad"))).replace("shop", "acme.stock"),
            "tests/test_a.py": dedent(_USES.format(more="")).replace("shop", "acme.stock"),
        },
        "broken-relationship",
        "which is not imported by then",
        "lib/acme/stock/a.py:7",
        "Import lib/acme/stock/b.py",
    ),
    "a dataclass field without a default behind one that has a default": Kind(
        {
            "shop/a.py": _LINE,
            "tests/test_a.py": "from shop.a import Line\ndef test_line(): assert Line(1, 'x').number == 1\n",
        },
        "module-not-importable",
        "follows default argument",
        "shop/a.py:7",
        "Fix that line",
    ),
    "tables that no fixture creates for classes that a fixture maps": Kind(
        {
            "tests/test_a.py": """
                import pytest
                from sqlalchemy import create_engine
                from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
                @pytest.fixture
                def post():
                    class Base(DeclarativeBase): ...
                    class Post(Base):
                        __tablename__ = "post"
                        id: Mapped[int] = mapped_column(primary_key=True)
                    return Post
                @pytest.fixture
                def engine():
                    return create_engine("sqlite://")
                def test_post(post, engine):
                    with Session(engine) as session:
                        session.add(post())
                        session.commit()
                """,
        },
        "table-not-created",
        'Nothing creates the table "post"',
        "tests/test_a.py:13",
        "Create the tables",
    ),
}
