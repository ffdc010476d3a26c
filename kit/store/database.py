"""The database of a store: opened once, checked, and used in transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, insert, inspect, select
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from kit.facts.errors import StoreError, StoreVersionError, UsageError
from kit.store import schema
from kit.store.packing import as_json

_VERSION = select(schema.META.c.value).where(schema.META.c.key == "version")


class Database:
    """A database that has the store's tables, in the version that this kit reads."""

    def __init__(self, url: str) -> None:
        """Open the database at ``url`` and make its tables where they are missing.

        Raises :class:`UsageError` when the URL is not one, its driver is not installed, the database cannot be
        reached, or was written by a kit of another store version.
        """
        try:
            self._engine = create_engine(url, json_serializer=as_json, json_deserializer=msgspec.json.decode)
        except (SQLAlchemyError, ImportError) as error:
            raise _cannot_be_opened(error) from error
        try:
            if self._engine.dialect.name == "sqlite":
                _enforce_foreign_keys(self._engine)
                _roll_back_when_interrupted(self._engine)
            self._make_tables()
        except SQLAlchemyError as error:
            self.close()
            raise _cannot_be_opened(error) from error
        except UsageError:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _make_tables(self) -> None:
        with self._engine.begin() as connection:
            has_tables = inspect(connection).has_table(schema.META.name)
            is_old = has_tables and self._check_version(connection) != str(schema.VERSION)
            if self._engine.dialect.name == "sqlite" and (is_old or not has_tables):
                # its driver begins no transaction for a table, and would wait for the disk after each
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if is_old and (version := self._check_version(connection, lock=True)) != str(schema.VERSION):
                _migrating().migrate(connection, version)
            schema.METADATA.create_all(connection)
            self._check_version(connection)
        if is_old and self._engine.dialect.name == "sqlite":
            with suppress(SQLAlchemyError), self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction. Raises :class:`StoreError` when the database fails, holds what kit has not written, or was
        brought to another version by another kit since it was opened.
        """
        try:
            with self._engine.begin() as connection:
                self._check_same_version(connection)
                yield connection
        except (SQLAlchemyError, msgspec.MsgspecError) as error:
            raise self._failed(_reason(error)) from error

    def _check_same_version(self, connection: Connection) -> None:
        version = connection.scalar(_VERSION)
        if version != str(schema.VERSION):
            known = f"this one knows {schema.VERSION}"
            raise self._failed(f"another kit has brought it to store version {version} meanwhile, and {known}")

    def _failed(self, reason: str) -> StoreError:
        return StoreError(self._engine.url.render_as_string(hide_password=True), reason)

    def is_sound(self) -> bool:
        """Whether the database can be read as a whole; only SQLite checks more than the tables."""
        try:
            with self.transaction() as connection:
                if self._engine.dialect.name != "sqlite":
                    return True
                return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
        except StoreError:
            return False

    def _check_version(self, connection: Connection, *, lock: bool = False) -> str:
        """The version of the store; with ``lock``, other processes wait until the transaction ends.
        Raises :class:`StoreVersionError` when this kit cannot read it.
        """
        version: str | None = connection.scalar(_VERSION.with_for_update() if lock else _VERSION)
        if version is None:
            version = str(schema.VERSION)
            connection.execute(insert(schema.META).values(key="version", value=version))
        if version != str(schema.VERSION) and not _migrating().can_migrate(version):
            shown = self._engine.url.render_as_string(hide_password=True)
            is_newer = version.isdecimal() and int(version) > schema.VERSION
            by, advice = ("a newer", "Update kit, or use") if is_newer else ("another", "Use")
            raise StoreVersionError(
                f"The store {shown} was written by {by} version of kit (store version {version}, this one reads "
                f"{schema.VERSION}). {advice} another --reports-dir or --store-url."
            )
        return version


def _migrating() -> ModuleType:
    from kit.store import migrating  # alembic takes as long as all else here, and hardly a store is an old one

    return migrating


def _cannot_be_opened(error: Exception) -> UsageError:
    is_file = isinstance(error, DatabaseError) and isinstance(error.orig, sqlite3.Error)
    remedy = " If its file is damaged, kit store rebuild makes it anew." if is_file else ""
    return UsageError(f"The store cannot be opened: {_reason(error)}. Check --store-url and --reports-dir.{remedy}")


def _reason(error: Exception) -> str:
    """What the driver says, in one line and without the statement."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines()
    return said[0].rstrip(".") if said else type(error).__name__


def _roll_back_when_interrupted(engine: Engine) -> None:
    # SQLAlchemy closes the connection of a statement that a signal interrupts, and leaves its cursor open: SQLite then
    # keeps the file locked as long as anybody holds the exception. Its connections can go on: no statement is half done
    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        if not isinstance(context.original_exception, Exception):
            context.is_disconnect = False


def _enforce_foreign_keys(engine: Engine) -> None:
    # SQLite ignores ON DELETE CASCADE unless each connection asks for it
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
