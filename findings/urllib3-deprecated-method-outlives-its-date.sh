#!/usr/bin/env bash
# urllib3 2.0.7 and 2.8.0: HTTPResponse.getheaders says that it will be removed in 2.1, and is still there.
#
# Guess: it is gone in 2.8.0.
# Seen: it works with both.
# A version in a DeprecationWarning is no date: only a run with that release tells.
# https://urllib3.readthedocs.io/en/stable/v2-migration-guide.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
for version in 2.0.7 2.8.0; do
  venv/bin/pip install -q --disable-pip-version-check urllib3==$version
  venv/bin/python - $version <<'PY' | tee -a seen.txt
import sys
import warnings
from urllib3.response import HTTPResponse

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    value = HTTPResponse(headers={"a": "1"}).getheaders()["a"]
print(sys.argv[1], value, [str(one.message)[:120] for one in seen])
PY
done
test "$(cut -d' ' -f1,2 seen.txt | tr '\n' ' ')" = "2.0.7 1 2.8.0 1 "
