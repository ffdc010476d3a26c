"""Questions about the source have the same answer when an index answers them as when every file is read."""

from __future__ import annotations

from pathlib import Path

from kit.inventory import Declarations
from kit.target import find_target
from tests.helpers import write_project
from tests.reading_here import reading_here as reading_here

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
    "shop/__init__.py": "",
    "shop/settings.py": "class Settings:\n    enable_export: bool = False\n    signal_blending = True\n",
    "shop/flags.py": 'FLAGS = {"signal-blending": False}\nIX = "ix_orders"\n',
    "shop/orders.py": 'class Order:\n    total = "ix_orders"\n\n    def load(self): ...\n\n\ndef load(): ...\n',
}


def _answers(declared: Declarations) -> list[object]:
    return [
        declared.function("load"),
        declared.function("Order.load"),
        declared.classes("Order"),
        declared.in_class("Order", "total"),
        declared.string("ix_orders"),
        declared.defaults_of("export"),
        declared.defaults_of("signal_blending"),
    ]


def test_many_questions_are_answered_as_the_first_ones_are(tmp_path: Path) -> None:
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", FILES)))
    first = _answers(declared)
    for number in range(40):
        declared.function(f"nothing_{number}")
    assert _answers(declared) == first
    assert all(first)


def test_a_setting_is_found_under_a_name_in_several_words(tmp_path: Path) -> None:
    declared = Declarations.of(find_target(write_project(tmp_path / "shop", FILES)))
    places = {str(one.location) for one in declared.defaults_of("signal-blending")}
    assert places == {"shop/flags.py:1"}  # it has the very name
