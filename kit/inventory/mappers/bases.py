"""Which declarative base a class stands on, and so in whose registry its name is.

A base is known by where it was defined, whatever it is called where it is used: two classes of a name on different
bases have nothing to do with each other.
"""

from __future__ import annotations

import builtins
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from kit.inventory.names.declarative_bases import BASE_DECORATORS, BASE_FACTORIES, BASE_METACLASS, ROOT_CLASSES
from kit.inventory.names.names import Names, Origin
from kit.inventory.source.records import ClassRecord

#: decorators that map a class in the registry that they belong to
MAPPING_DECORATORS = frozenset({"mapped", "mapped_as_dataclass"})

SQLMODEL = "sqlmodel.SQLModel"
_SQLMODEL_ITSELF = frozenset({SQLMODEL, "sqlmodel.main.SQLModel"})  # the library may be the target
#: all of advanced-alchemy's bases share this registry
ADVANCED_ALCHEMY = "advanced_alchemy.base.orm_registry"


#: metaclasses that inherit from each other in a circle, which cannot run, end here
_DEEPEST = 20
#: libraries whose classes bring no mapped attributes
_PLAIN = frozenset({"sqlalchemy", "sqlmodel", "pydantic", "typing", "typing_extensions", "abc", "enum", "dataclasses"})


@dataclass(frozen=True)
class Base:
    """A declarative base. ``registry`` is what makes two of them one: bases may share a registry.

    ``names_tables`` says that its classes get a table name without asking, ``is_flask`` that Flask-SQLAlchemy gives it;
    ``certain`` is false for a base of an
    unknown library, of which only the classes' ``__tablename__`` tells that it is one.
    """

    identity: str
    registry: str
    names_tables: bool = False
    certain: bool = True
    is_flask: bool = False


def is_readable(names: Names, registry: str) -> bool:
    """Whether all classes of a registry are the target's own and stand in its source: a library, or a database, may
    map others.
    """
    module, _, name = registry.rpartition(".")
    made_by = names.call_of(names.resolve(module, name))
    if made_by is not None and made_by.name.endswith("automap_base"):
        return False
    return registry == SQLMODEL or names.modules.is_own(registry.partition(".")[0])


@dataclass(frozen=True)
class Lineage:
    """A class with the target's own classes above it, nearest first (itself included), down to its base.

    ``is_base`` says that the class is a declarative base itself.
    """

    base: Base | None
    classes: tuple[tuple[str, ClassRecord], ...]
    is_base: bool = False


