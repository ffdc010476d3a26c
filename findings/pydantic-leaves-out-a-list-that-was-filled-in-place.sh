#!/usr/bin/env bash
# pydantic 2.14.4: `exclude_unset=True` leaves out a list that has a default and was appended to.
#
# Guess: a field that differs from its default is written.
# Seen: it is written after an assignment and after `exclude_defaults=True`, but not after `append` or `update`: the
# field was never set. A model that is filled step by step and stored with exclude_unset comes back empty.
# Documented as fields that were "not explicitly set"; that a change in place does not set one was not found:
# https://docs.pydantic.dev/latest/concepts/serialization/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pydantic==2.14.4
venv/bin/python - <<'PY' | tee seen.txt
from pydantic import BaseModel, Field


class Order(BaseModel):
    prices: list[int] = Field(default_factory=list)
    notes: dict[str, str] = {}


order = Order()
order.prices.append(5)
order.notes["by"] = "Ada"
print("exclude_unset:", order.model_dump_json(exclude_unset=True))
print("exclude_defaults:", order.model_dump_json(exclude_defaults=True))
print("the same order back:", Order.model_validate_json(order.model_dump_json(exclude_unset=True)) == order)
PY
diff seen.txt - <<'SEEN'
exclude_unset: {}
exclude_defaults: {"prices":[5],"notes":{"by":"Ada"}}
the same order back: False
SEEN
