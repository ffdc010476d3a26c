#!/usr/bin/env bash
# SQLAlchemy 2.1.9 and 2.0.44: a validator sees the default of a mapped dataclass in 2.0, and no longer in 2.1.
#
# Guess: @validates and a listener for "set" get the default "new" of an attribute that the call leaves out, as before.
# Seen: in 2.0 both get it; in 2.1 neither is called, the instance's __dict__ has no such key before the flush, and a
# listener for "init" gets a symbol (DONT_SET) in place of the default. The attribute itself answers "new" in both.
# So a rule that a validator keeps is not applied to defaults any more.
# https://docs.sqlalchemy.org/en/21/changelog/migration_21.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > check.py <<'PY'
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column, validates

seen = []


class Base(MappedAsDataclass, DeclarativeBase): ...


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    state: Mapped[str] = mapped_column(default="new")

    @validates("state")
    def check(self, key, value):
        seen.append(f"validates {value}")
        return value


@event.listens_for(Item, "init")
def at_init(target, args, kwargs):
    seen.append(f"init {getattr(kwargs['state'], 'name', kwargs['state'])}")


@event.listens_for(Item.state, "set")
def at_set(target, value, old, initiator):
    seen.append(f"set {value}")


item = Item()
print(sqlalchemy.__version__, seen, "state" in vars(item), item.state)
PY
for version in 2.0.44 2.1.9; do
  python3 -m venv "venv-$version"
  "venv-$version/bin/pip" install -q --disable-pip-version-check "sqlalchemy==$version"
  "venv-$version/bin/python" check.py
done | tee seen.txt
diff seen.txt - <<'SEEN'
2.0.44 ['init new', 'set new', 'validates new'] True new
2.1.9 ['init DONT_SET'] False new
SEEN
