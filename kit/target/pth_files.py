"""The ``.pth`` files of an environment, each line of which may put a folder on the import path of every process.

https://docs.python.org/3/library/site.html
"""

from __future__ import annotations

from pathlib import Path

from kit.platform.environments import prefix_of, site_packages_of


def pth_file_naming(folder: Path, executable: str) -> Path | None:
    """The first ``.pth`` file of the environment of an interpreter that names a folder."""
    for packages in site_packages_of(prefix_of(Path(executable))):
        for file in sorted(packages.glob("*.pth")):
            if folder.resolve() in _folders(file):
                return file
    return None


def _folders(file: Path) -> set[Path]:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return set()
    return {(file.parent / line.strip()).resolve() for line in lines if line.strip() and not _is_code(line)}


def _is_code(line: str) -> bool:
    return line.startswith(("#", "import ", "import\t")) or "\0" in line
