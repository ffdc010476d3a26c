"""Test files of one name in folders that are not packages: pytest imports both under that name, and refuses the second.

https://docs.pytest.org/en/stable/explanation/pythonpath.html#import-modes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import RUN, cause_of, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.wording import counted

KIND: Final = "same-basename"
_MISMATCH = re.compile(
    r"^import file mismatch:\s*imported module '(?P<module>[\w.]+)' has this __file__ attribute:\s*(?P<first>\S.*?)\s*"
    r"which is not the same as the test file we want to collect:\s*(?P<second>\S.*?)\s*(?:HINT|$)",
    re.DOTALL,
)
_STALE = "Remove the __pycache__ folders and *.pyc files, which still name a file that is not there"
_SHOWN = 3


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    groups = [group for group, _ in saying(unexplained, re.compile("^import file mismatch:"))]
    pairs = {found for group in groups for found in _pairs(scene, group)}
    if groups and pairs:
        yield _cause(scene, groups, sorted(pairs))


def _pairs(scene: Scene, group: Group) -> Iterator[tuple[str, str, str]]:
    """The module, the file that was imported under its name, and the file that was to be."""
    for info in scene.chains(group):
        if found := _MISMATCH.search(info.message):
            yield found["module"], found["first"], found["second"]


def _cause(scene: Scene, groups: list[Group], pairs: Sequence[tuple[str, str, str]]) -> Cause:
    """One cause for all: one folder layout is behind them, and one change fixes it."""
    modules = list(dict.fromkeys(module for module, _, _ in pairs))
    files = dict.fromkeys(path for _, first, second in pairs for path in (first, second))
    known = {*scene.tests_by_path, *(error.path for error in scene.suite.collection_errors)}
    stale = [first for _, first, _ in pairs if first.startswith("/") or (known and first not in known)]
    named = enumerated([f'"{module}"' for module in modules[:_SHOWN]])
    more = f" and {counted(len(modules) - _SHOWN, 'more name')}" if len(modules) > _SHOWN else ""
    advice = (
        "Give the files names of their own, or put an __init__.py into their folders and those above up to the tests, "
        "or set --import-mode=importlib"
    )
    return cause_of(
        groups,
        id=f"{KIND}:{modules[0]}" if len(modules) == 1 else KIND,
        kind=KIND,
        title=f"{counted(len(files), 'test file')} share the module {'name' if len(modules) == 1 else 'names'} "
        f"{named}{more}",
        state="consistent",
        locations=[Location(path, 1, "file") for path in files],
        evidence=[
            *(
                Evidence(f'{first} was imported as "{module}" before', Location(second, 1))
                for module, first, second in pairs
            ),
            *(
                Evidence(f"{path} has no test of this run: it may be stale bytecode of a file that is gone")
                for path in stale
            ),
        ],
        next_step=then_check(f"{advice}{'. ' + _STALE if stale else ''}", RUN),
    )


DETECTOR = Detector(rank=36, kind=KIND, find=_find)
