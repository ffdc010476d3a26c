#!/usr/bin/env bash
# SQLAlchemy 2.1.9: Table.create with a foreign key to a table that nobody defines speaks of a type.
#
# Guess: NoReferencedTableError with the table's name, as metadata.create_all gives.
# Seen: CompileError about NullType, where the column takes its type from the foreign key; the missing table is not named.
# The last line makes a reader look for a wrong column type.
# https://docs.sqlalchemy.org/en/21/core/metadata.html#sqlalchemy.schema.Table.create
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9
cat > check.py <<'PY'
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, create_engine

engine, metadata = create_engine("sqlite://"), MetaData()
orders = Table("orders", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id")))
seen = {}
for name, create in (("Table.create", orders.create), ("create_all", metadata.create_all)):
    try:
        create(engine)
    except Exception as error:
        seen[name] = type(error).__name__
        print(name, type(error).__name__, str(error)[:150])
assert seen == {"Table.create": "CompileError", "create_all": "NoReferencedTableError"}, seen
PY
venv/bin/python check.py
