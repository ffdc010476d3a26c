"""Record what the last good releases warn of: ``python -m tests.causes.upgrades.forewarned [ID or LIBRARY ...]``.

A reproduction that passes with the last good release may be warned there of what the first bad one does. Both twins run
with every warning shown. It needs the network and uv, as ``record`` does; the tests read what it wrote.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from kit.causes import breakages
from kit.facts.upgrades import Breakage
from tests.causes.upgrades.reproductions import Environments, Reproduction, reproductions, write_tree

FILE = Path(__file__).with_name("forewarned.json")
_CONFTEST = """
import json, pathlib

def pytest_warning_recorded(warning_message):
    with pathlib.Path(__file__).with_name("warned.jsonl").open("a") as file:
        file.write(json.dumps(f"{warning_message.category.__name__}: {warning_message.message}") + "\\n")
"""


@cache
def forewarned() -> dict[str, dict[str, list[str]]]:
    """By id of an entry and twin (``broken``, ``healthy``): the warnings with the last good release."""
    found: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def _warned(entry: Breakage, one: Reproduction, folder: Path, *, healthy: bool) -> list[str]:
    pins = (f"{entry.library}=={entry.last_good}", *one.pins(healthy=healthy, side="good"))
    name = "good-" + "-".join(pins).replace("/", "_").replace(">", "_").replace("<", "_")
    python = Environments(folder).python(name, *pins, date=str(one.options.get("date", "")))
    text, ini = (one.healthy, one.healthy_ini) if healthy else (one.broken, one.ini)
    root = write_tree(folder / "tree", {one.id: text}, ini)
    (root / "conftest.py").write_text(_CONFTEST)
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "always", "tests"]
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    subprocess.run(command, cwd=root, capture_output=True, timeout=300, check=False, env=env)
    lines = root / "warned.jsonl"
    return sorted({json.loads(line) for line in lines.read_text().splitlines()}) if lines.exists() else []


def main() -> None:
    """Record the entries that are named, or all that are not recorded yet."""
    folder = Path(os.environ.get("KIT_UPGRADES") or tempfile.mkdtemp())
    found = dict(forewarned())
    for entry in breakages():
        if {entry.id, entry.library} & {*sys.argv[1:]} or (not sys.argv[1:] and entry.id not in found):
            one = reproductions()[entry.id]
            try:
                twins = {name: _warned(entry, one, folder, healthy=name == "healthy") for name in ("broken", "healthy")}
            except subprocess.CalledProcessError as error:
                sys.stdout.write(f"{entry.id}: {error.stderr}\n")
                continue
            found[entry.id] = twins
            FILE.write_text(
                json.dumps(dict(sorted(found.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            sys.stdout.write(f"{entry.id}: {twins}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
