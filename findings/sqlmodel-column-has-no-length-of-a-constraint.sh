#!/usr/bin/env bash
# SQLModel 0.0.50: pydantic's `StringConstraints(max_length=6)` gives a column without a length.
#
# Guess: `VARCHAR(6)`, as with `Field(max_length=6)`: both are pydantic's way to say it.
# Seen: `VARCHAR`. A table model does not check its values either, so a longer text goes into the database.
# https://sqlmodel.tiangolo.com/tutorial/create-db-and-table/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlmodel==0.0.50 sqlalchemy==2.1.9 pydantic==2.14.4
venv/bin/python - <<'PY' | tee seen.txt
from typing import Annotated

from pydantic import StringConstraints
from sqlmodel import Field, SQLModel


class Pet(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    of_field: Annotated[str, Field(max_length=6)]
    of_constraint: Annotated[str, StringConstraints(max_length=6)]


for column in Pet.__table__.columns:
    print(column.name, column.type)
print(len(Pet(of_field="dog", of_constraint="a long name").of_constraint))
PY
diff seen.txt - <<'SEEN'
id INTEGER
of_field VARCHAR(6)
of_constraint VARCHAR
11
SEEN
