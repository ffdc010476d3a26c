"""What releases of oslo.db broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="oslo-db-migration",
        library="oslo-db",
        last_good="14.1.1",
        first_bad="15.0.0",
        kind="name-gone",
        error=(
            r"ImportError: cannot import name 'migration' from 'oslo_db\.sqlalchemy'|"
            r"ModuleNotFoundError: No module named 'oslo_db\.sqlalchemy\.migration'"
        ),
        cause="the module for sqlalchemy-migrate is gone (13.0 and 14.0 lack it too): migrations are alembic's",
        before="migration.db_version(engine, folder, 0)",
        after="MigrationContext.configure(connection).get_current_revision()",
        both=True,
        source="https://gitlab.com/yaook/operator/-/issues/463",
        uses=("oslo_db.sqlalchemy.migration",),
        modules=("oslo_db",),
    ),
)
