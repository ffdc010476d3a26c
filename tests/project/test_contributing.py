"""What CONTRIBUTING.md tells a newcomer to do, done: its code in a copy of the project, its commands run there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(
    r"^\W*(?P<path>[\w./-]+\.\w+)(?:, below `(?P<anchor>.*?)`(?: in (?P<inside>\w+))?|, (?P<end>at the end))?\W*$"
)

#: the sections that are no recipe
_PROSE = ("Set up", "How a rank is chosen")


@dataclass(frozen=True)
class Recipe:
    """One section of the page: its blocks of code by language, in their order."""

    title: str
    blocks: tuple[tuple[str, str], ...]

    def follow(self, project: Path) -> None:
        """Do what the section says: write every file, run every command. Fails with what a command printed."""
        for language, code in self.blocks:
            if language == "sh":
                run_commands(code, project)
            else:
                write_block(code, project)


def _read_recipe(section: str) -> Recipe:
    blocks = tuple((found["language"], found["code"]) for found in _BLOCK.finditer(section))
    return Recipe(section.partition("\n")[0], blocks)


RECIPES = [_read_recipe(section) for section in PAGE.split("\n## ")[1:] if not section.startswith(_PROSE)]


def write_block(code: str, project: Path) -> None:
    """Write a block to the file that its first line names: as a new one, or below a line of an existing one."""
    first, _, body = code.partition("\n")
    where = _FILE.match(first)
    assert where, f"the first line names no file: {first}"
    file = project / where["path"]
    if where["end"]:
        file.write_text(file.read_text(encoding="utf-8") + body, encoding="utf-8")
        return
    if not where["anchor"]:
        assert not file.exists(), f"{where['path']} is there already: choose another example"
        file.write_text(body, encoding="utf-8")
        return
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.startswith(where["inside"] or ""))
    below = [at for at, line in enumerate(lines) if at >= start and line.strip() == where["anchor"]]
    assert below, f"{where['path']} has no line {where['anchor']}"
    assert len(below) == 1 or where["inside"], f"{where['path']} has several lines {where['anchor']}"
    lines.insert(below[0] + 1, body)
    file.write_text("".join(lines), encoding="utf-8")


def run_commands(code: str, project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    for line in code.splitlines():
        # the copy has the environment of these tests, which make would set up again
        command = line.replace("make ", "make -o .venv/.ready ", 1) if line.startswith("make ") else line
        run = subprocess.run(
            command, shell=True, cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, f"{line}\n{run.stdout}{run.stderr}"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the environment of these tests; the recipes follow each other in it."""
    copy = tmp_path_factory.mktemp("contributing") / "kit-project"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, os.fsdecode(listed.stdout).split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    if (ROOT / ".mypy_cache").is_dir():  # saves most of the time of a type check
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    return copy


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_works_as_it_is_written(recipe: Recipe, project: Path) -> None:
    assert {"sh"} < {language for language, _ in recipe.blocks}

    recipe.follow(project)


def test_what_the_recipes_add_works_together_and_passes_the_checks(project: Path) -> None:
    """The last step of the page's set-up: the checks of the whole project."""
    found = [_FILE.match(code.partition("\n")[0]) for one in RECIPES for name, code in one.blocks if name == "python"]
    files = sorted({str(where["path"]) for where in found if where})
    run_commands(f".venv/bin/ruff check {' '.join(files)}\n.venv/bin/ruff format --check {' '.join(files)}", project)
    run_commands(f".venv/bin/mypy --cache-dir .mypy_cache {' '.join(one for one in files if 'kit/' in one)}", project)


def test_a_recipe_that_is_out_of_date_fails(tmp_path: Path) -> None:
    (tmp_path / "kinds.py").write_text('X = [\n    "a",\n]\n')

    with pytest.raises(AssertionError, match="has no line"):
        write_block('# kinds.py, below `"b",`\n    "c",\n', tmp_path)
    with pytest.raises(AssertionError, match="there already"):
        write_block("# kinds.py\n", tmp_path)
    with pytest.raises(AssertionError, match="no such thing"):
        run_commands("echo no such thing && false\n", tmp_path)
    write_block('# kinds.py, below `"a",`\n    "b",\n', tmp_path)
    assert (tmp_path / "kinds.py").read_text() == 'X = [\n    "a",\n    "b",\n]\n'
