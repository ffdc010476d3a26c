"""What the extractor reads out of one file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.inventory.source.records import Import, ImportedName
from tests.inventory.projects import record_of

MODEL = """
import importlib
from sqlalchemy import (
    Column,  # from comment import nothing
    Index,
)
from . import db as database

class User(B):
    __tablename__ = "users"
    __table_args__ = (Index("ix_users_mail", "mail"), {"extend_existing": True, "schema": "app"})
    id = Column(Integer, primary_key=True)
    mail: Mapped[str] = mapped_column("e_mail", String(50), ForeignKey("mails.id"), index=True, unique=True)
    orders = relationship("Order", back_populates="user", primaryjoin="User.id == Order.user_id")

def load():
    return importlib.import_module("plugins.extra")
"""


def imports_of(text: str) -> list[tuple[int, str, str]]:
    """Line, statement and scope of each import."""
    return [(item.line, item.statement, item.scope) for item in record_of(text).imports]


def test_each_form_of_import_is_told_with_its_line_names_and_aliases() -> None:
    text = """
        import a.b as m, c
        from ..x import (
            y,
            z as w,
        )
        from . import n
        from s import *
        v = 1; import d
    """
    assert [item.statement for item in record_of(text).imports] == [
        "import a.b as m, c",
        "from ..x import y, z as w",
        "from . import n",
        "from s import *",
        "import d",
    ]
    assert record_of(text).imports[1] == Import(
        2, 5, "from", 2, "x", (ImportedName("y"), ImportedName("z", "w")), "module"
    )


def test_the_scope_says_whether_an_import_runs_when_the_module_does() -> None:
    text = """
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            import for_types
        else:
            import for_real
        if not typing.TYPE_CHECKING:
            import real_too
        else:
            import types_too
        try:
            import wanted
        except ImportError:
            import instead
        finally:
            import always
        if sys.version_info > (3,):
            import conditional
        class C:
            import in_class
            def method(self):
                import in_method
        async def f():
            with x:
                for y in z:
                    while True:
                        import deep
            try:
                import tried
            except E:
                pass
            if TYPE_CHECKING:
                import never
    """
    scopes = {item.names[0].name: item.scope for item in record_of(text).imports[1:]}
    assert scopes == {
        "for_types": "type_checking",
        "for_real": "module",
        "real_too": "module",
        "types_too": "type_checking",
        "wanted": "try",
        "instead": "try",
        "always": "module",
        "conditional": "module",
        "in_class": "class",
        "in_method": "function",
        "deep": "function",
        "tried": "function",
        "never": "type_checking",
    }


def test_an_import_in_a_function_may_be_expected_to_fail_or_be_behind_a_condition() -> None:
    text = """
        if DEBUG:
            import conditional
        def f():
            try:
                import tried
                if DEBUG:
                    import deep
            except ImportError:
                import instead
            with suppress(ImportError):
                import suppressed
            try:
                import checked
            except ValueError:
                pass
        if DEBUG:
            class C:
                try:
                    import both
                except (KeyError, ModuleNotFoundError):
                    pass
    """
    marks = {item.names[0].name: (item.conditional, item.may_fail) for item in record_of(text).imports}
    assert marks == {
        "conditional": (True, False),
        "tried": (False, True),
        "deep": (False, True),
        "instead": (False, False),
        "suppressed": (False, True),
        "checked": (False, False),
        "both": (True, True),
    }


def test_literal_dynamic_imports_count_and_computed_ones_do_not() -> None:
    text = """
        import_module("a.b")
        x = importlib.import_module("c.d").thing.other
        def f():
            return __import__("e")
        import_module(name)
        import_module(f"x.{y}")
        import_module(".sibling", package=__package__)
    """
    assert imports_of(text) == [
        (1, 'import_module("a.b")', "module"),
        (2, 'import_module("c.d")', "module"),
        (4, '__import__("e")', "function"),
        (7, 'import_module(".sibling")', "module"),
    ]


def test_comments_strings_and_docstrings_are_no_imports() -> None:
    text = '''
        """
        from doc import string
        """
        # from comment import name
        text = "import in_a_string"
        other = """
        import in_a_block
        """
    '''
    assert record_of(text).imports == ()


def test_bindings_and_exports() -> None:
    record = record_of("""
        __all__ = ["a"]
        __all__ += ["b"]
        __all__.extend(["c"])
        __all__.append("d")
        Base = declarative_base(metadata=m)
        Alias = models.User
        first, second = 1, 2
        number: int = 3
        def function(): local = 1
        class Class: attribute = 1
    """)
    assert record.exports == ("a", "b", "c", "d")
    assert [(item.name, item.kind, item.reference) for item in record.bindings if item.name != "__all__"] == [
        ("Base", "call", "declarative_base"),
        ("Alias", "alias", "models.User"),
        ("first", "value", None),
        ("second", "value", None),
        ("number", "value", None),
        ("function", "def", None),
        ("Class", "class", None),
    ]


def test_an_empty_all_is_not_a_missing_one() -> None:
    assert record_of("__all__ = []").exports == ()
    assert record_of("x = 1").exports is None


def test_the_declarative_parts_of_a_class() -> None:
    (user,) = record_of(MODEL).classes
    assert (user.table, user.schema, user.extend_existing, user.bases) == ("users", "app", True, ("B",))
    identity, mail = user.columns
    assert (identity.name, identity.type, identity.index) == ("id", "Integer", False)
    assert (mail.name, mail.in_table, mail.type, mail.index, mail.unique) == (
        "mail",
        "e_mail",
        "String(50)",
        True,
        True,
    )
    assert mail.foreign_keys == ("mails.id",)
    assert (user.indexes[0].name, user.indexes[0].columns) == ("ix_users_mail", ("mail",))
    (orders,) = user.relationships
    assert (orders.kind, orders.target, orders.back_populates) == ("string", "Order", "user")
    assert orders.expressions == ("User.id == Order.user_id",)


@pytest.mark.parametrize(
    ("argument", "kind", "target"),
    [
        ('"User"', "string", "User"),
        ("lambda: User", "lambda", "User"),
        ("models.User", "name", "models.User"),
        ("argument='User'", "string", "User"),
        ("back_populates='x'", "annotation", None),
    ],
)
def test_the_target_of_a_relationship_in_each_form(argument: str, kind: str, target: str | None) -> None:
    (owner,) = record_of(f'class A(Base):\n    user: Mapped["User"] = relationship({argument})').classes
    assert (owner.relationships[0].kind, owner.relationships[0].target) == (kind, target)
    assert owner.relationships[0].annotation == 'Mapped["User"]'


def test_annotated_attributes_without_a_value_are_columns_and_other_calls_are_not() -> None:
    (owner,) = record_of("""
        class A(Base):
            name: Mapped[str]
            text: "Mapped[str]"
            both: Mapped[str] = column_property(a + b)
            point: Mapped[Point] = composite(x, y)
            count: ClassVar[int]
            plain: int = 3
            late = deferred(Column(Text))
    """).classes
    assert [column.name for column in owner.columns] == ["name", "text", "late"]


def test_declared_attributes_of_a_mixin() -> None:
    (mixin,) = record_of("""
        class Mixin:
            @declared_attr.directive
            def __tablename__(cls) -> str:
                return cls.__name__.lower()
            @declared_attr
            def owner_id(cls) -> Mapped[int]:
                return mapped_column(ForeignKey("users.id"))
            @declared_attr
            def owner(cls):
                return relationship("User")
            def method(self):
                return Column(Integer)
    """).classes
    assert (mixin.has_table, mixin.table) == (True, None)
    assert [column.name for column in mixin.columns] == ["owner_id"]
    assert [item.target for item in mixin.relationships] == ["User"]


def test_classes_in_functions_are_not_there_when_the_module_is() -> None:
    record = record_of("""
        def make():
            import inside
            class Local(Base):
                __tablename__ = "local"
                import deeper
        class Outer:
            class Inner(Base): ...
    """)
    assert [item.qualname for item in record.classes] == ["Outer", "Outer.Inner"]
    assert [item.names[0].name for item in record.imports] == ["inside", "deeper"]


def test_tables_indexes_and_imperative_mappings() -> None:
    record = record_of("""
        users = Table("users", metadata, Column("id", Integer, index=True), Index("ix_u", "id"), extend_existing=True)
        Index("ix_orders_day", Order.day)
        mapper_registry.map_imperatively(User, users)
    """)
    (table,) = record.tables
    assert (table.table, table.metadata, table.extend_existing) == ("users", "metadata", True)
    assert [(column.name, column.index) for column in table.columns] == [("id", True)]
    assert record.indexes[0].columns == ("Order.day",)
    assert (record.mappings[0].mapped, record.mappings[0].table) == ("User", "users")


def test_a_route_keeps_its_annotations_as_written() -> None:
    (route,) = record_of("""
        @router.get("/é/{id}", response_model=None)
        async def read(
            id: int,
        ) -> Model | Response:
            ...
    """).routes
    assert (route.receiver, route.method, route.path) == ("router", "get", "/é/{id}")
    assert (route.response_model, route.returns, route.returns_line) == ("None", "Model | Response", 4)


def test_decorators_that_are_no_routes() -> None:
    assert not record_of(
        "@cache.get\ndef f(): ...\n@pytest.mark.patch()\ndef g(): ...\n@x.other('/')\ndef h(): ..."
    ).routes


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfimport a",
        b"# -*- coding: latin-1 -*-\nimport a\nname = '\xe9'",
        b"import a\r\nname = 1\r\n",
        b"import a\rname = 1\r",
        "import a\nname = 'ü'".encode(),
    ],
    ids=["bom", "latin-1", "crlf", "cr", "utf-8"],
)
def test_any_encoding_and_any_line_ends(data: bytes) -> None:
    record = record_of(data)
    assert record.error is None
    assert [item.statement for item in record.imports] == ["import a"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"import a\ndef f(:\n    pass", 2),
        (b"import a\nx = '\x00'", None),
        (b"# coding: no-such-codec\nimport a", None),
        (b"import a\nname = '\xe9'", None),
        (b"\xef\xbb\xbfimport a\n(", 2),
    ],
    ids=["syntax", "nul", "codec", "not utf-8", "bom and syntax"],
)
def test_a_file_that_cannot_be_parsed_keeps_its_imports(data: bytes, line: int | None) -> None:
    record = record_of(data)
    assert record.approximate
    assert record.error is not None
    assert line in (None, record.error[0])
    assert [item.statement for item in record.imports] == ["import a"]


def test_the_scan_by_line_knows_lines_scopes_and_strings() -> None:
    record = record_of('''
        import a.b as m, c; broken broken
        """
        import in_a_docstring
        """
        from .x import (
            y,  # a comment
            z as w,
        )
            from late import indented
        # import commented
        from s import *
        from long import one, \\
            two
        from short \\
            import three
        import after
    ''')
    assert [(item.line, item.statement, item.scope) for item in record.imports] == [
        (1, "import a.b as m, c", "module"),
        (5, "from .x import y, z as w", "module"),
        (9, "from late import indented", "function"),
        (11, "from s import *", "module"),
        (12, "from long import one, two", "module"),
        (14, "from short import three", "module"),
        (16, "import after", "module"),
    ]


def test_an_open_string_full_of_backslashes_does_not_hang_the_scan() -> None:
    assert record_of("import a\ndef f(:\n" + "x = '''" + "\\\\" * 5000).imports[0].line == 1


@pytest.mark.slow
def test_deep_nesting_does_not_stop_the_walk() -> None:
    chain = "if a: pass\n" + "elif b:\n    import x\n" * 900
    assert len(record_of(chain).imports) == 900 or record_of(chain).error is not None


PIECES = st.sampled_from(
    [*MODEL, "\n", '"""', "'''", "import x\n", "from . import (", "class A(", "\\\n", "\x00", "é", "\x0c"]
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=30), st.integers(0, len(MODEL)), st.integers(0, 40))
def test_mutated_source_never_raises(inserted: list[str], at: int, removed: int) -> None:
    text = MODEL[:at] + "".join(inserted) + MODEL[at + removed :]
    record = record_of(text.encode())
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= item.line <= item.end_line <= lines for item in record.imports)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise(data: bytes) -> None:
    assert record_of(data).path == "module.py"


