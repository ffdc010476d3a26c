"""Version 3: the lists of a case are compressed, in one value each, and its counts are kept with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from alembic import op
from sqlalchemy import Connection, TableClause, column, func, insert, select, table, text, update
from sqlalchemy.types import JSON, LargeBinary

from kit.facts.outcomes import Outcome
from kit.facts.overview import NamedCause, OutcomeCounts
from kit.facts.suite import SuiteFacts
from kit.store import schema
from kit.store.packing import Packed, compressed

revision = "3"
down_revision = "2"

_COLUMNS = ("case_id", "position", "nodeid", "outcome", "seconds", "failure")

#: the lists of version 2 that have become one value for a case
_LISTS = {
    "tests": table("tests", column("case_id"), column("position"), column("fact", JSON())),
    "results": table("results", *map(column, _COLUMNS), column("fact", JSON())),
}


def upgrade() -> None:
    """Make the tables of version 3, fill them from those of version 2, and remove these."""
    connection = op.get_bind()
    schema.METADATA.create_all(connection)
    packed = [one for one in schema.METADATA.sorted_tables if isinstance(getattr(one.c.get("fact"), "type", 0), Packed)]
    for one in packed:
        connection.execute(text(_AS_BYTES[connection.dialect.name].format(one.name)))
    for case in connection.scalars(select(schema.CASES.c.id)).all():
        for one in packed:
            _compress(connection, case, one.name, [key.name for key in one.primary_key if key.name != "case_id"])
        for room, head in _new_heads(connection, case):
            connection.execute(insert(schema.HEADS).values(case_id=case, room=room, fact=head))
    old = _LISTS["results"].c
    fields = [old.fact[name].as_string().label(name) for name in ("alone", "reason")]
    chosen = select(*(old[name] for name in _COLUMNS), *fields)
    connection.execute(insert(schema.OUTCOMES).from_select([*_COLUMNS, "alone", "reason"], chosen))
    for name in _LISTS:
        op.drop_table(name)


_AS_BYTES = {
    "sqlite": "UPDATE {} SET fact = CAST(fact AS BLOB)",
    "postgresql": "ALTER TABLE {} ALTER COLUMN fact TYPE bytea USING convert_to(fact::text, 'UTF8')",
}


def _compress(connection: Connection, case: str, name: str, keys: list[str]) -> None:
    """Compress what is long of a case's rows in a table."""
    plain: TableClause = table(name, column("case_id"), *map(column, keys), column("fact", LargeBinary()))
    rows = connection.execute(select(plain).where(plain.c.case_id == case)).mappings().all()
    for row in rows:
        if (packed := compressed(row["fact"])) is not row["fact"]:
            where = [plain.c[key] == row[key] for key in ("case_id", *keys)]
            connection.execute(update(plain).where(*where).values(fact=packed))


def _new_heads(connection: Connection, case: str) -> Iterator[tuple[str, Any]]:
    """The heads of a case that version 3 has, and version 2 had elsewhere or not at all."""
    heads = schema.HEADS.c
    rows = connection.execute(select(heads.room, heads.fact).where(heads.case_id == case)).all()
    known: dict[str, Any] = {room: fact for room, fact in rows}  # noqa: C416  # mypy does not take a row for a tuple
    if "suite" in known:
        for name, old in _LISTS.items():
            yield (
                name,
                list(connection.scalars(select(old.c.fact).where(old.c.case_id == case).order_by(old.c.position))),
            )
        if "ended" not in known:
            yield "ended", _ended(connection, case, msgspec.convert(known["suite"], SuiteFacts))
    if "grouping" in known and "named" not in known:
        causes = schema.CAUSES.c
        facts = connection.scalars(select(causes.fact).where(causes.case_id == case).order_by(causes.position))
        yield (
            "named",
            [NamedCause(one["id"], one["title"], len(one["tests"]), len(one["uncollectable"])) for one in facts],
        )


def _ended(connection: Connection, case: str, suite: SuiteFacts) -> OutcomeCounts:
    old, errors = _LISTS["results"].c, schema.COLLECTION_ERRORS.c
    counted = select(old.outcome, func.count()).where(old.case_id == case).group_by(old.outcome)
    outcomes: dict[Outcome, int] = {outcome: number for outcome, number in connection.execute(counted)}  # noqa: C416
    files = connection.scalar(select(func.count()).where(errors.case_id == case))
    return OutcomeCounts(outcomes, files or 0, suite.seconds, suite.is_whole)
