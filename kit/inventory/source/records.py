"""What the probe of the source says of one file, typed (see ``kit/probes/source``).

Structures with ``array_like`` travel as lists, in the order of their fields; the others as objects whose empty values
are left out. They only hold values and never themselves, so the collector need not look at them (``gc=False``), which
halves the time that reading the cache takes.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kit.facts.places import Scope

ImportKind = Literal["import", "from", "import_module", "__import__"]


class ImportedName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One name of an import statement; ``"*"`` for a star."""

    name: str
    alias: str | None = None


class Import(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One import statement. ``module`` is what stands after ``from``; a plain or dynamic import has its modules in
    ``names``. ``level`` counts the leading dots. A ``conditional`` one stands in an ``if`` or a ``match``, so that only
    running the code would tell whether it runs. Of one in a function or a class, ``may_fail`` says that the code around
    it expects an ``ImportError``.
    """

    line: int
    end_line: int
    kind: ImportKind
    level: int
    module: str | None
    names: tuple[ImportedName, ...]
    scope: Scope
    conditional: bool = False
    may_fail: bool = False

    @property
    def statement(self) -> str:
        """The statement on one line, in the usual spacing."""
        names = ", ".join(f"{item.name} as {item.alias}" if item.alias else item.name for item in self.names)
        if self.kind == "from":
            return f"from {'.' * self.level}{self.module or ''} import {names}"
        return f"import {names}" if self.kind == "import" else f'{self.kind}("{"." * self.level}{names}")'


class Binding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name of the module's namespace. ``reference`` is the callee of a ``call``, the right side of an ``alias``, the
    template of a ``value`` that is a text; ``bare`` says that the call has no arguments.

    A template is a text with the names that it is put together from in braces: ``"{SCHEMA}.city.id"``.
    """

    name: str
    line: int
    kind: Literal["def", "class", "call", "alias", "value"]
    reference: str | None = None
    bare: bool = False


class Column(msgspec.Struct, frozen=True, gc=False):
    """A column: ``name`` is the attribute, ``column`` its name in the table where that is given. Of one that is
    ``opaque`` only running the code would tell all. ``foreign_keys`` are templates; ``"{User.id}"`` is a column.
    """

    name: str
    line: int
    column: str | None = None
    type: str | None = None
    index: bool = False
    unique: bool = False
    primary_key: bool = False
    opaque: bool = False
    foreign_keys: tuple[str, ...] = ()

    @property
    def in_table(self) -> str:
        """Its name in the table."""
        return self.column or self.name


class RelationshipCall(msgspec.Struct, frozen=True, gc=False):
    """A ``relationship(...)``. ``target`` is the argument as written, without quotes or ``lambda``; ``expressions``
    are its other string arguments that SQLAlchemy evaluates, ``options`` the names of all its keyword arguments.
    """

    name: str
    line: int
    kind: Literal["string", "name", "lambda", "annotation"]
    target: str | None = None
    annotation: str | None = None
    back_populates: str | None = None
    expressions: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class IndexCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An ``Index(...)`` or a named constraint; columns as written (``"status"``, ``"Order.status"``). The name is
    ``None`` where SQLAlchemy generates it, and ``""`` where only running the code would tell.
    """

    name: str | None
    line: int
    columns: tuple[str, ...]
    kind: Literal["index", "constraint"]


class Slip(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An attribute that a comma made a tuple of, or a ``__table_args__`` that the lack of one kept from being one."""

    name: str
    line: int
    kind: Literal["tuple", "no tuple"]


class ClassRecord(msgspec.Struct, frozen=True, gc=False):
    """A class that exists when its module is imported, with the declarative parts of its body.

    ``has_table`` says that the body names a table; ``table`` is the template of that name where it has one, as are
    ``schema`` and ``bind_key``, the Flask-SQLAlchemy bind whose MetaData the table belongs to. ``references`` are
    the ``registry``, ``metadata`` and ``__table__`` that the body refers to by name, ``others`` its other attributes
    (with ``()`` when a call makes them) and its methods.
    """

    name: str
    qualname: str
    line: int
    end_line: int
    scope: Scope
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    metaclass: str | None = None
    is_table: bool = False
    has_table: bool = False
    table: str | None = None
    schema: str | None = None
    bind_key: str | None = None
    abstract: bool = False
    extend_existing: bool = False
    columns: tuple[Column, ...] = ()
    relationships: tuple[RelationshipCall, ...] = ()
    indexes: tuple[IndexCall, ...] = ()
    references: dict[str, str] = {}
    others: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()


class TableCall(msgspec.Struct, frozen=True, gc=False):
    """A ``Table(...)`` that is bound to a name of the module. ``table``, ``schema`` and ``bind_key`` are templates."""

    name: str
    line: int
    table: str | None = None
    schema: str | None = None
    bind_key: str | None = None
    metadata: str | None = None
    extend_existing: bool = False
    columns: tuple[Column, ...] = ()
    indexes: tuple[IndexCall, ...] = ()


class ImperativeMapping(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``registry.map_imperatively(mapped, table)``, each as written."""

    line: int
    mapped: str
    table: str
    registry: str


class RouteRecord(msgspec.Struct, frozen=True, gc=False):
    """A path operation function: ``@receiver.method(path, response_model=...)``, annotations as written."""

    function: str
    line: int
    def_line: int
    receiver: str
    method: str
    path: str | None = None
    response_model: str | None = None
    response_model_line: int | None = None
    returns: str | None = None
    returns_line: int | None = None


class TimeCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What may make a time without a zone, as written (``"datetime.utcnow"``): ``called``, or handed on."""

    line: int
    name: str
    called: bool
    scope: Scope


class PatchCall(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a test replaces: attribute ``name`` of ``owner`` as written; all in ``name`` where that is one string."""

    line: int
    owner: str
    name: str
    scope: Scope


class Load(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Modules that are loaded though no statement names them, a package that gets further folders (``extended``), or a
    module that may get names (``filled``).

    ``name`` is the package's name (``package``), or what the file calls it (all others; ``""`` is its own package).
    Which modules a ``variable`` names, or an ``unknown`` package holds, only running the code would tell.
    """

    kind: Literal["package", "folder", "extended", "filled", "variable", "unknown"]
    name: str = ""


class FileRecord(msgspec.Struct, frozen=True, gc=False):
    """One source file.

    :param error: the line and the text of the parser's error.
    :param approximate: the file has an error, and its imports were found line by line.
    :param local_classes: the names of classes that functions define.
    :param local_bases: the base classes of these, as written.
    :param patched: the names of mapped attributes that are added to a class after its body.
    :param binds_unseen: the module may bind names that no statement shows.
    :param loads_late: the module may import more when mappers are configured.
    :param creates_tables: the module calls ``create_all``.
    """

    path: str
    error: tuple[int, str] | None = None
    approximate: bool = False
    imports: tuple[Import, ...] = ()
    bindings: tuple[Binding, ...] = ()
    exports: tuple[str, ...] | None = None
    classes: tuple[ClassRecord, ...] = ()
    local_classes: tuple[str, ...] = ()
    local_bases: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    binds_unseen: bool = False
    loads_late: bool = False
    loads: tuple[Load, ...] = ()
    creates_tables: bool = False
    tables: tuple[TableCall, ...] = ()
    mappings: tuple[ImperativeMapping, ...] = ()
    indexes: tuple[IndexCall, ...] = ()
    routes: tuple[RouteRecord, ...] = ()
    times: tuple[TimeCall, ...] = ()
    patches: tuple[PatchCall, ...] = ()
