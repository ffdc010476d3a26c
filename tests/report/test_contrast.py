"""WCAG 2.2 AA: the style's colours have enough contrast on every ground that they stand on, in both themes."""

from __future__ import annotations

import re

import pytest

from kit.report.files import asset

TEXT_ON_PAGE = [
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "bad",
    "warn",
    "code-keyword",
    "code-string",
    "code-number",
    "code-name",
]
TINTED = [("bad", "bad-wash"), ("warn", "warn-wash"), ("good", "good-wash"), ("accent", "accent-wash")]
OUTCOMES = ["passed", "failed", "error", "timed_out", "crashed", "xpassed", "xfailed", "skipped", "not_run"]


def themes() -> dict[str, dict[str, str]]:
    """The colours of the light and of the dark theme."""
    blocks = re.findall(r":root \{(.*?)\}", asset("report.css"), re.DOTALL)
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, as WCAG defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_a_contrast_of_at_least_4_5(theme: str) -> None:
    colours = themes()[theme]
    pairs = [(name, ground) for name in TEXT_ON_PAGE for ground in ("paper", "wash")] + TINTED
    pairs += [(name, ground) for name in ("ink", "ink-3", "accent") for ground in ("accent-wash", "warn-wash")]
    poor = {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5}
    assert poor == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_and_controls_have_a_contrast_of_at_least_3(theme: str) -> None:
    colours = themes()[theme]
    names = [*OUTCOMES, "edge", "accent"]
    poor = {name: ratio for name in names if (ratio := contrast(colours[name], colours["paper"])) < 3}
    assert poor == {}


def test_the_dark_theme_changes_every_colour() -> None:
    light, dark = themes().values()
    assert [name for name in light if light[name] == dark[name]] == []
