"""Every command that kit prints about a case can be typed as it stands, in the folder where the case was begun."""

from __future__ import annotations

import html
import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

PROJECT = {
    "pytest.ini": "[pytest]\npythonpath = lib\n",
    "lib/shop/__init__.py": "import only_here\n\ndef price(amount):\n    return amount + None\n",
    "tests/test_shop.py": """
        import shop

        def test_price():
            assert shop.price(3) == 3

        def test_other_price():
            assert shop.price(4) == 4

        def test_nothing():
            pass
    """,
}


def an_interpreter(folder: Path) -> str:
    """An interpreter that alone has the module ``only_here``."""
    venv.create(folder)
    (folder / "modules").mkdir()
    (folder / "modules" / "only_here.py").write_text("")
    packages = sysconfig.get_path("purelib", vars={"base": str(folder)})
    (Path(packages) / "ours.pth").write_text(f"{folder / 'modules'}\n{sysconfig.get_path('purelib')}\n")
    return str(Path(sysconfig.get_path("scripts", vars={"base": str(folder)})) / Path(sys.executable).name)


def commands(text: str) -> Iterator[str]:
    """The commands about the project or the case in a text for a terminal, in Markdown, or in HTML."""
    if text.lstrip().startswith("<"):
        text = html.unescape(re.sub(r"</?(?:a|b|span)\b[^>]*>", "", text).replace("<", "\n<").replace(">", ">\n"))
    quoted = re.findall(r"`(kit [a-z][^`\n]*)`", text)
    for one in [*quoted, *re.findall(r"^(?:[^`\n]*[: ] ?)?(kit [a-z].*?)(?: +# .*)?$", text, re.MULTILINE)]:
        if "my project" in one or "my-project" in one or " c " in f"{one} ":
            yield one.strip()


def shown_in(notebook: Path) -> Iterator[str]:
    """The texts and the pages that the cells of a notebook show."""
    for cell in json.loads(notebook.read_text())["cells"]:
        for output in cell.get("outputs", ()):
            for form, lines in output.get("data", {"text/plain": output.get("text", "")}).items():
                if form in ("text/plain", "text/html", "text/markdown"):
                    yield "".join(lines)


def test_each_has_the_interpreter_the_import_roots_and_the_reports_folder_of_the_case(tmp_path: Path) -> None:
    write_project(tmp_path / "my project", PROJECT)
    python = an_interpreter(tmp_path / "environment")
    given = ("--python", python, "--app", "lib", "--reports-dir", "my reports", "--recheck-s", "0")
    done = run_kit("investigate", "my project", "--case", "c", *given, "--no-trials", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    folder = tmp_path / "my reports" / "c"
    explained = run_kit("explain", "test_price", "--case", "c", "--reports-dir", "my reports", cwd=tmp_path)
    ran = run_kit("run", "my project", *given, cwd=tmp_path)
    texts = [done.stderr, explained.stdout, ran.stderr]
    texts += [(folder / name).read_text() for name in ("incident.md", "incident.html")]
    texts += [text for one in (folder / "notebooks").glob("*.ipynb") for text in shown_in(one)]
    facts = json.loads((folder / "incident.json").read_text())
    steps = [shlex.join(one["next_command"]) for one in facts["causes"] if one["next_command"]]
    found = sorted({command for text in texts for command in commands(text)} | set(steps))

    assert {command.split()[1] for command in found} >= {"investigate", "run"}
    for command in found:
        again = subprocess.run(
            command.replace("kit investigate", "kit investigate --dry-run"),
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert again.returncode in (0, 1), (command, again.stderr)
        assert "only_here" not in again.stdout + again.stderr, command
        assert not list(tmp_path.glob("*-reports")), command
