"""Both sides of the wire list the same kinds of messages, with the same fields of the same types."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from msgspec import inspect

import kit.wire
from kit.suite.process import messages as ours
from kit.wire import messages as table
from tests.target.making import python_of

KINDS = {get_args(get_type_hints(kind)["kind"])[0]: kind for kind in get_args(table.FromProbe)}
STRUCTS = {kind.__struct_config__.tag: kind for kind in get_args(ours.FromProbe)}


def fields_of(kind: type) -> dict[str, Any]:
    """The fields and their types; required, and the tag aside."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType | inspect.TypedDictType)
    assert all(field.required for field in info.fields)
    return {field.name: field.type for field in info.fields if field.name != "kind"}


def test_both_sides_know_the_same_kinds() -> None:
    assert set(KINDS) == set(STRUCTS)
    assert len(KINDS) == len(get_args(table.FromProbe))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_both_sides_give_a_kind_the_same_fields(kind: str) -> None:
    assert fields_of(KINDS[kind]) == fields_of(STRUCTS[kind])


def test_what_fits_no_kind_is_refused() -> None:
    for line in (b'{"kind":"pul"}', b'{"kind":"hello","pid":"1","pytest":"8"}', b'{"kind":"hello","pid":1}', b"[]"):
        with pytest.raises(msgspec.ValidationError):
            ours.DECODER.decode(line)


@pytest.mark.parametrize("version", ["3.8", "3.13"])
def test_the_oldest_and_a_new_python_can_import_the_wire(version: str) -> None:
    folder = Path(kit.wire.__file__).parents[1]
    code = "import sys; sys.path.insert(0, sys.argv[1]); from wire import commands, layout, messages; "
    code += "print(layout.SLOT.size)"
    command = [str(python_of(version)), "-S", "-B", "-c", code, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "41\n"
