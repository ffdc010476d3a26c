#!/usr/bin/env bash
# Alembic 1.20.1 with SQLAlchemy 2.1.9: a batch that drops a column of a table deletes all rows of another table.
#
# Guess: where SQLite checks foreign keys and another table refers to this one, the migration stops with an error.
# Seen: it succeeds. SQLite deletes the rows of the old table before it drops it, and ON DELETE CASCADE takes the rows
# that refer to them along. The table of the batch has all its rows, so a look at it shows no harm. Without the cascade
# the migration stops, as documented.
# The documentation says that the drop raises an error, and that the pragma has to be off; it does not speak of rows:
# https://alembic.sqlalchemy.org/en/latest/batch.html#dealing-with-referencing-foreign-keys
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
venv/bin/python -W ignore - <<'PY' | tee seen.txt
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, event
from sqlalchemy.exc import IntegrityError

for rule in ("on delete cascade", ""):
    engine = create_engine("sqlite://")
    event.listen(engine, "connect", lambda connection, record: connection.execute("pragma foreign_keys = on"))
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        run("create table customers (id integer primary key, name text, fax text)")
        run(f"create table orders (id integer primary key, customer integer references customers (id) {rule})")
        run("insert into customers values (1, 'Ada', '555')")
        run("insert into orders values (1, 1), (2, 1)")
        connection.commit()
        context = MigrationContext.configure(connection)
        try:
            with context.begin_transaction(), Operations(context).batch_alter_table("customers") as batch:
                batch.drop_column("fax")
        except IntegrityError as error:
            print(rule or "no rule", "->", error.orig)
        else:
            left = [run(f"select count(*) from {table}").scalar() for table in ("customers", "orders")]
            print(rule, "-> customers and orders left:", *left)
PY
diff seen.txt - <<'SEEN'
on delete cascade -> customers and orders left: 1 0
no rule -> FOREIGN KEY constraint failed
SEEN
