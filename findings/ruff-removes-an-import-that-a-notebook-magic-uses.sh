#!/usr/bin/env bash
# ruff 0.17.6: `ruff check --fix` on a notebook removes an import that only a magic or a shell line uses.
#
# Guess: a name in `%timeit`, in `{...}` of a shell line or in a cell magic counts as used, or the fix is an unsafe one.
# Seen: the import is removed by a safe fix, and the notebook fails with a NameError. A cell that begins with `%%time`,
# `%%timeit` or `%%capture` is read; `%time`, `%timeit`, `%prun`, `!` and a cell magic that ruff does not know are not.
# Not found in the documentation; reported: https://github.com/astral-sh/ruff/issues/10454
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ruff==0.17.6 nbclient==0.11.0 ipykernel==7.4.0
venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
cells = {
    "cell-time": "%%time\nmath.sqrt(2)",
    "line-time": "%time math.sqrt(2)",
    "line-timeit": "%timeit -n 1 -r 1 math.sqrt(2)",
    "shell": "!echo {math.pi}",
    "cell-bash": "%%bash -s {math.pi}\necho $1",
}
for name, source in cells.items():
    cells = [new_code_cell("import math"), new_code_cell(source)]
    nbformat.write(new_notebook(metadata=kernel, cells=cells), f"{name}.ipynb")
PY
run() { if venv/bin/jupyter-execute "$1" > log.txt 2>&1; then echo runs; else grep -oE 'NameError' log.txt | sort -u; fi; }
for notebook in *.ipynb; do run "$notebook" > before; mv before "before-$notebook.txt"; done
venv/bin/ruff check --isolated -q --select F401 --fix .
for notebook in *.ipynb; do
  echo "$notebook: $(cat "before-$notebook.txt"), import $(grep -q 'import math' "$notebook" && echo kept || echo removed)"
done | tee seen.txt
run line-time.ipynb | tee -a seen.txt
diff seen.txt - <<'SEEN'
cell-bash.ipynb: runs, import removed
cell-time.ipynb: runs, import kept
line-time.ipynb: runs, import removed
line-timeit.ipynb: runs, import removed
shell.ipynb: runs, import removed
NameError
SEEN
