"""Whatever a source file holds, the inventory comes to an end, and has a record of it.

``tests/bench/mutations.py`` does the same with as many files as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import kit
from kit.inventory import Inventory
from kit.inventory.source.reading import read_source
from tests.inventory.mutated import mutated
from tests.inventory.projects import target_at

CORPUS = sorted((Path(str(kit.__file__)).parent / "demo").rglob("*.py"))


def write_package(folder: Path, number: int, seed: int) -> None:
    """A package of mutated modules, every tenth of them a test module."""
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text("from .m0 import *")
    for at, data in enumerate(mutated(CORPUS, number, seed)):
        (folder / (f"test_m{at}.py" if at % 10 == 0 else f"m{at}.py")).write_bytes(data)


@pytest.mark.slow
def test_no_file_is_lost_and_nothing_is_raised(tmp_path: Path) -> None:
    write_package(tmp_path / "app", 150, seed=1)
    target = target_at(tmp_path)
    facts = read_source(target)
    assert (len(facts.files), facts.problems) == (151, ())
    inventory = Inventory.of(target, runtime=False)
    assert (inventory.facts.files, inventory.facts.problems) == (151, ())
    inventory.prediction()
    inventory.cycles()
    inventory.importers("app")
