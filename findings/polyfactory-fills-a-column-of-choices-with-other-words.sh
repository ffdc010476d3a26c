#!/usr/bin/env bash
# polyfactory 3.5.0 with SQLAlchemy 2.1.9: a column Enum("open", "closed") gets words that are not among the two.
#
# Guess: a factory of a mapped class draws from the choices of the column, as it does for an Enum class.
# Seen: any short word. SQLite takes it (as any database does where Enum is not native and makes no constraint), and the row cannot
# be read again: LookupError. The same column with an enum class is filled well.
# Not found in the documentation: https://polyfactory.litestar.dev/latest/usage/library_factories/sqlalchemy_factory.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check polyfactory==3.5.0 "sqlalchemy[asyncio]==2.1.9"
cat > tickets.py <<'PY'
import enum

from polyfactory.factories.sqlalchemy_factory import SQLAlchemyFactory
from sqlalchemy import Enum, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class State(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"


class Base(DeclarativeBase):
    pass


class Ticket(Base):
    __tablename__ = "tickets"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Enum("open", "closed", name="state"))
    kind: Mapped[State]


class TicketFactory(SQLAlchemyFactory[Ticket]):
    __random_seed__ = 1


tickets = [TicketFactory.build() for _ in range(100)]
print("of 100 among the choices: words", sum(ticket.state in ("open", "closed") for ticket in tickets), end=", ")
print("enum class", sum(ticket.kind in State for ticket in tickets))
engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(tickets[0])
    session.commit()
    try:
        session.scalar(select(Ticket.state))
    except LookupError as error:
        print("read again:", type(error).__name__)
PY
venv/bin/python tickets.py | tee seen.txt
diff seen.txt - <<'SEEN'
of 100 among the choices: words 0, enum class 100
read again: LookupError
SEEN
