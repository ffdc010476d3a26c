"""The files that say what kit needs say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

#: what ``sqlalchemy[asyncio]`` adds; conda knows no extras
OF_EXTRAS = {"greenlet"}

#: what conda-forge has for Windows alone; there pip brings it, which installs kit itself
OF_WINDOWS = {"pywin32"}


def requirements(lines: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in lines]
    return {requirement.name.lower(): str(requirement.specifier) for requirement in parsed}


def conda_lines() -> list[str]:
    entries = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    return [entry for entry in entries if isinstance(entry, str) and entry != "pip"]


def test_environment_yml_asks_for_what_pyproject_asks_for() -> None:
    conda = requirements(conda_lines())

    assert conda.pop("python") == PROJECT["requires-python"]
    wanted = requirements([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["jupyter"]])
    everywhere = {name: spec for name, spec in wanted.items() if name not in OF_WINDOWS}
    assert {name: spec for name, spec in conda.items() if name not in OF_EXTRAS} == everywhere


def test_the_lock_pins_every_requirement_within_its_bounds() -> None:
    lines = [line.partition(";")[0].strip() for line in (ROOT / "requirements.lock").read_text().splitlines()]
    pins = dict(line.lower().split("==") for line in lines if "==" in line)
    asked = [
        Requirement(line)
        for group in (PROJECT["dependencies"], *(PROJECT["optional-dependencies"][one] for one in ("jupyter", "dev")))
        for line in group
        if not line.startswith("incident-kit")
    ]

    for requirement in asked:
        name = requirement.name.lower()
        assert name in pins, f"{name} is not locked: run make lock"
        assert requirement.specifier.contains(pins[name], prereleases=True), f"{name} {pins[name]} is too old"


def test_the_lock_names_no_place_to_download_from() -> None:
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", (ROOT / "requirements.lock").read_text())
