#!/usr/bin/env bash
# SQLAlchemy 2.1.9: of a dotted path in Mapped["zoo.birds.Cage"] only the last name counts.
#
# Guess: the path chooses between two classes of one name, as it does in relationship("zoo.birds.Cage").
# Seen: "Multiple classes found for path", as for the bare name.
# Two classes are told apart in relationship() only.
# https://docs.sqlalchemy.org/en/21/orm/basic_relationships.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlalchemy==2.1.9
mkdir zoo; touch zoo/__init__.py
cat > zoo/base.py <<'PY'
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase): ...
PY
for kind in birds fish; do cat > zoo/$kind.py <<PY
from sqlalchemy.orm import Mapped, mapped_column
from zoo.base import Base


class Cage(Base):
    __tablename__ = "${kind}_cages"
    id: Mapped[int] = mapped_column(primary_key=True)
PY
done
cat > check.py <<'PY'
import sys
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, configure_mappers, mapped_column, relationship
import zoo.birds, zoo.fish
from zoo.base import Base


class Keeper(Base):
    __tablename__ = "keepers"
    id: Mapped[int] = mapped_column(primary_key=True)
    cage_id: Mapped[int] = mapped_column(ForeignKey("birds_cages.id"))
    if sys.argv[1] == "annotation":
        cage: Mapped["zoo.birds.Cage"] = relationship()
    else:
        cage = relationship("zoo.birds.Cage")


try:
    configure_mappers()
    print(sys.argv[1], "configured")
except Exception as error:
    print(sys.argv[1], type(error).__name__, str(error)[:160])
PY
venv/bin/python check.py annotation | tee seen.txt; venv/bin/python check.py argument | tee -a seen.txt
grep -q 'annotation InvalidRequestError.*Multiple classes found for path "Cage"' seen.txt
grep -q 'argument configured' seen.txt
