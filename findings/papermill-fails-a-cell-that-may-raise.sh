#!/usr/bin/env bash
# papermill 2.7.0 with nbclient 0.11.0: a cell tagged `raises-exception` makes papermill fail, although all cells ran.
#
# Guess: papermill goes on past such a cell and succeeds, as nbclient does, which it runs notebooks with.
# Seen: the cell behind it runs, then papermill puts an error in front of the notebook and raises PapermillExecutionError.
# A notebook that shows an exception on purpose is fine in JupyterLab and nbconvert, and red in a scheduled run.
# https://nbclient.readthedocs.io/en/latest/client.html#handling-errors-and-exceptions
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check papermill==2.7.0 nbclient==0.11.0 nbformat==5.11.1 ipykernel==7.4.0
export PATH="$folder/venv/bin:$PATH" JUPYTER_DATA_DIR="$folder/data" IPYTHONDIR="$folder/ipython"
cat > run.py <<'PY'
import logging

import nbclient
import nbformat
import papermill
from nbformat.v4 import new_code_cell, new_notebook

logging.disable(logging.CRITICAL)
raising = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
notebook = new_notebook(cells=[raising, new_code_cell("print('after')")], metadata={"kernelspec": kernel})
nbformat.write(notebook, "in.ipynb")

after = nbclient.NotebookClient(nbformat.read("in.ipynb", 4)).execute().cells[-1]
print("nbclient:", after.outputs[0].text.strip())
assert after.outputs[0].text == "after\n"

try:
    papermill.execute_notebook("in.ipynb", "out.ipynb", progress_bar=False)
    raised = "nothing"
except papermill.PapermillExecutionError as error:
    raised = f"{type(error).__name__} of {error.ename}"
cells = nbformat.read("out.ipynb", 4).cells
print("papermill:", raised, "with", len(cells), "cells; the last printed", cells[-1].outputs[0].text.strip())
assert raised == "PapermillExecutionError of ZeroDivisionError"
assert cells[-1].outputs[0].text == "after\n"
PY
venv/bin/python run.py 2> errors.txt
