"""``kit upgrade-check`` beside ``kit scan``, from the shell: ``python tests/bench/upgrade_check.py``.

The app has 700 files that use eight libraries of the table of breakages. Its environment says that every library of the
table, and each whose releases were read, has its oldest known release, so that every entry and every name that releases
dropped is looked for. Both commands run in turn, round by round, each cold and warm. The bar is 1.5 of the CPU time of
``kit scan``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from packaging.version import Version

from kit.causes import breakages, known_libraries, steps_of
from tests.bench.measuring import Cost, measure

FILES, ROUNDS, BAR = 700, 5, 1.5

_FILE = """
import flask
import marshmallow
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from fastapi import FastAPI, status
from shop.db import engine
from sqlalchemy import Column, ForeignKey, Integer, select
from sqlalchemy.orm import DeclarativeBase, Session

app = flask.Flask(__name__)


class Base{number}(DeclarativeBase):
    pass


class Order{number}(Base{number}):
    __tablename__ = "orders{number}"
    id = Column(Integer, primary_key=True)


class Shown{number}(marshmallow.Schema):
    size = marshmallow.fields.Int(validate={validate})


@app.route("/orders/{number}")
def orders{number}():
    with Session(engine) as session:
        found = session.execute(select(Order{number})).all()
    frame = pd.DataFrame(found)
    frame["size"] = np.zeros(len(found))
    return flask.jsonify(frame.to_dict())
"""
_FUNCTION = """

def service{number}_{at}(value, *, limit=10):
    total = sum(one for one in range(limit) if one % {at} == 0)
    return [value, total, "text", {{"status": status.HTTP_200_OK, "limit": limit}}]
"""


def app_of(root: Path) -> Path:
    """The app; each tenth file has a line that an upgrade breaks."""
    package = root / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "db.py").write_text('from sqlalchemy import create_engine\n\nengine = create_engine("sqlite://")\n')
    for number in range(FILES):
        validate = "lambda n: n > 0, missing=3" if number % 10 == 0 else "marshmallow.validate.Range(min=1)"
        text = _FILE.format(number=number, validate=validate)
        text += "".join(_FUNCTION.format(number=number, at=at) for at in range(1, 16))
        (package / f"orders{number}.py").write_text(text)
    return root


def old_environment(root: Path) -> Path:
    """An interpreter in whose environment each known library is said to have its oldest last good release."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root)], check=True)
    (packages,) = root.glob("lib/python*/site-packages")
    oldest: dict[str, str] = {}
    for one in breakages():
        oldest[one.library] = min(oldest.get(one.library, one.last_good), one.last_good, key=Version)
    for library in known_libraries():
        oldest.setdefault(library, steps_of(library)[0].last)
    for library, version in oldest.items():
        folder = packages / f"{library.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {library}\nVersion: {version}\n")
    return root / "bin" / "python"


def _cost(command: str, app: Path, python: Path, folder: Path, cache: Path) -> Cost:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    words = [sys.executable, "-m", "kit", command, app, "--python", python]
    output = folder / f"{command}.txt"
    cost = measure(words, folder=folder, environment=environment, output=output)
    if cost.code != 1 and command == "upgrade-check":
        raise RuntimeError(f"kit {command} ended with {cost.code}: {output.read_text()[-500:]}")
    return cost


def main() -> None:
    """Measure round by round."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app, python = app_of(folder / "app"), old_environment(folder / "old")
        (folder / "cwd").mkdir()
        ratios: dict[str, list[float]] = {"cold": [], "warm": []}
        for number in range(ROUNDS):
            for state, found in ratios.items():
                ours = _cost("upgrade-check", app, python, folder / "cwd", folder / f"ours-{number}")
                plain = _cost("scan", app, python, folder / "cwd", folder / f"plain-{number}")
                found.append(ours.cpu_s / plain.cpu_s)
                print(f"{state}: kit upgrade-check {ours.cpu_s:.2f} s, kit scan {plain.cpu_s:.2f} s of CPU", flush=True)
        for state, found in ratios.items():
            print(f"{state}: {statistics.median(found):.2f} of kit scan (bar {BAR})")


if __name__ == "__main__":
    main()
