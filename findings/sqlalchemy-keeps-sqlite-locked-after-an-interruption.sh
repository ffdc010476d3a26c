#!/usr/bin/env bash
# SQLAlchemy 2.1.9: after Ctrl-C in a statement SQLite's file stays locked until Python collects garbage.
#
# Guess: when `with engine.begin()` is left by a KeyboardInterrupt, the transaction is rolled back and others can write.
# Seen: "database is locked" in the `except` block and after it, as SQLAlchemy drops the connection of the statement and
# leaves its cursor open. After `gc.collect()`, or where the statement fails with an ordinary exception, others can write.
# https://docs.sqlalchemy.org/en/21/core/events.html#sqlalchemy.events.DialectEvents.handle_error
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9
cat > check.py <<'PY'
import gc
import sqlite3
import sys
from sqlalchemy import create_engine, text

ERROR = {"interrupt": KeyboardInterrupt, "error": RuntimeError}[sys.argv[1]]
engine = create_engine(f"sqlite:///{sys.argv[1]}.db")
with engine.begin() as connection:
    connection.execute(text("CREATE TABLE notes (n INTEGER)"))


class Amount:
    def __conform__(self, _protocol):  # the driver asks for the value; meanwhile Ctrl-C is pressed, or it fails
        raise ERROR


def another_writes() -> str:
    other = sqlite3.connect(f"{sys.argv[1]}.db", timeout=0.2)
    try:
        other.execute("INSERT INTO notes VALUES (2)")
        other.commit()
        return "written"
    except sqlite3.OperationalError as error:
        return str(error)
    finally:
        other.close()


try:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES (:n)"), [{"n": 1}, {"n": Amount()}])
except BaseException:
    print(sys.argv[1], "while it is handled:", another_writes())
print(sys.argv[1], "afterwards:", another_writes())
gc.collect()
print(sys.argv[1], "after a garbage collection:", another_writes())
PY
venv/bin/python check.py interrupt | tee seen.txt; venv/bin/python check.py error | tee -a seen.txt
grep -q 'interrupt while it is handled: database is locked' seen.txt
grep -q 'interrupt afterwards: database is locked' seen.txt
grep -q 'interrupt after a garbage collection: written' seen.txt
grep -q 'error while it is handled: written' seen.txt
