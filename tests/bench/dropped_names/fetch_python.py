"""Put the standard library of Python's releases beside the releases that ``fetch.py`` fetched, for ``make.py python``:
``python tests/bench/dropped_names/fetch_python.py PYTHON ... [--pyodide FOLDER]``.

``PYTHON`` are interpreters, each of another minor version; ``FOLDER`` is npm's package of that name, unpacked, whose
CPython of WebAssembly runs in node. Modules that a build has and holds no source of count as compiled: nothing is said
of what they hold. What public modules give is asked of the interpreters themselves, in ``names.json``: several make
their names while they are imported. ``make.py`` has to run on a Python that reads the newest syntax.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.bench.dropped_names.fetch import CACHE
from tests.bench.dropped_names.given import PARTIAL

_NODE = Path(__file__).parents[1] / "python_of_node.mjs"
#: what is no library, and what no program imports
_LEFT_OUT = {"test", "tests", "idlelib", "idle_test", "site-packages", "__pycache__", "turtledemo", "lib-dynload"}
#: what says or does something when it is imported, and data
_NOT_ASKED = {"antigravity", "this", "encodings", "pydoc_data", "ensurepip"}
#: what the build of WebAssembly has no source of, of modules that Python still has
_NOT_BUILT = ("zoneinfo._zoneinfo", "_pyrepl._minimal_curses", "_pyrepl.curses", "unittest.__main__")

_BUILD = """
import json, sys, sysconfig
names = sorted({*getattr(sys, "stdlib_module_names", ()), *sys.builtin_module_names})
print(json.dumps(["%d.%d" % sys.version_info[:2], sysconfig.get_path("stdlib"), names, sorted(sys.modules)]))
"""
_GIVEN = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")
wanted, found = json.load(open(sys.argv[1])), {}
for name, asked in wanted.items():
    try:
        module = importlib.import_module(name)
    except BaseException:
        continue
    found[name] = [one for one in asked or dir(module) if hasattr(module, one)]
json.dump(found, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True)
class _Build:
    """An interpreter: the words that start it, its minor version, and where its releases' folder is."""

    command: tuple[str, ...]
    version: str

    @property
    def folder(self) -> Path:
        return CACHE / "python" / self.version


def main(pythons: Sequence[str], pyodide: Path | None) -> None:
    """Copy the sources, then ask what the modules give: first each for its own names, then each for those of all."""
    builds = []
    for python in pythons:
        version, stdlib, names, loaded = _asked([python])
        compiled = [path.name.partition(".")[0] for path in Path(stdlib).glob("lib-dynload/*.so")]
        builds.append(_Build((python,), version))
        _keep(Path(stdlib), builds[-1].folder, [*names, *compiled, *loaded])
    if pyodide:
        command = ("node", str(_NODE), str(pyodide))
        version, _, names, loaded = _asked(command)
        unpacked = pyodide / "stdlib"
        with zipfile.ZipFile(pyodide / "python_stdlib.zip") as file:
            file.extractall(unpacked)
        builds.append(_Build(command, version))
        _keep(unpacked, builds[-1].folder, [*names, *loaded, *_NOT_BUILT])
        (builds[-1].folder / PARTIAL).touch()
    modules = {name for one in builds for name in _public(one.folder)}
    own = [_given(one, dict.fromkeys(sorted(modules), ())) for one in builds]
    every = {name: sorted({given for one in own for given in one.get(name, ())}) for name in sorted(modules)}
    for one in builds:
        _given(one, {name: names for name, names in every.items() if names})


def _asked(command: Sequence[str]) -> tuple[str, str, list[str], list[str]]:
    done = subprocess.run([*command, "-c", _BUILD], capture_output=True, text=True, check=True)
    version, stdlib, names, loaded = json.loads(done.stdout.splitlines()[-1])
    return version, stdlib, names, loaded


def _given(build: _Build, asked: dict[str, Iterable[str]]) -> dict[str, list[str]]:
    """What the modules of a build give of the names asked for; all that they list where none is."""
    question, answer = build.folder.parent / "asked.json", build.folder / "names.json"
    question.write_text(json.dumps(asked))
    subprocess.run([*build.command, "-c", _GIVEN, str(question), str(answer)], check=True, stdout=subprocess.DEVNULL)
    question.unlink()
    found: dict[str, list[str]] = json.loads(answer.read_text())
    return found


def _public(folder: Path) -> Iterable[str]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).with_suffix("").parts
        parts = inside[:-1] if inside[-1] == "__init__" else inside
        named = path.suffix in {".py", ".so"} and parts and parts[0] not in _NOT_ASKED
        if named and not any(part.startswith("_") or not part.isidentifier() for part in parts):
            yield ".".join(parts)


def _keep(stdlib: Path, where: Path, names: Iterable[str]) -> None:
    """The Python files, and an empty file for each module that has none."""
    for path in stdlib.rglob("*.py"):
        inside = path.relative_to(stdlib)
        if _LEFT_OUT.isdisjoint(inside.parts):
            where.joinpath(inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, where / inside)
    for name in names:
        place = where.joinpath(*name.split("."))
        if not place.is_dir() and not place.with_suffix(".py").exists() and name not in _LEFT_OUT:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.with_suffix(".so").touch()
    (where / ".ready").touch()
    print(where.name, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    parser.add_argument("--pyodide", type=Path, metavar="FOLDER")
    main(**vars(parser.parse_args()))
