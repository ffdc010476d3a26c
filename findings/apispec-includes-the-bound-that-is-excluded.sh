#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0: an exclusive bound is written as an inclusive one.
#
# Guess: `validate.Range(min=0, min_inclusive=False)` is an exclusive minimum in the schema (OpenAPI 3.0 and 3.1 both
# have a word for it).
# Seen: the schema says `"minimum": 0`, as for an inclusive bound. A client that is made from the document sends 0,
# and marshmallow refuses it.
# https://swagger.io/docs/specification/v3_0/data-models/data-types/#range
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check apispec==6.10.1 marshmallow==4.4.0
cat > price.py <<'PY'
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields, validate


class Order(Schema):
    amount = fields.Int(validate=validate.Range(min=0, min_inclusive=False))


for version in ("3.0.3", "3.1.0"):
    spec = APISpec("orders", "1", version, plugins=[MarshmallowPlugin()])
    spec.components.schema("Order", schema=Order)
    print(version, spec.to_dict()["components"]["schemas"]["Order"]["properties"]["amount"])
print("marshmallow:", Order().validate({"amount": 0}))
PY
venv/bin/python price.py | tee seen.txt
diff seen.txt - <<'SEEN'
3.0.3 {'type': 'integer', 'minimum': 0}
3.1.0 {'type': 'integer', 'minimum': 0}
marshmallow: {'amount': ['Must be greater than 0.']}
SEEN
