"""How SQLAlchemy and its extensions name what makes a declarative base.

https://docs.sqlalchemy.org/en/20/orm/declarative_styles.html
"""

from __future__ import annotations

#: subclasses of these are declarative bases
ROOT_CLASSES = frozenset({"DeclarativeBase", "DeclarativeBaseNoMeta"})
#: a class with this as its metaclass, or with one derived from it, is a declarative base if none is above it
BASE_METACLASS = "DeclarativeMeta"
#: calls of these return declarative bases
BASE_FACTORIES = frozenset({"declarative_base", "automap_base", "generate_base", "make_declarative_base"})
#: decorators that make a declarative base of a class
BASE_DECORATORS = frozenset({"as_declarative", "as_declarative_base"})
