"""Fetch the releases that ``make.py`` reads: ``python tests/bench/dropped_names/fetch.py [LIBRARY ...]``.

The libraries are those of ``libraries.txt``: all of the hand-written table, of kit's own lock file, and those that the
suites of ``moved.toml`` need or are, except type stubs and what is hardly Python; at its end, popular ones of web and
data applications. Of each the first release of every minor series since January 2021 is taken, and the newest; where
there are more than 30 series, those that begin a major one and an even choice of the rest. The wheels are installed
without dependencies, and only their Python files are kept.
It needs uv (``UV`` names it), pip and the network.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from packaging.version import InvalidVersion, Version

CACHE = Path.home() / ".cache" / "kit-bench" / "releases"
MOST = 30
_SINCE = "2021-01-01T00:00:00Z"
_PYTHONS = ("3.11", "3.9", "3.13", "3.7")


def main(libraries: list[str]) -> None:
    """Fetch what is not there yet."""
    for name in libraries or Path(__file__).with_name("libraries.txt").read_text().split():
        wanted = chosen(_released(name), _first(name))
        missing = [version for version in wanted if not (CACHE / name / version / ".ready").exists()]
        failed = [version for version in missing if not _fetch(name, version)]
        print(name, len(wanted), "without a wheel:" if failed else "", *failed, flush=True)


def chosen(texts: Iterable[str], lowest: str) -> list[str]:
    """The first release of each minor series from ``lowest`` on, and the newest."""
    versions = sorted(one for one in map(_version, texts) if one and not one.is_prerelease)
    series: dict[tuple[int, ...], Version] = {}
    for one in versions:
        series.setdefault((one.epoch, one.major, one.minor), one)
    low = Version(lowest)
    found = [one for key, one in series.items() if key >= (low.epoch, low.major, low.minor)]
    if len(found) > MOST:
        starts = [one for at, one in enumerate(found) if not at or one.major != found[at - 1].major][-MOST:]
        rest = [one for one in found if one not in starts]
        step = -(-len(rest) // max(1, MOST - len(starts)))
        found = sorted({*starts, *rest[::-1][::step]})
    return [str(one) for one in dict.fromkeys([*found, *versions[-1:]])]


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _released(name: str) -> list[str]:
    command = [sys.executable, "-m", "pip", "index", "versions", name, "--ignore-requires-python"]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"Available versions: (.*)", done.stdout)
    return found[1].split(", ") if found else []


def _first(name: str) -> str:
    """The newest release when 2021 began."""
    command = ["pip", "compile", "-q", "-", "--no-deps", "--no-header", "--no-annotate", "--exclude-newer", _SINCE]
    done = _uv(*command, "--python-version", "3.8", "--only-binary", ":all:", given=name)
    found = re.search(r"==(\S+)", done.stdout)
    return found[1] if found else "0"


def _fetch(name: str, version: str) -> bool:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "site"
        place = ["pip", "install", "-q", "--target", str(folder), "--no-deps", "--only-binary", ":all:"]
        for python in _PYTHONS:
            if not _uv(*place, "--python-version", python, "--link-mode", "copy", f"{name}=={version}").returncode:
                _keep(folder, CACHE / name / version)
                return True
    return False


def _keep(folder: Path, where: Path) -> None:
    """The Python files, and of compiled ones the names."""
    (record,) = folder.glob("*.dist-info/RECORD")
    for path, *_ in csv.reader(record.read_text().splitlines()):
        if path.startswith(("..", "/")) or ".dist-info/" in path or not (folder / path).exists():
            continue
        where.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(".py"):
            shutil.move(folder / path, where / path)
        elif path.endswith((".so", ".pyd", ".dylib")):
            (where / path).touch()
    where.mkdir(parents=True, exist_ok=True)
    (where / ".ready").touch()


def _uv(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([os.environ.get("UV", "uv"), *arguments], input=given, capture_output=True, text=True)


if __name__ == "__main__":
    main(sys.argv[1:])