def test_what_a_class_body_holds_beyond_mapped_attributes() -> None:
    record = record_of("""
        class A(Base):
            __tablename__ = "a"
            __table_args__ = arguments()
            id = Column(Integer, primary_key=True)
            made = helper()
            plain = 1
            @declared_attr
            def declared(cls): return Column(Integer)
            user = relationship("User", foreign_keys=[id], lazy="joined")
    """).classes[0]
    assert record.others == ("__table_args__", "made()", "plain", "declared")
    assert [(column.name, column.primary_key) for column in record.columns] == [("id", True), ("declared", False)]
    assert record.relationships[0].options == ("foreign_keys", "lazy")


@pytest.mark.parametrize(
    ("column", "opaque"),
    [
        ('Column(ForeignKey("users.id"))', False),
        ("Column(ForeignKey(User.id), Integer)", False),
        ("Column(ForeignKey(name()))", True),
        ('Column(ForeignKey(f"{name}.id"))', False),
        ('Column(ForeignKey(f"{name:>3}.id"))', True),
        ('Column(ForeignKey("%s.id" % name))', True),
        ("Column(*arguments)", True),
        ("mapped_column(Integer, **options)", True),
    ],
)
def test_a_column_of_which_only_running_the_code_would_tell_all(column: str, opaque: bool) -> None:
    (found,) = record_of(f"class A(Base):\n    x = {column}").classes[0].columns
    assert found.opaque == opaque


