#!/usr/bin/env bash
# Flask 2.3.0, 2.3.3 and 3.0.0: a name that was removed came back in a patch release and went again.
#
# Guess: `from flask import Markup` is gone from 2.3.0 on.
# Seen: gone in 2.3.0, there in 2.3.3 with a warning, gone in 3.0.0.
# A pin `flask<3` says nothing about it: the answer depends on the third number.
# https://flask.palletsprojects.com/en/stable/changes/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
for version in 2.3.0 2.3.3 3.0.0; do
  venv/bin/pip install -q --disable-pip-version-check flask==$version
  venv/bin/python -W ignore - $version <<'PY' | tee -a seen.txt
import sys
import flask

print(sys.argv[1], hasattr(flask, "Markup"))
PY
done
test "$(tr '\n' ' ' < seen.txt)" = "2.3.0 False 2.3.3 True 3.0.0 False "