class Bases:
    """Finds the lineage of the target's classes."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._known: dict[tuple[str, str], Lineage] = {}
        self._whole: dict[tuple[str, str], tuple[tuple[str, ClassRecord], ...] | None] = {}

    def lineage(self, module: str, record: ClassRecord) -> Lineage:
        """Where a class comes from; a circular inheritance, which cannot run, ends at the first repetition."""
        key = (module, record.qualname)
        if key not in self._known:
            self._known[key] = Lineage(None, ((module, record),))
            self._known[key] = self._lineage(module, record)
        return self._known[key]

    def whole_lineage(self, module: str, record: ClassRecord) -> tuple[tuple[str, ClassRecord], ...] | None:
        """The target's own classes above a class, itself included; ``None`` when a class of an unknown library is
        among them, of which source does not tell what it brings along.
        """
        key = (module, record.qualname)
        if key not in self._whole:  # each of the rules asks, for each class
            self._whole[key] = self._if_whole(self.lineage(module, record))
        return self._whole[key]

    def _if_whole(self, lineage: Lineage) -> tuple[tuple[str, ClassRecord], ...] | None:
        base, classes = lineage.base, lineage.classes
        if base is None or not base.certain:
            return None
        origins = [self.names.resolve(owner, text) for owner, item in classes for text in item.bases]
        return classes if all(map(self._brings_nothing, origins)) else None

    def _brings_nothing(self, origin: Origin) -> bool:
        if (origin.module, origin.name) in self.names.classes or origin.module.partition(".")[0] in _PLAIN:
            return True
        if self._is_builtin(origin):
            return True
        base = self._foreign(origin)
        return base is not None and base.certain and base.registry != ADVANCED_ALCHEMY

    def _is_builtin(self, origin: Origin) -> bool:
        """``object`` and the like: names that no module of the target binds."""
        return self.names.modules.is_own(origin.module) and hasattr(builtins, origin.name)

    def _lineage(self, module: str, record: ClassRecord) -> Lineage:
        if f"{module}.{record.qualname}" in _SQLMODEL_ITSELF:
            return Lineage(Base(SQLMODEL, SQLMODEL), ((module, record),), is_base=True)
        own = Base(f"{module}.{record.qualname}", self._own_registry(module, record))
        if any(name.rpartition(".")[2].removesuffix("()") in BASE_DECORATORS for name in record.decorators):
            return Lineage(own, ((module, record),), is_base=True)
        found: list[Base] = [base for base in [self._decorated(module, record)] if base]
        classes = [(module, record)]
        is_base = False
        for text in record.bases:
            origin = self.names.resolve(module, text)
            parent = self.names.classes.get((origin.module, origin.name))
            if parent is not None:
                above = self.lineage(origin.module, parent)
                classes += [item for item in above.classes if item not in classes]
                found += [above.base] if above.base else []
            elif self._makes_base(origin):
                is_base = True
            else:
                found += [base for base in [self._foreign(origin)] if base]
        if is_base or (not found and record.metaclass and self._is_base_metaclass(module, record.metaclass)):
            return Lineage(own, tuple(classes), is_base=True)
        base = found[0] if len(found) == 1 else min(found, key=self._doubt, default=None)
        return Lineage(base, tuple(classes))

    def _doubt(self, base: Base) -> tuple[bool, bool, int]:
        """A base that is certain comes before one that is not, one of the target before one of a library, and of a
        library's classes what other tables do with alone: the rest are mixins.
        """
        is_foreign = not self.names.modules.is_own(base.identity.partition(".")[0])
        return not base.certain, is_foreign, -self._alone[base.identity]

    @cached_property
    def _alone(self) -> Counter[str]:
        """How many classes with a table have a library's class, and nothing else, as their base class."""
        alone = [
            self.names.resolve(module, record.bases[0])
            for (module, _), record in self.names.classes.items()
            if (record.table or "__table__" in record.references) and len(record.bases) == 1
        ]
        return Counter(origin.dotted for origin in alone)

    def is_proven(self, base: Base) -> bool:
        """Whether a library's class is shown to be a declarative base by a class with a table that has no other. Then
        one with columns is mapped as well, even if it names no table: it may be the base that does.
        """
        return not base.certain and self._alone[base.identity] > 0

    def _is_base_metaclass(self, module: str, text: str, depth: int = 0) -> bool:
        origin = self.names.resolve(module, text)
        record = self.names.classes.get((origin.module, origin.name))
        if record is None or depth > _DEEPEST:
            return origin.dotted.rpartition(".")[2] == BASE_METACLASS
        return any(self._is_base_metaclass(origin.module, base, depth + 1) for base in record.bases)

    def _own_registry(self, module: str, record: ClassRecord) -> str:
        """The registry of a class that is a base: the one its body names, else its own."""
        named = record.references.get("registry", "()")
        return f"{module}.{record.qualname}" if named.endswith("()") else self.names.resolve(module, named).dotted

    def _decorated(self, module: str, record: ClassRecord) -> Base | None:
        """The registry whose ``@registry.mapped`` stands above the class."""
        for decorator in record.decorators:
            receiver, _, name = decorator.removesuffix("()").rpartition(".")
            if name in MAPPING_DECORATORS and receiver:
                registry = self.names.resolve(module, receiver).dotted
                return Base(registry, registry)
        return None

    @staticmethod
    def _makes_base(origin: Origin) -> bool:
        """Whether a class with this as its base class is a declarative base."""
        last = origin.dotted.rpartition(".")[2]
        if last.removesuffix("()") in BASE_FACTORIES and last.endswith("()"):
            return True
        return last in ROOT_CLASSES and origin.module.partition(".")[0] in ("sqlalchemy", "flask_sqlalchemy")

    def _foreign(self, origin: Origin) -> Base | None:
        """The base that something which is not a class of the target is: a variable, or a library's class."""
        top = origin.module.partition(".")[0]
        if origin.dotted in _SQLMODEL_ITSELF:
            return Base(SQLMODEL, SQLMODEL)
        if top == "advanced_alchemy" and origin.name.endswith("Base"):
            return Base(origin.dotted, ADVANCED_ALCHEMY, names_tables=True)
        if top in _PLAIN or not origin.name or self._is_builtin(origin):
            return None
        called = self.names.call_of(origin)
        if called is not None and called.name.rpartition(".")[2] in BASE_FACTORIES:
            return Base(origin.dotted, self._registry_of_call(origin, called))
        owner, _, attribute = origin.name.rpartition(".")
        if attribute == "Model" and self._is_flask_extension(Origin(origin.module, owner)):
            return Base(origin.dotted, origin.dotted, names_tables=True, is_flask=True)
        made = self._made_by_function(called) if called is not None else None
        if made is not None:
            return Base(origin.dotted, made.registry, names_tables=True, certain=False)
        return Base(origin.dotted, origin.dotted, certain=False)

    def _made_by_function(self, called: Origin) -> Base | None:
        """The base that classes stand on which a function of the target makes: ``Model = base_for("left")``."""
        file = self.names.files.get(called.module)
        if file is None or not any(one.name == called.name and one.kind == "def" for one in file.bindings):
            return None
        for text in file.local_bases:
            origin = self.names.resolve(called.module, text)
            record = self.names.classes.get((origin.module, origin.name))
            base = self.lineage(origin.module, record).base if record else None
            if base is not None and base.certain:
                return base
        return None

    @staticmethod
    def _registry_of_call(variable: Origin, called: Origin) -> str:
        """``reg.generate_base()`` uses ``reg``; ``declarative_base()`` makes a registry of its own."""
        owner, _, _ = called.name.rpartition(".")
        if called.name.endswith("generate_base") and owner and not owner.endswith("()"):
            return f"{called.module}.{owner}"
        return variable.dotted

    def _is_flask_extension(self, owner: Origin) -> bool:
        called = self.names.call_of(owner)
        return called is not None and (called.module.startswith("flask_sqlalchemy") or called.name == "SQLAlchemy")
