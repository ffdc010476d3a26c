"""Small apps are read in this process, and one interpreter is asked once: for tests of what is made of the source.

How an interpreter is asked, and how it reads source, has its own tests (``tests/target``, ``tests/inventory/source``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

import kit.inventory.source
import kit.target.interpreters
from kit.facts.target import Target
from kit.inventory.source.records import FileRecord
from kit.probes.source import main as probe
from kit.target.probe import Place, ProbeRun, run_script

_ANSWERS: dict[str, ProbeRun] = {}


def read_here(target: Target, sizes: Mapping[str, int], _timeout_s: float) -> tuple[dict[str, FileRecord], None]:
    """What the target's interpreter says of files, said by this one."""
    said = {path: probe.read(Path(target.root, path).read_bytes()) for path in sizes}
    return {path: msgspec.convert({**record, "path": path}, FileRecord) for path, record in said.items()}, None


def asked_once(place: Place, name: str, _request: Mapping[str, object], *, timeout_s: float) -> ProbeRun:
    """What an interpreter says of itself. What of it lies in the tree is not asked: here, nothing does."""
    if place.executable not in _ANSWERS:
        _ANSWERS[place.executable] = run_script(place, name, {"root": "/nowhere"}, timeout_s=timeout_s)
    return _ANSWERS[place.executable]


@pytest.fixture(autouse=True, scope="module")
def reading_here() -> Iterator[None]:
    """For the tests of a folder: import it into its conftest.py.

    Without ``__init__.py`` a folder is not a package for pytest: a fixture of that scope would last to the very end.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kit.inventory.source, "extract", read_here)
        patch.setattr(kit.target.interpreters, "run_script", asked_once)
        yield
