#!/usr/bin/env bash
# Flask 2.3.3 and 3.0.0: a warning names Flask 2.4 as the release that takes a name away; there is no such release.
#
# Guess: `flask.escape`, of which 2.3.3 says that it will be removed in Flask 2.4, is there until 2.4.0.
# Seen: 2.4 was never made; the name is gone in 3.0.0.
# Who waits for the release that a warning names may wait for ever: the list of releases tells what came in its place.
# https://flask.palletsprojects.com/en/stable/changes/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
for version in 2.3.3 3.0.0; do
  venv/bin/pip install -q --disable-pip-version-check flask==$version "werkzeug<3.1"
  venv/bin/python - $version <<'PY' | tee -a seen.txt
import sys
import warnings
import flask

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    there = hasattr(flask, "escape")
told = {word for one in seen for word in str(one.message).replace(". ", " ").split() if word[:1].isdigit()}
print(sys.argv[1], there, *sorted(told))
PY
done
venv/bin/pip index versions flask 2>/dev/null | grep 'Available versions' | tr ',' '\n' > all.txt
grep -q ' 2\.3\.3$' all.txt
echo "2.4: $(grep -c ' 2\.4' all.txt || true)" | tee -a seen.txt
if venv/bin/pip download -q --no-deps flask==2.4.0 2>/dev/null; then exit 1; fi
test "$(tr '\n' ' ' < seen.txt)" = "2.3.3 True 2.4 3.0.0 False 2.4: 0 "
