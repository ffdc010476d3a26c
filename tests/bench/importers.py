"""Importers of names, and edges of the import graph, beside others that work them out in another way.

    python tests/bench/importers.py ROOT PACKAGE [--src FOLDER] [--names N] [--seed N]

ROOT is the unpacked source of a package, PACKAGE its import name, FOLDER (relative to ROOT) where it lies. Importers
are held to the forward reference in ``reference.py``, edges to ``grimp`` and ``ruff analyze graph``. Each difference is
printed with what explains it; exits with 1 if one has no explanation.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.target import Interpreter, Target
from kit.inventory.imports.importers import Importers
from kit.inventory.imports.loading import ANY_TIME, LoadGraph
from kit.inventory.names.modules import Modules
from kit.inventory.names.names import Names, Origin
from kit.inventory.source.reading import read_source
from kit.inventory.source.uses import FileUses
from tests.bench.reference import Reference

Edge = tuple[str, str]
GRIMP = """
import grimp, json, sys
graph = grimp.build_graph(sys.argv[1], cache_dir=None)
print(json.dumps([[a, b] for a in graph.modules for b in graph.find_modules_directly_imported_by(a)]))
"""


def main() -> int:
    """Compare importers, then edges."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("package")
    parser.add_argument("--src", default=".")
    parser.add_argument("--names", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    source = (asked.root / asked.src).resolve()
    interpreter = Interpreter(sys.executable, ".".join(map(str, sys.version_info[:3])))
    files = read_source(Target(str(source), asked.package, interpreter, (".",), ())).files
    names = Names(files, Modules.of(files, ["."]))
    print(f"{asked.package}: {len(files)} files")
    wrong = importers(names, source, asked.names, asked.seed)
    edges = {
        (module, other)
        for module in names.files
        if module.split(".")[0] == asked.package
        for other in LoadGraph(names)._named(module, ANY_TIME | {"type_checking"})
        if other.split(".")[0] == asked.package
    }
    wrong += compare("grimp", edges, grimp_edges(source, asked.package), names)
    wrong += compare("ruff", edges, ruff_edges(source, asked.package, names), names)
    return 1 if wrong else 0


def importers(names: Names, source: Path, number: int, seed: int) -> int:
    """Importers of names that are drawn among those which are imported at all."""
    kits = Importers(names, names.files.values(), FileUses(source))
    reference = Reference(source)
    drawn = random.Random(seed).sample(sorted(reference.imported_names()), number)
    both = only_kit = only_reference = 0
    for module, name in drawn:
        ours = {(one.path, one.line) for one in kits.of_name(module, name)}
        theirs = reference.importers(module, name)
        both, only_kit, only_reference = (
            both + len(ours & theirs),
            only_kit + len(ours - theirs),
            only_reference + len(theirs - ours),
        )
        for side, places in (("kit", ours - theirs), ("reference", theirs - ours)):
            for path, line in sorted(places):
                print(f"  {module}:{name} only {side}: {path}:{line}")
    print(
        f"importers of {number} names: {both} places in both, {only_kit} only kit's, {only_reference} only the "
        f"reference's; precision {both / (both + only_kit):.4f}, recall {both / (both + only_reference):.4f}"
    )
    return only_kit + only_reference


def grimp_edges(source: Path, package: str) -> set[Edge]:
    """What grimp says, as modules."""
    run = subprocess.run(
        [sys.executable, "-c", GRIMP, package],
        cwd=source,
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        print(f"grimp: {run.stderr.strip().splitlines()[-1]}")
        return set()
    return {(one, other) for one, other in json.loads(run.stdout)}


def ruff_edges(source: Path, package: str, names: Names) -> set[Edge]:
    """What ruff says, its files as modules."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "analyze", "graph", "--isolated", "--target-version", "py311", package]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True, check=True)
    of = names.modules.names
    return {
        (of[one], of[other])
        for one, others in json.loads(run.stdout).items()
        for other in others
        if one in of and other in of and one != other and other.startswith(f"{package}/")
    }


def compare(rival: str, ours: set[Edge], theirs: set[Edge], names: Names) -> int:
    """Print what only one side has by explanation, and return how much of it has none."""
    if not theirs:
        return 0
    print(f"edges: kit {len(ours)}, {rival} {len(theirs)}, both {len(ours & theirs)}")
    left = 0
    for side, only in (("kit", ours - theirs), (rival, theirs - ours)):
        reasons = {edge: explain(edge, side, names) for edge in sorted(only)}
        for reason, count in Counter(reasons.values()).most_common():
            print(f"  only {side}: {count}: {reason or 'NOT EXPLAINED'}")
        unexplained = [edge for edge, reason in reasons.items() if reason is None]
        left += len(unexplained)
        for one, other in unexplained[:20] or sorted(only)[:2]:
            print(f"    {one} -> {other} ({names.files[one].path if one in names.files else 'unknown to kit'})")
    return left


def explain(edge: Edge, side: str, names: Names) -> str | None:
    """Why only one side has an edge, as far as that can be told by looking."""
    one, other = edge
    if side != "kit":
        return next(_why_not_kit(one, other, names), None)
    return next(_why_kit(edge, names), None)


def _why_kit(edge: Edge, names: Names) -> Iterator[str]:
    one, other = edge
    statements = names.files[one].imports
    named = {names.modules.source_of(names.files[one].path, item) for item in statements}
    if not all(_is_regular(module, names) for module in edge):
        yield "a folder without __init__.py, which the rival leaves out"
    if names.files[one].error:
        yield "a file that cannot be parsed, read by line"
    if any(item.kind in ("import_module", "__import__") for item in statements):
        yield "a literal import_module()"
    if any(item and item.startswith(f"{other}.") and not names.modules.is_own(item) for item in named):
        yield "a module that does not exist: looking for it loads the package above it"


def _why_not_kit(one: str, other: str, names: Names) -> Iterator[str]:
    if one.startswith(f"{other}."):
        yield "the package above the module, which is loaded before it anyway"
    if one == other:
        yield "a module that imports itself"
    package, _, name = other.rpartition(".")
    if package in names.files and names.find(package, name) != Origin(other):
        yield "a name that the package binds itself, of a submodule's name"
    if one in names.files and other in names.modules.packages:
        yield "a folder without __init__.py, of which nothing is loaded"


def _is_regular(module: str, names: Names) -> bool:
    """Whether every package above the module has an ``__init__.py``, and a name that can be imported."""
    parts = module.split(".")
    above = [".".join(parts[:length]) for length in range(1, len(parts))]
    return all(part.isidentifier() for part in parts) and all(one in names.files for one in above)


if __name__ == "__main__":
    sys.exit(main())
