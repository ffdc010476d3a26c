"""A class name stands for one thing: no two modules give it to different things.

Two kinds of classes share a name because they are the same thing: a message as either side of a pipe has it, and what a
notebook asks about (``kit.session``, ``kit.exploring``) beside the fact that it wraps.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

KIT = Path(__file__).parents[2] / "kit"

_MESSAGES = ("wire/", "suite/process/messages.py", "suite/process/execution_messages.py")
_NOTEBOOKS = ("session/", "exploring.py")


def homonyms(defined: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """By class name: the modules that define it, where these are different things. Takes names with their modules."""
    found = defaultdict(list)
    for name, path in defined:
        found[name].append(path)
    return {name: paths for name, paths in found.items() if _things(paths) > 1}


def _things(paths: list[str]) -> int:
    """How many things the classes of one name are."""
    inside = [path for path in paths if not path.startswith(_NOTEBOOKS)]
    messages = [path for path in inside if path.startswith(_MESSAGES)]
    wraps_one = len(paths) - len(inside) == 1 and len(inside) == 1
    return len(inside) - max(0, len(messages) - 1) + (0 if wraps_one else len(paths) - len(inside))


def classes() -> Iterable[tuple[str, str]]:
    """The public classes at the top of the modules of kit, with their modules."""
    for path in sorted(KIT.rglob("*.py")):
        if "trading" not in path.parts:
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield node.name, path.relative_to(KIT).as_posix()


@pytest.mark.slow
def test_no_class_name_stands_for_two_things() -> None:
    assert homonyms(classes()) == {}


@pytest.mark.parametrize(
    ("defined", "are_different"),
    [
        ({"a.py": "Step", "b.py": "Step"}, True),
        ({"a.py": "Step", "b.py": "Pace"}, False),
        ({"wire/messages.py": "Hello", "suite/process/messages.py": "Hello"}, False),
        ({"wire/messages.py": "Hello", "suite/process/messages.py": "Hello", "a.py": "Hello"}, True),
        ({"session/causes.py": "Cause", "facts/causes.py": "Cause"}, False),
        ({"session/causes.py": "Cause", "session/tests.py": "Cause"}, True),
        ({"session/causes.py": "Cause", "facts/causes.py": "Cause", "a.py": "Cause"}, True),
    ],
)
def test_two_things_of_one_name_are_found(defined: Mapping[str, str], are_different: bool) -> None:
    assert bool(homonyms((name, path) for path, name in defined.items())) == are_different
