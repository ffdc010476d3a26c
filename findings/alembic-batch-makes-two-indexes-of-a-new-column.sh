#!/usr/bin/env bash
# Alembic 1.20.1 with SQLAlchemy 2.1.9: a batch that rebuilds a SQLite table gives a new column with index=True two indexes.
#
# Guess: the column has one index, ix_rates_code, as after op.add_column.
# Seen: it has a second one, named after the temporary table of the batch. `alembic check` wants to drop it, the downgrade
# that drops ix_rates_code leaves it, and each insert pays for both. A batch that only adds the column makes one index.
# Not found in the documentation: https://alembic.sqlalchemy.org/en/latest/batch.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
venv/bin/python -W ignore - <<'PY' | tee seen.txt
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, String, create_engine, inspect

for dropped in ([], ["note"]):
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("create table rates (id integer primary key, note text)")
        context = MigrationContext.configure(connection)
        with context.begin_transaction(), Operations(context).batch_alter_table("rates") as batch:
            batch.add_column(Column("code", String(3), index=True))
            for name in dropped:
                batch.drop_column(name)
        indexes = [(index["name"], *index["column_names"]) for index in inspect(connection).get_indexes("rates")]
        print("rebuilt:" if dropped else "added to:", indexes)
PY
diff seen.txt - <<'SEEN'
added to: [('ix_rates_code', 'code')]
rebuilt: [('ix__alembic_tmp_rates_code', 'code'), ('ix_rates_code', 'code')]
SEEN
