#!/usr/bin/env bash
# papermill 2.7.0: a tuple that is given as a parameter arrives in the notebook as text.
#
# Guess: it arrives as a tuple, or as a list.
# Seen: it arrives as the text "(1, 2)", and nothing says so: len() of it is 6. A list arrives as a list. A set, a date
# and a Path, which the notebook's metadata cannot hold either, are refused with a TypeError.
# https://papermill.readthedocs.io/en/latest/usage-parameterize.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check papermill==2.7.0 ipykernel==7.4.0 nbclient==0.11.0
venv/bin/python - 2> log.txt <<'PY' | tee seen.txt
import datetime

import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
cells = [
    new_code_cell("pair = None", metadata={"tags": ["parameters"]}),
    new_code_cell("print(type(pair).__name__, len(pair))"),
]
nbformat.write(new_notebook(metadata=kernel, cells=cells), "in.ipynb")
for given in ((1, 2), [1, 2], {1, 2}, datetime.date(2026, 1, 2)):
    name = type(given).__name__
    try:
        done = papermill.execute_notebook("in.ipynb", "out.ipynb", {"pair": given}, progress_bar=False)
        print(name, "arrives as", done.cells[-1].outputs[0].text.strip())
    except TypeError as error:
        print(name, "is refused:", error)
PY
diff seen.txt - <<'SEEN'
tuple arrives as str 6
list arrives as list 2
set is refused: Object of type set is not JSON serializable
date is refused: Object of type date is not JSON serializable
SEEN
