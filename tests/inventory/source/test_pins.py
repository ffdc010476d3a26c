"""The versions that lock files and pinned requirements name."""

from pathlib import Path

from kit.inventory.source.pins import read_pins
from tests.helpers import write_project

TABLES = """
version = 1

[[package]]
name = "Marshmallow"
version = "3.21.0"

[[package]]
name = "click"
version = "8.1.7"
"""


def _read(folder: Path, files: dict[str, str]) -> list[str]:
    return [f"{pin.name} {pin.version} {pin.path}:{pin.line}" for pin in read_pins(write_project(folder, files))]


def test_each_kind_of_lock_file_is_read(tmp_path: Path) -> None:
    pipfile = '{"default": {\n"attrs": {"version": "==23.2.0"},\n"own": {"path": "."}}}\n'
    assert _read(tmp_path, {"uv.lock": TABLES, "Pipfile.lock": pipfile}) == [
        "marshmallow 3.21.0 uv.lock:4",
        "click 8.1.7 uv.lock:8",
        "attrs 23.2.0 Pipfile.lock:2",
    ]


def test_a_lock_file_comes_before_requirements_and_ranges_pin_nothing(tmp_path: Path) -> None:
    requirements = 'flask>=2\nwerkzeug[watchdog]==3.0.1 ; python_version > "3.8"  # held\nclick==8.0\n'
    assert _read(tmp_path, {"poetry.lock": TABLES, "requirements.txt": requirements})[2:] == [
        "werkzeug 3.0.1 requirements.txt:2"
    ]


def test_a_lock_file_that_cannot_be_parsed_is_left_out(tmp_path: Path) -> None:
    assert _read(tmp_path, {"uv.lock": "[[package", "requirements-dev.txt": "six==1.16.0\n"}) == [
        "six 1.16.0 requirements-dev.txt:1"
    ]
