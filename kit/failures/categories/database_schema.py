"""Database schema: a table or column that a statement names is not there."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=170,
    key="database-schema",
    title="Database schema",
    meaning="The database lacks a table or a column that the code names.",
    advice="Create the tables before the test (are all models imported by then?), or run the migrations it lacks.",
    documentation="https://docs.sqlalchemy.org/en/20/core/metadata.html",
    example="no such table: users",
    matches=message(
        r"^no such (?:table|column|index|view): ",
        r"^table \S+ has no column named ",
        r'^relation "[^"]+" does not exist',
        r'^column (?:"?[\w.]+"?|\S+) (?:of relation "[^"]+" )?does not exist',
        r"^\(1146, |^\(1054, |^Table '[^']+' doesn't exist|^Unknown column '",
        r"^Can't locate revision identified by|^Multiple head revisions|Target database is not up to date",
    ),
)
