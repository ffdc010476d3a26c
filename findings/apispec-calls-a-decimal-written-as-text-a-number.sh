#!/usr/bin/env bash
# apispec 6.10.1 with marshmallow 4.4.0: a decimal that is sent as text is a number in the schema.
#
# Guess: `fields.Decimal(as_string=True)` has the type "string" in the schema, since that is what is sent.
# Seen: it has the type "number", with and without `as_string`. What the API sends does not fit its own document.
# https://marshmallow.readthedocs.io/en/stable/marshmallow.fields.html#marshmallow.fields.Decimal
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check apispec==6.10.1 marshmallow==4.4.0 jsonschema==4.26.0
cat > price.py <<'PY'
import json
from decimal import Decimal

import jsonschema
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields


class Order(Schema):
    price = fields.Decimal(as_string=True)


spec = APISpec("orders", "1", "3.1.0", plugins=[MarshmallowPlugin()])
spec.components.schema("Order", schema=Order)
schema = spec.to_dict()["components"]["schemas"]["Order"]
sent = json.loads(Order().dumps({"price": Decimal("1.10")}))
print(schema["properties"], sent)
try:
    jsonschema.validate(sent, schema)
except jsonschema.ValidationError as error:
    print(error.message)
PY
venv/bin/python price.py | tee seen.txt
diff seen.txt - <<'SEEN'
{'price': {'type': 'number'}} {'price': '1.10'}
'1.10' is not of type 'number'
SEEN
