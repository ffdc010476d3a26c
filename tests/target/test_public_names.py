"""What the room offers is found where it says."""

from __future__ import annotations

import pytest

import kit.inventory
import kit.target


@pytest.mark.parametrize("room", [kit.target, kit.inventory])
def test_every_public_name_is_there_and_no_other(room: object) -> None:
    for name in room.__all__:  # type: ignore[attr-defined]
        assert getattr(room, name).__name__ == name
    assert sorted(room.__all__) == sorted(room._HOMES)  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        room.nothing  # type: ignore[attr-defined]  # noqa: B018
