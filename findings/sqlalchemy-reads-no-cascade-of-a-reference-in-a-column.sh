#!/usr/bin/env bash
# SQLAlchemy 2.1.9 with Alembic 1.20.1: reflection of SQLite leaves out ON DELETE of a reference that stands in its column.
#
# Guess: `customer integer references customers (id) on delete cascade` has `ondelete` when read from the database.
# Seen: the options are empty, though SQLite's own list of foreign keys has the rule. Written as a line of its own,
# `foreign key (customer) references ...`, it is read. So an Alembic batch that drops another column takes the rule
# away, and rows that were deleted before stay from then on.
# Not found in the documentation: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9 alembic==1.20.1
venv/bin/python -W error - <<'PY' | tee seen.txt
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, inspect

REFERENCE = "references customers (id) on delete cascade"
for name, column in (
    ("in the column", f"customer integer {REFERENCE}, note text"),
    ("in a line of its own", f"customer integer, note text, foreign key (customer) {REFERENCE}"),
):
    with create_engine("sqlite://").connect() as connection:
        run = connection.exec_driver_sql
        run("create table customers (id integer primary key)")
        run(f"create table orders (id integer primary key, {column})")
        rule = "select on_delete from pragma_foreign_key_list('orders')"
        before, read = run(rule).scalar(), inspect(connection).get_foreign_keys("orders")[0]["options"]
        context = MigrationContext.configure(connection)
        with context.begin_transaction(), Operations(context).batch_alter_table("orders") as batch:
            batch.drop_column("note")
        print(f"{name}: {before} in SQLite, {read} read, {run(rule).scalar()} after a batch")
PY
diff seen.txt - <<'SEEN'
in the column: CASCADE in SQLite, {} read, NO ACTION after a batch
in a line of its own: CASCADE in SQLite, {'ondelete': 'CASCADE'} read, CASCADE after a batch
SEEN
