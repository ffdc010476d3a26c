#!/usr/bin/env bash
# SQLAlchemy 2.1.9: two classes on one table with extend_existing and index=True give the table two indexes of one name.
#
# Guess: the second class finds the index, and there is one.
# Seen: two Index objects called ix_rates_code, and create_all fails in the database.
# The error names an index, and the reason is a class that was mapped twice.
# https://docs.sqlalchemy.org/en/21/core/metadata.html#sqlalchemy.schema.Table.params.extend_existing
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9
cat > check.py <<'PY'
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase): ...


for number in (1, 2):
    class Rate(Base):
        __tablename__ = "rates"
        __table_args__ = {"extend_existing": True}
        id: Mapped[int] = mapped_column(primary_key=True)
        code: Mapped[str] = mapped_column(index=True)

names = [index.name for index in Base.metadata.tables["rates"].indexes]
print(names)
assert names == ["ix_rates_code", "ix_rates_code"]
try:
    Base.metadata.create_all(create_engine("sqlite://"))
except OperationalError as error:
    print(error.orig)
else:
    raise AssertionError("the tables were created")
PY
venv/bin/python -W ignore check.py
