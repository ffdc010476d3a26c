#!/usr/bin/env bash
# nbclient 0.11.0 with ipykernel 7.4.0: `exit()` in a cell ends nothing; the cells after it run, and the run succeeds.
#
# Guess: the run ends at that cell with an error, as with `sys.exit(1)`.
# Seen: `sys.exit(1)` is an error. `exit()` leaves no output and no error, and the next cell runs with all variables: the
# kernel only asks its front end to close it, and nbclient takes no notice.
# A cell such as `if not rows: exit()` guards nothing once a notebook is run by a tool.
# https://nbclient.readthedocs.io/en/latest/client.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check nbclient==0.11.0 ipykernel==7.4.0
cat > notebooks.py <<'PY'
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

for line in ("import sys; sys.exit(1)", "exit()"):
    notebook = new_notebook(cells=[new_code_cell("rows = []"), new_code_cell(line), new_code_cell("print(len(rows))")])
    try:
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        ended = "succeeded"
    except CellExecutionError as error:
        ended = error.ename
    print(line, "|", ended, "|", [cell.execution_count for cell in notebook.cells], notebook.cells[2].outputs[0:1] != [])
PY
venv/bin/python -W ignore notebooks.py 2>/dev/null | tee seen.txt
diff seen.txt - <<'SEEN'
import sys; sys.exit(1) | SystemExit | [1, 2, None] False
exit() | succeeded | [1, 2, 3] True
SEEN
