"""The pages for those who carry on name files, attributes and words that there are."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from kit.causes.scene import scene
from kit.facts.failures import Group, Signature
from kit.failures.root import Root

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_PROSE = re.sub(r"^```.*?^```$", "", PAGE, flags=re.MULTILINE | re.DOTALL)
_WORDS = re.findall(r"`([^`\n]+)`", _PROSE)


@pytest.mark.parametrize("name", [word for word in _WORDS if re.match(r"(?:kit|tests|findings)/[\w./-]+$", word)])
def test_a_file_of_the_page_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_what_a_detector_can_look_at_is_named_as_it_is_called() -> None:
    named = {tuple(word.partition("(")[0].split(".")) for word in _WORDS if re.match(r"(?:scene|group)\.", word)}
    fields = {one.name for one in dataclasses.fields(Group)} | {one.name for one in dataclasses.fields(Signature)}

    assert {path[-1] for path in named if path[0] == "group"} <= fields
    assert [path for path in named if path[0] == "scene" and not _is_of_scene(path[1])] == []
    assert {"example", "roots", "findings"} <= {path[-1] for path in named}
    assert {"type", "message", "own", "test"} <= {one.name for one in dataclasses.fields(Root)}
    assert "saying(groups, pattern)" in _WORDS
    assert callable(scene.saying)


def _is_of_scene(name: str) -> bool:
    return hasattr(scene.Scene, name) or name in {one.name for one in dataclasses.fields(scene.Scene)}
