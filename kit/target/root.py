"""Which folder is the root of the target."""

from __future__ import annotations

from pathlib import Path

from kit.demo import DEMO_ROOT
from kit.facts.errors import UsageError
from kit.facts.target import DEMO
from kit.target.folders import entries_of, is_looked_into
from kit.target.notes import Notes

#: files that only the root of a project has
_MARKS = (
    "pyproject.toml", "setup.py", "setup.cfg", "pytest.toml", "pytest.ini", "tox.ini", "manage.py", "Pipfile",
    "requirements.txt", ".git", ".hg",
)  # fmt: skip


def find_root(path: str | Path, notes: Notes) -> Path:
    """The root for what the user named: absolute, links resolved.

    Raises :class:`UsageError` for a path that does not exist, and for a file outside of any Python project.
    """
    if str(path) == DEMO:
        notes.because("root", DEMO_ROOT, f"{DEMO} names it: the demo that comes with kit")
        return Path(DEMO_ROOT).resolve()
    named = Path(path).expanduser()
    if not named.exists():
        raise UsageError(f"There is no {named.absolute()}; give the folder of the app that is to be investigated.")
    named = named.resolve()
    if named.is_file():
        return _root_of_file(named, notes)
    nested = None if _looks_like_a_project(named) else _only_project_in(named)
    if nested is not None:
        notes.because("root", nested, f"it is the only Python project in {named}, which is none itself")
        return nested
    notes.because("root", named, "it is the folder that was given")
    return named


def _root_of_file(file: Path, notes: Notes) -> Path:
    if file.suffix != ".py" and file.name not in _MARKS:
        raise UsageError(f"{file} is not a Python file; give the folder of the app, or a Python file in it.")
    for folder in file.parents:
        mark = next((mark for mark in _MARKS if (folder / mark).exists()), None)
        if mark is not None and folder != Path.home():  # a home folder may be under version control too
            notes.because("root", folder, f"it is the nearest folder above {file.name} with a {mark}")
            return folder
    notes.because("root", file.parent, f"it is the folder of {file.name}, and no folder above it looks like a project")
    return file.parent


def project_around(folder: Path) -> Path | None:
    """The root of the Python project that a folder is in or is; ``None`` where there is none."""
    folder = folder.resolve()
    for one in (folder, *folder.parents):
        if one != Path.home() and any((one / mark).exists() for mark in _MARKS):
            return one
    return folder if _looks_like_a_project(folder) else None


def _looks_like_a_project(folder: Path) -> bool:
    """Whether the folder itself has Python files, or a file that only a Python project has."""
    if any((folder / mark).is_file() for mark in _MARKS) or any(folder.glob("*.py")):
        return True
    return any(folder.glob("*/__init__.py"))


def _only_project_in(folder: Path) -> Path | None:
    projects = [
        Path(entry.path)
        for entry in entries_of(str(folder))
        if is_looked_into(entry) and any((Path(entry.path) / mark).is_file() for mark in _MARKS)
    ]
    return projects[0] if len(projects) == 1 else None
