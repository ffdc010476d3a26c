"""What releases of SQLAlchemy broke for PostgreSQL."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="sqlalchemy-postgresql-driver",
        library="sqlalchemy",
        last_good="2.0.58",
        first_bad="2.1.0",
        kind="default-changed",
        error=r"ModuleNotFoundError: No module named 'psycopg'",
        cause="a URL that begins with `postgresql://` means the driver psycopg and not psycopg2",
        before='create_engine("postgresql://...")',
        after='create_engine("postgresql+psycopg2://...")',
        both=True,
        source="https://docs.sqlalchemy.org/en/21/changelog/migration_21.html",
        uses=(
            "sqlalchemy.create_engine()",
            "sqlalchemy.ext.asyncio.create_async_engine()",
        ),
        visible=False,
    ),
    Breakage(
        id="sqlalchemy-postgresql-casts",
        library="sqlalchemy",
        last_good="2.0.58",
        first_bad="2.1.0",
        kind="default-changed",
        error=(
            r"%\((?P<cast>\w+)\)s::[A-Z]+(?s:.*)%\((?P=cast)\)s(?!::|\w)|"
            r"%\((?P<plain>\w+)\)s(?!::|\w)(?s:.*)%\((?P=plain)\)s::[A-Z]"
        ),
        cause="statements for PostgreSQL are written for the driver psycopg, with the type of each parameter",
        before='make_url("postgresql://").get_dialect()',
        after='make_url("postgresql+psycopg2://").get_dialect()',
        both=True,
        source="https://docs.sqlalchemy.org/en/21/changelog/migration_21.html",
    ),
    Breakage(
        id="sqlalchemy-computed-stored",
        library="sqlalchemy",
        last_good="2.0.58",
        first_bad="2.1.0",
        kind="default-changed",
        error=(
            r"GENERATED ALWAYS AS \((?P<bare>[^\n]*?)\)(?! STORED)(?s:.*)GENERATED ALWAYS AS \((?P=bare)\) STORED|"
            r"GENERATED ALWAYS AS \((?P<kept>[^\n]*?)\) STORED(?s:.*)GENERATED ALWAYS AS \((?P=kept)\)(?! STORED)|"
            r"assert '[^\n]*\)' == '[^\n]*\) STORED'|assert '[^\n]*\) STORED' == '[^\n]*\)'"
        ),
        cause="a computed column of PostgreSQL is stored only where it says so",
        before='Computed("price * 2")',
        after='Computed("price * 2", persisted=True)',
        both=True,
        source="https://docs.sqlalchemy.org/en/21/changelog/changelog_21.html",
    ),
)
