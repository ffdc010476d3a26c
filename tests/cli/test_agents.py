"""Each command of ``kit agents`` works as it stands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from kit.cli.agents import TEXT
from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

NODEID = "tests/test_prices.py::test_bread"
PATCH = """--- a/shop.py
+++ b/shop.py
@@ -1 +1 @@
-PRICES = {"apple": 1}
+PRICES = {"apple": 1, "bread": 2}
"""
APP = {
    "shop.py": 'PRICES = {"apple": 1}\n',
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "tests/test_prices.py": "from shop import PRICES\n\n\ndef test_bread():\n    assert PRICES['bread'] == 2\n",
}


def commands() -> list[str]:
    """The commands of the numbered lines, in their order."""
    lines = [line for line in TEXT.splitlines() if re.match(r"\d\. ", line)]
    return [command for line in lines for command in re.findall(r"`(kit [^`]+)`", line)]


def test_the_text_has_a_command_in_each_line_and_its_commands_run(tmp_path: Path) -> None:
    app = write_project(tmp_path / "app", APP)
    (tmp_path / "change.patch").write_text(PATCH)
    words = {"NODEID": NODEID, "FILE": str(tmp_path / "change.patch"), "MODULE:NAME": "shop:PRICES"}
    printed = {}
    for command in commands():
        _, *arguments = shlex.split(command)
        done = run_kit(*(words.get(word, word) for word in arguments), cwd=app, timeout_s=600)
        assert done.returncode in (0, 1), (command, done.stderr)
        printed[arguments[0]] = done.stdout
        if "json" in arguments:
            json.loads(done.stdout)
        if arguments[0] == "cases":
            words["CASE"] = json.loads(done.stdout)["cases"][0]["id"]

    assert list(printed) == ["scan", "run", "cases", "show", "explain", "importers", "trial", "verify"]
    assert "NOT RESOLVED" in printed["verify"]


def test_the_command_prints_the_text() -> None:
    assert run_kit("agents", cwd=Path.cwd()).stdout == TEXT
