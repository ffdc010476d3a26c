"""Database connection: the database cannot be reached, opened or named."""

from kit.failures.rule import Rule, all_of, any_of, exception, message, module

RULE = Rule(
    rank=160,
    key="database-connection",
    title="Database connection",
    meaning="The database cannot be reached or opened, or its URL names nothing usable.",
    advice="Check the database URL that the tests use, whether its service runs, and whether tests share one file.",
    documentation="https://docs.sqlalchemy.org/en/20/core/engines.html",
    example="unable to open database file",
    matches=any_of(
        message(
            r"^unable to open database file|^database is locked|^database disk image is malformed|^disk I/O error",
            r"^Could not parse SQLAlchemy URL from|^Can't load plugin: sqlalchemy\.dialects",
            r"^The asyncio extension requires an async driver to be used",
            r"could not connect to server|connection to server (?:at|on) .* failed",
            r"server closed the connection unexpectedly",
            r"password authentication failed for user|Access denied for user|too many (?:clients|connections)",
            r'database "[^"]+" does not exist|Unknown database \'',
            r"^QueuePool limit of size|^Can't connect to MySQL server",
            r"^Cannot operate on a closed database|connection (?:is|was|already) closed",
        ),
        all_of(
            any_of(module("psycopg2"), module("psycopg"), module("asyncpg"), module("pymysql"), module("redis")),
            exception("OperationalError", "ConnectionError", "InterfaceError", "CannotConnectNowError"),
            message(r"[Cc]onnect|refused|translate host name"),
        ),
    ),
)
