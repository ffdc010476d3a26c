"""What the inventory costs, each beside what it is measured against, in turn in one run.

``python tests/bench/inventory.py [PACKAGE]`` prints the median of the pairs' ratios, and the medians in seconds of CPU
and of wall time. PACKAGE is one that this environment has (``pandas``); the whole environment is read as well.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.measuring import Cost, measure

ROUNDS = 5
HERE = Path(__file__).parents[2]
SITE = Path(sysconfig.get_path("purelib"))
BYTECODE = tempfile.TemporaryDirectory()
FILES = 700
CLASSES = 500

PARSE = """
import ast, pathlib, sys, warnings
warnings.simplefilter("ignore")
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    try:
        ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        pass
"""
OURS = """
import sys
from kit.facts.target import Interpreter, Target
from kit.inventory.source.reading import read_source
target = Target(sys.argv[1], "x", Interpreter(sys.executable, sys.version.split()[0]), (".",), ())
files = read_source(target, timeout_s=600).files
"""
GRAPH = """
from kit.inventory.imports.loading import LoadGraph
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names
LoadGraph(Names(files, Modules.of(files, ["."])))
"""
GRIMP = "import grimp, sys\ngrimp.build_graph(sys.argv[1], cache_dir=sys.argv[2])"
IMPORT = "import sys\nsys.path.insert(0, '.')\nimport app.models\nfrom sqlalchemy.orm import configure_mappers\n"
ALL = IMPORT + "configure_mappers()"
#: what SQLAlchemy itself takes of the probe's time: with as few collections, and an end without a clean-up
AS_THE_PROBE = "import gc, os\ngc.set_threshold(100000)\n" + IMPORT + "gc.disable()\nconfigure_mappers()\nos._exit(0)"
PROBE = """
import json, os, sys, tempfile
question, answers = tempfile.TemporaryFile(), os.open(os.devnull, os.O_WRONLY)
request = {"modules": ["app.models"], "paths": [os.getcwd()], "known": json.loads(sys.argv[2]), "configure_s": 60}
question.write(json.dumps(request).encode() + b"\\n")
question.seek(0)
sys.path.insert(0, sys.argv[1])
from start import load
load("mappers.main").main(os.dup(question.fileno()), answers)
"""


def run(code: str, *arguments: str | Path, folder: Path = HERE, cores: int | None = None, **environment: str) -> Cost:
    """What a Python program costs. kit and its rivals find their own bytecode, as they do where they are installed."""
    alone = "import os\nos.sched_setaffinity(0, {0})\n" if cores == 1 else ""
    command: Sequence[str | Path] = [sys.executable, "-c", alone + code, *arguments]
    paths: Mapping[str, str] = {"PYTHONPATH": str(HERE), "PYTHONPYCACHEPREFIX": BYTECODE.name}
    own = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    cost = measure(command, folder=folder, environment={**own, **paths, **environment})
    assert cost.code == 0, command
    return cost


def tell(what: str, pairs: Sequence[tuple[Cost, Cost]], bar: str) -> None:
    """Print the medians of the pairs, ours first."""
    medians = [statistics.median(getattr(pair[side], kind) for pair in pairs) for kind in KINDS for side in (0, 1)]
    ratios = [statistics.median(getattr(ours, kind) / getattr(other, kind) for ours, other in pairs) for kind in KINDS]
    print(
        f"{what:<58} CPU {medians[0]:.2f} / {medians[1]:.2f} s, ratio {ratios[0]:.2f}; "
        f"wall {medians[2]:.2f} / {medians[3]:.2f} s, ratio {ratios[1]:.2f}  (bar {bar})",
        flush=True,
    )


KINDS = ("cpu_s", "wall_s")


def cold(tree: Path, name: str, scratch: Path) -> None:
    """Source facts against ``ast.parse`` of the same files."""
    for cores, bar in ((1, "CPU ≤ 1.15"), (2, "wall ≤ 0.75")):
        pairs = []
        for number in range(ROUNDS):
            cache = scratch / f"cold-{name}-{cores}-{number}"
            ours = run(OURS, tree, cores=cores, XDG_CACHE_HOME=str(cache))
            pairs.append((ours, run(PARSE, tree, cores=cores)))
        tell(f"source facts of {name}, cold, {cores} core(s) / ast.parse", pairs, bar)


def warm(tree: Path, package: str, scratch: Path) -> None:
    """Source facts and the import graph with a warm cache against grimp's."""
    environment = {"PYTHONPATH": str(tree)}
    ours_cache, grimp_cache = {"XDG_CACHE_HOME": str(scratch / "warm")}, scratch / "grimp"
    run(OURS + GRAPH, tree, **ours_cache)
    run(GRIMP, package, grimp_cache, **environment)
    pairs = [
        (run(OURS + GRAPH, tree, **ours_cache), run(GRIMP, package, grimp_cache, **environment)) for _ in range(ROUNDS)
    ]
    tell(f"import graph of {package}, warm / grimp, warm", pairs, "≤ 1.0")


