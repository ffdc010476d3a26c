#!/usr/bin/env bash
# nbconvert 7.17.2: with --execute, a cell that is left out by its tag is not run either.
#
# Guess: all cells are run, and then the tagged ones are left out of the page.
# Seen: they are taken out first. A hidden cell that sets something up never runs, and the cells that need it fail with
# NameError. In two calls (first --execute to a notebook, then the tag) it is as guessed.
# https://nbconvert.readthedocs.io/en/latest/removing_cells.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check nbconvert==7.17.2 nbclient==0.11.0 ipykernel==7.4.0
venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
cells = [new_code_cell("total = 41 + 1", metadata={"tags": ["hidden"]}), new_code_cell("print('total', total)")]
nbformat.write(new_notebook(metadata=kernel, cells=cells), "in.ipynb")
PY
hide="--TagRemovePreprocessor.enabled=True --TagRemovePreprocessor.remove_cell_tags=hidden"
convert() { PATH="$PWD/venv/bin:$PATH" venv/bin/jupyter-nbconvert "$@" > log.txt 2>&1; }
{
  convert in.ipynb --to markdown --execute $hide --output once && echo "one call: made" || echo "one call: exit $?"
  grep -o "NameError.*is not defined" log.txt | sed 's/\x1b\[[0-9;]*m//g' | sort -u
  convert in.ipynb --to notebook --execute --output run
  convert run.ipynb --to markdown $hide --output twice
  grep -o "total 42" twice.md
} | tee seen.txt
diff seen.txt - <<'SEEN'
one call: exit 1
NameError: name 'total' is not defined
total 42
SEEN
