"""What the room offers is found where it says."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

import kit.inventory
import kit.target
from kit.facts.lazy import stub_origins


@pytest.mark.parametrize("room", [kit.target, kit.inventory])
def test_every_name_of_a_face_is_there_and_no_other(room: ModuleType) -> None:
    for name in stub_origins(Path(str(room.__file__)).with_suffix(".pyi")):
        assert getattr(getattr(room, name), "__name__", name) == name  # a constant has none
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        room.nothing  # noqa: B018
