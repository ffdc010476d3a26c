#!/usr/bin/env bash
# nbclient 0.11.0 with ipykernel 7.4.0: a cell that begins with %%capture and raises does not end the run.
#
# Guess: `jupyter execute` stops at the cell that raises, and exits with 1; papermill does the same.
# Seen: the kernel calls the cell "ok" and shows the error as an output. `jupyter execute` runs the next cell and exits with 0.
# papermill runs the next cell too, and then fails because of the output. Without the magic both stop at the cell.
# Not found in the documentation: https://nbclient.readthedocs.io/en/latest/client.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check nbclient==0.11.0 ipykernel==7.4.0 papermill==2.7.0 nbformat==5.10.4
export PATH="$folder/venv/bin:$PATH"
venv/bin/python -m ipykernel install --prefix "$folder/venv" --name python3 > log.txt 2>&1
cat > write.py <<'PY'
import nbformat.v4

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FAILS = "raise ValueError('no price')"
for name, first in {"captured": "%%capture\n" + FAILS, "plain": FAILS}.items():
    for tool in "execute", "papermill":
        cells = [nbformat.v4.new_code_cell(source) for source in (first, f"open('{name}-{tool}.txt', 'w').close()")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=KERNEL), f"{name}-{tool}.ipynb")
PY
venv/bin/python write.py
said() { if [ -e "$1.txt" ]; then echo "$1: exit $2, next cell ran"; else echo "$1: exit $2, next cell did not run"; fi; }
for name in captured plain; do
    code=0; jupyter execute "$name-execute.ipynb" > log.txt 2>&1 || code=$?
    said "$name-execute" "$code"
    code=0; papermill "$name-papermill.ipynb" out.ipynb > log.txt 2>&1 || code=$?
    said "$name-papermill" "$code"
done | tee seen.txt
diff seen.txt - <<'SEEN'
captured-execute: exit 0, next cell ran
captured-papermill: exit 1, next cell ran
plain-execute: exit 1, next cell did not run
plain-papermill: exit 1, next cell did not run
SEEN
