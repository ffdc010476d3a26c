"""Reads files that nobody would write, as many as one likes: nothing may raise, hang or get lost.

    python tests/bench/mutations.py [NUMBER] [--seed N] [--together N]

They are made of kit's own demo and of the packages of this environment, and read in packages of so many together, the
whole inventory of each. Prints the slowest and what went wrong; exits with 1 if anything did.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import fastapi
import sqlalchemy

import kit.demo
from kit.inventory import Inventory
from kit.inventory.source.reading import read_source
from tests.inventory.mutated import mutated
from tests.inventory.projects import target_at

LARGEST = 30_000
PATIENCE_S = 120.0


def main() -> int:
    """Make, read, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", type=int, default=200)
    asked = parser.parse_args()
    folders = [Path(str(package.__path__[0])) for package in (kit.demo, sqlalchemy, fastapi)]
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    corpus = [file for file in files if file.stat().st_size < LARGEST]
    wrong, slowest, began = 0, 0.0, time.monotonic()
    for at in range(0, asked.number, asked.together):
        seed = asked.seed * 1_000_000 + at
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
            before = time.monotonic()
            said = read_package(Path(folder) / "root", corpus, min(asked.together, asked.number - at), seed)
            spent = time.monotonic() - before
        slowest = max(slowest, spent)
        if said or spent > PATIENCE_S:
            wrong += 1
            print(f"seed {seed}: {spent:.1f} s {said}", flush=True)
    print(
        f"{asked.number} files of {len(corpus)} in {time.monotonic() - began:.0f} s, the slowest {asked.together} in "
        f"{slowest:.1f} s: {wrong} packages with something wrong"
    )
    return 1 if wrong else 0


def read_package(root: Path, corpus: list[Path], number: int, seed: int) -> str:
    """What is wrong with the inventory of a package of mutated files; empty for nothing."""
    package = root / "app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .m1 import *")
    for at, data in enumerate(mutated(corpus, number, seed)):
        (package / (f"test_m{at}.py" if at % 10 == 0 else f"m{at}.py")).write_bytes(data)
    target = target_at(root)
    try:
        source = read_source(target, timeout_s=PATIENCE_S)
        inventory = Inventory.of(target, runtime=False)
        inventory.prediction(), inventory.cycles(), inventory.importers("app")
    except Exception:  # noqa: BLE001 (whatever it is, is the answer)
        return traceback.format_exc()
    lost = number + 1 - len(source.files)
    return " ".join([*([f"{lost} files lost"] if lost else []), *source.problems])


if __name__ == "__main__":
    sys.exit(main())
