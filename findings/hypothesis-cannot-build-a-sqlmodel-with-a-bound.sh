#!/usr/bin/env bash
# SQLModel 0.0.50 with Hypothesis 6.170.17: `builds` cannot build a model that has a bound on a field.
#
# Guess: `st.builds(Model)` gives values within the bounds of `Field(gt=0)`, as for a pydantic model.
# Seen: with pydantic's `Field(gt=0)` it does. With SQLModel's it raises TypeError, since SQLModel puts an object into the
# annotation that cannot be hashed. Without a bound it works.
# https://hypothesis.readthedocs.io/en/latest/reference/strategies.html#hypothesis.strategies.builds
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sqlmodel==0.0.50 hypothesis==6.170.17 pydantic==2.14.4
cat > build.py <<'PY'
import pydantic
import sqlmodel
from hypothesis import given, settings
from hypothesis import strategies as st


class Plain(pydantic.BaseModel):
    amount: int = pydantic.Field(gt=0)


class Bounded(sqlmodel.SQLModel):
    amount: int = sqlmodel.Field(gt=0)


class Unbounded(sqlmodel.SQLModel):
    amount: int


def smallest(model: type) -> int:
    seen: list[int] = []

    @settings(database=None, max_examples=20)
    @given(st.builds(model))
    def collect(order: object) -> None:
        seen.append(order.amount)

    collect()
    return min(seen)


print("pydantic above 0:", smallest(Plain) > 0)
print("SQLModel without a bound:", smallest(Unbounded) is not None)
try:
    print("SQLModel above 0:", smallest(Bounded) > 0)
except TypeError as error:
    print("SQLModel:", error)
PY
venv/bin/python build.py | tee seen.txt
diff seen.txt - <<'SEEN'
pydantic above 0: True
SQLModel without a bound: True
SQLModel: unhashable type: 'FieldInfoMetadata'
SEEN
