"""The reproductions of the table's entries, and how they are run in an environment with pinned releases."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("reproductions")


@dataclass(frozen=True)
class Reproduction:
    """Code that breaks (``broken``), and the same with the fix (``healthy``), as test modules.

    ``pins`` are what else has to be installed, by side (``good_pins``, ``bad_pins`` where they differ). ``ini`` and
    ``healthy_ini`` are settings of pytest. ``alone``: it stops the whole suite, so no other may stand beside it.
    """

    id: str
    library: str
    broken: str
    healthy: str
    options: dict[str, Any]

    @property
    def ini(self) -> str:
        return str(self.options.get("ini", ""))

    @property
    def healthy_ini(self) -> str:
        return str(self.options.get("healthy_ini", self.ini))

    def pins(self, *, healthy: bool, side: str) -> tuple[str, ...]:
        """What has to be installed beside the library."""
        pins = list(self.options.get("with", []))
        if healthy:
            pins = list(self.options.get("healthy_with", pins))
            pins = [pin for pin in pins if pin.partition("==")[0] not in self.options.get("healthy_without", [])]
        return (*pins, *self.options.get(f"{side}_with", []))


@cache
def reproductions() -> dict[str, Reproduction]:
    """All of them by the id of their entry."""
    found: dict[str, Reproduction] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for identity, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            broken, healthy = table.pop("broken").lstrip("\n"), table.pop("healthy").lstrip("\n")
            found[identity] = Reproduction(identity, path.stem, broken, healthy, table)
    return found


class Environments:
    """Virtual environments with pinned releases, made with uv below ``folder`` and kept there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._uv = os.environ.get("UV") or shutil.which("uv") or "uv"

    def python(self, name: str, *pins: str, date: str = "") -> str:
        """The interpreter of the environment ``name`` with these releases and pytest; what else they need is as new as
        ``date``, or as new as can be. Raises CalledProcessError where they cannot be installed together.
        """
        folder = self._folder / name
        python = folder / "bin" / "python"
        if not python.exists():
            self._run("venv", "-q", "--python", "3.11", str(folder))
        note = folder / "installed.txt"
        wanted = "\n".join([*pins, date])
        if not note.exists() or note.read_text() != wanted:
            has_pytest = any(pin.startswith("pytest=") for pin in pins)
            limit = ["--exclude-newer", date] if date else []
            self._run("pip", "install", "-q", "-p", str(python), *limit, *pins, *([] if has_pytest else ["pytest"]))
            note.write_text(wanted)
        return str(python)

    def _run(self, *arguments: str) -> None:
        subprocess.run([self._uv, *arguments], check=True, capture_output=True, text=True, timeout=600)


def write_tree(root: Path, files: dict[str, str], ini: str) -> Path:
    """A project of these test modules; ``ini`` are settings of pytest."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "tests").mkdir(parents=True)
    (root / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
    for name, text in files.items():
        (root / "tests" / f"test_{name.replace('-', '_')}.py").write_text(text)
    return root


def outcomes(python: str, root: Path) -> dict[str, str]:
    """By test module (``test_x``), as plain pytest sees it: ``passed``, or what went wrong."""
    report = root / "report.xml"
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "tests"]
    command.append("--continue-on-collection-errors")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False, env=env)
    found: dict[str, str] = {}
    if not report.exists():
        output = (done.stdout + done.stderr).strip().splitlines()
        return {
            path.stem: f"did not start: {output[-1] if output else done.returncode}" for path in root.glob("tests/*")
        }
    for case in ET.parse(report).getroot().iter("testcase"):
        name = (case.get("classname") or case.get("name") or "").removeprefix("tests.").partition(".")[0]
        bad = next((one for one in case if one.tag in ("failure", "error")), None)
        skipped = any(one.tag == "skipped" for one in case)
        text = "passed" if bad is None else f"failed: {(bad.get('message') or '').strip()[:200]}"
        if found.get(name, "passed") == "passed":
            found[name] = "skipped" if skipped else text
    return found
