"""Table or index defined twice, in the metadata or in the database."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=110,
    key="table-or-index-twice",
    title="Table or index defined twice",
    meaning="A table or an index of that name exists already when it is created or defined a second time.",
    advice="Find both definitions and drop one: index=True beside an explicit Index, one model file imported under two "
    "names, or tables that an earlier test left behind. extend_existing only hides it.",
    documentation="https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes",
    example="index ix_orders_status already exists",
    matches=message(
        r"^index \S+ already exists",
        r"^table \S+ already exists",
        r'^relation "[^"]+" already exists',
        r"^Table '[^']+' already exists",
        r"^Duplicate key name '",
        r"^Table '[^']+' is already defined for this MetaData instance",
    ),
)
