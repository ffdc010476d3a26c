"""Constraint violated: the database refused a row."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=180,
    key="constraint",
    title="Constraint violated",
    meaning="The database refused a row: a value that must be unique, present or known elsewhere is not.",
    advice="Look at what the test or its fixtures insert: rows that an earlier test left, or a column that is new "
    "and required.",
    documentation="https://docs.sqlalchemy.org/en/20/errors.html#error-gkpj",
    example="UNIQUE constraint failed: users.email",
    matches=any_of(
        exception(
            "IntegrityError", "UniqueViolationError", "UniqueViolation", "ForeignKeyViolation", "NotNullViolation"
        ),
        message(
            r"^(?:UNIQUE|NOT NULL|FOREIGN KEY|CHECK) constraint failed",
            r"violates (?:unique|foreign key|not-null|check) constraint",
        ),
    ),
)
