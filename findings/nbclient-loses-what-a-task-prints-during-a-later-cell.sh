#!/usr/bin/env bash
# nbclient 0.11.0 with ipykernel 7.4.0: what an asyncio task prints while a later cell runs is in no cell.
#
# Guess: it is an output of the cell that runs at that time, or of the one that started the task.
# Seen: the text is lost. What a thread prints at such a time is an output of the cell that runs. The kernel says of the
# task's text that it belongs to the cell that started it, and nbclient keeps only what belongs to the cell that runs.
# https://nbclient.readthedocs.io/en/latest/client.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check nbclient==0.11.0 ipykernel==7.4.0
venv/bin/python - 2> log.txt <<'PY' | tee seen.txt
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

TASK = """
import asyncio

async def later():
    await asyncio.sleep(1)
    print("from the task")

task = asyncio.create_task(later())
"""
THREAD = """
import threading

thread = threading.Timer(1, print, ["from the thread"])
thread.start()
"""
kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
for started, wait in ((TASK, "await task"), (THREAD, "thread.join()")):
    book = new_notebook(metadata=kernel, cells=[new_code_cell(started), new_code_cell(f"{wait}\nprint('done')")])
    NotebookClient(book).execute()
    print([[output["text"] for output in cell.outputs] for cell in book.cells])
PY
python3 - <<'PY'
task, thread = (eval(line) for line in open("seen.txt"))
assert task == [[], ["done\n"]], task
assert "from the thread" in "".join(thread[1]), thread
PY
