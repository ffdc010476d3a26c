#!/usr/bin/env bash
# papermill 2.7.0: `-p day 2026_11_30` gives the notebook the number 20261130.
#
# Guess: the text "2026_11_30": it is not how anybody writes a number on a command line.
# Seen: whatever Python's `int` or `float` accepts is a number, underscores included; a commit such as `1234e567` is
# infinity. `-r` in place of `-p` passes the text as it is.
# https://papermill.readthedocs.io/en/latest/usage-execute.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0
cat > in.ipynb <<'JSON'
{"cells": [{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "day = commit = raw = ''",
 "outputs": [], "execution_count": null}], "metadata": {"kernelspec": {"name": "python3", "display_name": "Python",
 "language": "python"}}, "nbformat": 4, "nbformat_minor": 5}
JSON
venv/bin/papermill -p day 2026_11_30 -p commit 1234e567 -r raw 2026_11_30 --prepare-only in.ipynb out.ipynb 2>/dev/null
venv/bin/python - <<'PY' | tee seen.txt
import json

print("".join(json.load(open("out.ipynb"))["cells"][1]["source"]).strip())
PY
diff seen.txt - <<'SEEN'
# Parameters
day = 20261130
commit = float('inf')
raw = "2026_11_30"
SEEN
