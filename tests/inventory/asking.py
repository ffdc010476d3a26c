"""Asks many small projects in one process of some SQLAlchemy: each in a fork, by the probe that kit uses.

    asking.py PROBES < requests      a request a line: {"folder": ..., "paths": [...], "modules": [...], "known": [...]}

Prints a line for each: {"records": what the probe said, "raised": the exceptions of use.py, the outermost first}.
"""

import contextlib
import json
import os
import runpy
import sys
import traceback
import warnings
from functools import partial
from pathlib import Path

import sqlalchemy.ext.asyncio  # noqa: F401 (loaded once, for all)

sys.path.insert(0, sys.argv[1])

from start import load

with contextlib.suppress(ImportError):
    import aiosqlite  # noqa: F401 (loaded once, for all)


def in_a_fork(work):
    """What ``work`` writes to the descriptor that it is given, in a child whose output goes nowhere."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        try:
            work(writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        data = stream.read()
    os.waitpid(child, 0)
    return data


def probe(request, writing):
    """Run kit's probe, as its own process would."""
    os.chdir(request["folder"])
    asked, asking = os.pipe()
    os.write(asking, json.dumps(dict(request, configure_s=20)).encode() + b"\n")
    os.close(asking)
    load("mappers.main").main(asked, writing)


def use(request, writing):
    """Run ``use.py`` and write the chain of what it raises."""
    os.chdir(request["folder"])
    sys.path[:0] = request["paths"]
    warnings.simplefilter("ignore", ResourceWarning)
    chain = []
    try:
        runpy.run_path("use.py")
    except Exception as error:  # noqa: BLE001 (whatever it is, is the answer)
        while error is not None:
            frames = [[frame.filename, frame.lineno, frame.name] for frame in traceback.extract_tb(error.__traceback__)]
            cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            chain.append([type(error).__name__, type(error).__module__, str(error), frames])
            error = cause
    os.write(writing, json.dumps(chain).encode())
    os._exit(0)


for line in sys.stdin:
    asked = json.loads(line)
    said = in_a_fork(partial(probe, asked))
    has_use = (Path(asked["folder"]) / "use.py").exists()
    raised = json.loads(in_a_fork(partial(use, asked)) or "null") if has_use else []
    answer = {"records": [json.loads(one) for one in said.splitlines()], "raised": raised}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
