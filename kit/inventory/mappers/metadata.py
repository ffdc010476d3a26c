"""Which MetaData a table belongs to. Only tables of one MetaData can be one table, or refer to each other.

Flask-SQLAlchemy has a MetaData for each bind. https://flask-sqlalchemy.readthedocs.io/en/stable/binds/
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kit.inventory.names.names import Names
from kit.inventory.source.records import ClassRecord, TableCall

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<!^)(?=[A-Z][a-z])")


def metadata_of(classes: Sequence[tuple[str, ClassRecord]], registry: str, names: Names) -> str:
    """The identity of the MetaData of a class with these classes in its lineage, nearest first."""
    for module, record in classes:
        if record.bind_key:
            return _of_bind(registry, record.bind_key)
        if "metadata" in record.references:
            return names.resolve(module, record.references["metadata"]).dotted
    return registry


def table_metadata(call: TableCall, module: str, names: Names) -> str:
    """The identity of the MetaData of a ``Table(...)``: that of a base for ``Base.metadata`` and for ``db.Table``."""
    written = names.resolve(module, call.metadata).dotted if call.metadata else ""
    called = names.call_of(names.resolve(module, call.metadata)) if call.metadata else None
    is_flask = called is not None and called.dotted.rpartition(".")[2] == "SQLAlchemy"
    owner = f"{written}.Model" if is_flask else written.removesuffix(".metadata")
    return _of_bind(owner, call.bind_key) if call.bind_key else owner


def flask_table_name(class_name: str) -> str:
    """The name that Flask-SQLAlchemy gives the table of a class that names none."""
    return _WORD.sub("_", class_name).lower()


def _of_bind(registry: str, bind_key: str) -> str:
    return f"{registry} bind {bind_key}"