def scan(scratch: Path) -> None:
    """``kit scan`` of an app of 700 files, from the shell."""
    app = app_of(scratch / "scanned", FILES, 1)
    costs = []
    for number in range(ROUNDS):
        code = "import sys\nfrom kit.cli.main import main\nsys.argv[1:] = ['scan', *sys.argv[1:]]\nmain()"
        costs.append(run(code, app, folder=scratch, XDG_CACHE_HOME=str(scratch / f"scan-{number}")))
    cpu, wall = (statistics.median(getattr(cost, kind) for cost in costs) for kind in KINDS)
    print(f"{f'kit scan of {FILES} files, cold':<58} CPU {cpu:.2f} s, wall {wall:.2f} s  (bar CPU ≤ 2.5 s)", flush=True)


def probe(scratch: Path) -> None:
    """The probe of 500 classes and 1,000 relationships beside what SQLAlchemy itself takes to import and to configure
    them, as a program of the target would, and as the probe does.
    """
    app = app_of(scratch / "probed", 1, CLASSES)
    known = "[" + ",".join(f'["app.models", "C{number}"]' for number in range(CLASSES)) + "]"
    for what, plain in (("importing them", IMPORT), ("and configuring", ALL), ("as it does", AS_THE_PROBE)):
        pairs = [(run(PROBE, HERE / "kit/probes", known, folder=app), run(plain, folder=app)) for _ in range(ROUNDS)]
        more = statistics.median(ours.cpu_s - other.cpu_s for ours, other in pairs)
        tell(f"probe of {CLASSES} classes / {what}: {more:+.2f} s", pairs, "+0.2 s CPU")


def app_of(root: Path, files: int, classes: int) -> Path:
    """An app of so many files with so many mapped classes each, two relationships a class, and a service a file."""
    package = root / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "db.py").write_text("from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n")
    for number in range(files):
        name = "models" if files == 1 else f"models{number}"
        text = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nfrom app.db import Base\n"
        for at in range(number * classes, (number + 1) * classes):
            other = (at + 1) % (files * classes)
            text += (
                f"class C{at}(Base):\n    __tablename__ = 'c{at}'\n    id = Column(Integer, primary_key=True)\n"
                f"    next_id = Column(ForeignKey('c{other}.id'))\n"
                f"    next = relationship('C{other}', back_populates='before', foreign_keys=next_id)\n"
                f"    before = relationship('C{at - 1 if at else files * classes - 1}', back_populates='next', "
                f"foreign_keys='C{at - 1 if at else files * classes - 1}.next_id')\n"
            )
        text += "".join(f"def service{at}(value):\n    return [value, {at}, 'text']\n" for at in range(30))
        (package / f"{name}.py").write_text(text)
    return root


def main() -> None:
    """Measure everything."""
    package = sys.argv[1] if len(sys.argv) > 1 else "pandas"
    with tempfile.TemporaryDirectory() as here:
        scratch = Path(here)
        tree = scratch / "tree"
        shutil.copytree(SITE / package, tree / package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        cold(tree, package, scratch)
        cold(SITE, "all packages", scratch)
        warm(tree, package, scratch)
        scan(scratch)
        probe(scratch)


if __name__ == "__main__":
    main()