def test_names_that_loops_with_statements_and_functions_bind_in_a_module() -> None:
    text = "for a, b in x: pass\nwith y as c, z: pass\ndef f():\n    global d\n    for e in x: pass"
    assert {binding.name for binding in record_of(text).bindings} == {"a", "b", "c", "d", "f"}


def test_classes_of_functions_and_attributes_that_are_added_later() -> None:
    record = record_of("def f():\n    class Local(Base): ...\nUser.orders = relationship('Order')\nUser.x = 1")
    assert (record.local_classes, record.patched) == (("Local",), ("orders",))


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("with suppress(ImportError):\n    import a", "try"),
        ("with pytest.raises(ImportError):\n    import a", "try"),
        ("with open(x) as y:\n    import a", "module"),
        ("def f():\n    with suppress(ImportError):\n        import a", "function"),
    ],
)
def test_an_import_that_is_expected_to_fail_stands_in_a_try(text: str, scope: str) -> None:
    assert [statement.scope for statement in record_of(text).imports] == [scope]


@pytest.mark.parametrize("text", ["globals().update(x)", "import sys\nsys.modules[__name__] = x"])
def test_a_module_that_may_bind_what_no_statement_shows(text: str) -> None:
    assert record_of(text).binds_unseen
    assert not record_of("x = 1").binds_unseen


@pytest.mark.slow
def test_a_name_without_end_in_an_import_that_cannot_be_parsed_does_not_hold_up_the_scan() -> None:
    record = record_of("x y\nimport os\nimport " + "a." * 200_000 + "b c\nfrom x import y")
    assert record.approximate
    assert [(item.line, item.names[0].name) for item in record.imports] == [(2, "os"), (3, "c"), (4, "y")]
