#!/usr/bin/env bash
# Alembic 1.20.1 on SQLite: a batch that drops one column takes AUTOINCREMENT away from the table, without a word.
#
# Guess: the table is made again as it was, without the column: a partial index keeps its condition.
# Seen: the index is kept; the key loses AUTOINCREMENT. So the number of a deleted row is given to a new one, which
# AUTOINCREMENT is there to prevent.
# https://alembic.sqlalchemy.org/en/latest/batch.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
venv/bin/python -W error - <<'PY' | tee seen.txt
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)


def next_number():
    with engine.begin() as connection:
        first = connection.scalar(sa.text("insert into pet (name) values ('a') returning id"))
        connection.execute(sa.text("delete from pet"))
        second = connection.scalar(sa.text("insert into pet (name) values ('b') returning id"))
        connection.execute(sa.text("delete from pet"))
        index = connection.scalar(sa.text("select sql from sqlite_master where name = 'named'"))
    print("number used again:", first == second, "| index:", index.upper().partition("WHERE ")[2])


with engine.begin() as connection:
    connection.execute(sa.text("create table pet (id integer primary key autoincrement, name text, age int)"))
    connection.execute(sa.text("create unique index named on pet (name) where name > ''"))
next_number()
with engine.begin() as connection:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("pet") as batch:
        batch.drop_column("age")
next_number()
PY
diff seen.txt - <<'SEEN'
number used again: False | index: NAME > ''
number used again: True | index: NAME > ''
SEEN
