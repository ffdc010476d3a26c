"""Texts that source puts together from module constants: ``ForeignKey(CITY_KEY)``, ``{"schema": SCHEMA}``.

The extractor records such a text as a template with names in braces (see :mod:`kit.inventory.source.records`). A
constant whose value only running the code would tell stays a template, with the constant's full name in the braces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
from kit.inventory.source.records import ClassRecord, Column, FileRecord, TableCall

_NAME = re.compile(r"\{([\w.]+)\}")
#: constants that are made of each other in a circle end here
_DEEPEST = 8


def fold_constants(files: Sequence[FileRecord], modules: Modules) -> tuple[FileRecord, ...]:
    """The files, with the names of tables, schemas, binds and foreign keys written out as far as source tells them."""
    folding = _Folding(Names(files, modules))
    return tuple(folding.file(file) if file.classes or file.tables else file for file in files)


def is_known(text: str | None) -> bool:
    """Whether a text is there and no name is left in it."""
    return text is not None and "{" not in text


class _Folding:
    """Writes out the templates of one target."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def file(self, file: FileRecord) -> FileRecord:
        module = self._names.modules.names.get(file.path)
        if module is None:
            return file
        classes = tuple(self._class(module, record) for record in file.classes)
        tables = tuple(self._table(module, call) for call in file.tables)
        return msgspec.structs.replace(file, classes=classes, tables=tables)

    def _class(self, module: str, record: ClassRecord) -> ClassRecord:
        texts = (record.table, record.schema, record.bind_key)
        if not any("{" in text for text in texts if text) and not any(column.foreign_keys for column in record.columns):
            return record
        table, schema, bind_key = (self._text(module, text) for text in texts)
        columns = tuple(self._column(module, column) for column in record.columns)
        return msgspec.structs.replace(
            record, table=table if is_known(table) else None, schema=schema, bind_key=bind_key, columns=columns
        )

    def _table(self, module: str, call: TableCall) -> TableCall:
        table, schema, bind_key = (self._text(module, text) for text in (call.table, call.schema, call.bind_key))
        columns = tuple(self._column(module, column) for column in call.columns)
        return msgspec.structs.replace(
            call, table=table if is_known(table) else None, schema=schema, bind_key=bind_key, columns=columns
        )

    def _column(self, module: str, column: Column) -> Column:
        """A key to an attribute of a class of the target stays as it is; of any other, only running code would tell."""
        if not any("{" in key for key in column.foreign_keys):
            return column
        folded = [self._text(module, key) for key in column.foreign_keys]
        keys = tuple(key for key in folded if key and (is_known(key) or self._is_attribute(key)))
        return msgspec.structs.replace(
            column, foreign_keys=keys, opaque=column.opaque or len(keys) < len(column.foreign_keys)
        )

    def _is_attribute(self, key: str) -> bool:
        """Whether a key is a column given as an attribute: ``{app.models.User.id}``."""
        whole = key.removeprefix("{").removesuffix("}")
        parts = whole.split(".")
        owners = ((".".join(parts[:at]), ".".join(parts[at:-1])) for at in range(1, len(parts) - 1))
        return "{" not in whole and any(owner in self._names.classes for owner in owners)

    def _text(self, module: str, template: str | None, depth: int = 0) -> str | None:
        if template is None or "{" not in template or depth > _DEEPEST:
            return template

        def value(match: re.Match[str]) -> str:
            origin = self._names.resolve(module, match[1])
            text = self._names.text_of(origin)
            return f"{{{origin.dotted}}}" if text is None else self._text(origin.module, text, depth + 1) or ""

        return _NAME.sub(value, template)
