"""Brings a store that an earlier kit has written to the tables of today, in one transaction, with alembic.

Each module in ``migrations/versions`` is the step to one version. ``meta`` has the version that kits look at; alembic's
own table is made when a store is brought further for the first time.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, update

from kit.store import schema


def can_migrate(version: str) -> bool:
    """Whether a store of this version can be brought to the one of today."""
    return version in _known()


def migrate(connection: Connection, version: str) -> None:
    """Bring the tables from this version to :data:`schema.VERSION`. The caller holds the lock of the store."""
    config = _config()
    config.attributes["connection"] = connection
    command.stamp(config, version)
    command.upgrade(config, str(schema.VERSION))
    connection.execute(update(schema.META).where(schema.META.c.key == "version").values(value=str(schema.VERSION)))


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config(stdout=io.StringIO())
    # a percent sign in a path would be read as the name of another option
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config
