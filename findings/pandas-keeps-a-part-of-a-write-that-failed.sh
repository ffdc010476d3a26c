#!/usr/bin/env bash
# pandas 3.1.1 with SQLAlchemy 2.1.9: `to_sql(if_exists="delete_rows")` that fails leaves the table without its old rows,
# and with a part of the new ones.
#
# Guess: the rows are deleted and written in one transaction, so an error leaves the table as it was.
# Seen: the error is raised, and what was done before it is committed. `append` leaves a part of the rows too. Within a
# transaction of the caller (`with engine.begin() as connection`) all is rolled back.
# https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_sql.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pandas==3.1.1 sqlalchemy==2.1.9
venv/bin/python - <<'PY' | tee seen.txt
import pandas as pd
import sqlalchemy as sa

new = pd.DataFrame({"amount": [3, 4, 50]})


def written(how, write):
    engine = sa.create_engine("sqlite:///shop.db")
    metadata = sa.MetaData()
    table = sa.Table("sale", metadata, sa.Column("amount", sa.Integer), sa.CheckConstraint("amount < 10"))
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(table.insert(), [{"amount": 1}, {"amount": 2}])
    try:
        write(engine)
    except Exception as error:
        raised = type(error).__name__
    engine.dispose()
    with sa.create_engine("sqlite:///shop.db").connect() as connection:
        print(how, raised, connection.scalars(sa.select(table.c.amount)).all())


def in_a_transaction(engine):
    with engine.begin() as connection:
        new.to_sql("sale", connection, index=False, if_exists="delete_rows")


for how in ("delete_rows", "append"):
    written(how, lambda engine, how=how: new.to_sql("sale", engine, index=False, if_exists=how))
written("in a transaction:", in_a_transaction)
PY
diff seen.txt - <<'SEEN'
delete_rows DatabaseError [3, 4]
append DatabaseError [1, 2, 3, 4]
in a transaction: DatabaseError [1, 2]
SEEN
