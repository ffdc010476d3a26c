"""The colours of the page, for whatever else shows the same facts: they are read from its style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ROOT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})\s*;")


@dataclass(frozen=True)
class Palette:
    """Colours by their name in the style sheet (``"accent"``, ``"failed"``, …), in the light and in the dark."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


@cache
def palette() -> Palette:
    """The colours of the report: the first ``:root`` of its style sheet is the light one, the second the dark one."""
    text = files("kit.report").joinpath("assets", "report.css").read_text(encoding="utf-8")
    light, dark, *_ = (dict(_COLOUR.findall(block)) for block in _ROOT.findall(text))
    return Palette(light, dark)
