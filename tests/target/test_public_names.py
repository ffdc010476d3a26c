"""What the room offers is found where it says."""

from __future__ import annotations

from pathlib import Path

import pytest

import kit.inventory
import kit.target
from kit.facts.lazy import stub_origins


def test_every_name_of_the_targets_face_is_there_and_no_other() -> None:
    for name in stub_origins(Path(str(kit.target.__file__)).with_suffix(".pyi")):
        assert getattr(kit.target, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        kit.target.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_every_public_name_of_the_inventory_is_there_and_no_other() -> None:
    for name in kit.inventory.__all__:
        assert getattr(kit.inventory, name).__name__ == name
    assert sorted(kit.inventory.__all__) == sorted(kit.inventory._HOMES)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        kit.inventory.nothing  # type: ignore[attr-defined]  # noqa: B018
