#!/usr/bin/env bash
# polars 2.1.0: a field that no row before the 101st has is left out, without an error.
#
# Guess: `read_ndjson` and `DataFrame(rows)` make a column of it, with nulls before, or refuse the row.
# Seen: the column is not there. A value of another type is refused; a new field is not.
# Test results as JSON Lines are such files: the first failure, and its message, may come late.
# https://docs.pola.rs/api/python/stable/reference/api/polars.read_ndjson.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check polars==2.1.0
venv/bin/python - <<'PY' | tee seen.txt
import io
import json

import polars

for late in (99, 100):
    rows = [{"test": number} for number in range(late)] + [{"test": late, "message": "assert 1 == 2"}]
    lines = "\n".join(map(json.dumps, rows)).encode()
    print(late, polars.read_ndjson(io.BytesIO(lines)).columns, polars.DataFrame(rows).columns)
whole = polars.read_ndjson(io.BytesIO(lines), infer_schema_length=None)
print("infer_schema_length=None", whole.columns)
PY
diff seen.txt - <<'SEEN'
99 ['test', 'message'] ['test', 'message']
100 ['test'] ['test']
infer_schema_length=None ['test', 'message']
SEEN
