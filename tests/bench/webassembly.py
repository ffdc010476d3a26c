"""What kit reads on a newest CPython that no registry has as a program: npm's package pyodide carries one for Node.js.

    npm install --prefix FOLDER pyodide
    pip install --target FOLDER/packages --platform any --implementation py --abi none --only-binary=:all: \
        --no-deps sqlalchemy typing_extensions
    python tests/bench/webassembly.py FOLDER

kit's probes run in it as on a system without fork (``KIT_PORTABLE``). Three things are compared:

1. the records of every file of the demo and the catalogue of errors, with those of the Python that runs this;
2. syntax that only a newer Python knows: it is read, and here it is no defect;
3. mappers, tables and findings of an app whose annotations name classes that come later (PEP 649), with what the same
   app gives here with quoted annotations.

What this cannot show: tests. That Python starts no process and has no sockets, so pytest is not run in it.
Exits with 1 if anything differs.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["KIT_PORTABLE"] = "1"  # before kit looks at it

from kit.facts.target import Interpreter, Target
from kit.inventory import Inventory
from kit.inventory.source.reading import read_source
from tests.helpers import write_project
from tests.inventory.projects import target_at
from tests.inventory.test_interpreters import differing_records

_PYTHON = Path(__file__).with_name("python_of_node.mjs")

#: what is new, by the first Python that knows it
NEW = {
    "3.12": [
        "type Price = int\n",
        "class Box[T]:\n    pass\n",
        "def first[T](items: list[T]) -> T: ...\n",
        'x = f"{"a"}"\n',
    ],
    "3.13": ["class Box[T = int]:\n    pass\n"],
    "3.14": [
        'greeting = t"hello {name}"\n',
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
        "class Early:\n    later: Later\n",
    ],
    "3.15": ["lazy import json\n", "lazy from json import dumps as other\n"],
}

_BASE = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"
_LATE = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from shop.base import Base

class Parent(Base):
    __tablename__ = "parents"
    __table_args__ = {"extend_existing": True}
    id: Mapped[int] = mapped_column(primary_key=True, index=True)
    children: Mapped[LATER] = relationship(back_populates="parent")

class Child(Base):
    __tablename__ = "children"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"))
    parent: Mapped[Parent] = relationship(back_populates="children")
"""
_AGAIN = """
from sqlalchemy.orm import Mapped, mapped_column
from shop.base import Base

class Parent(Base):
    __tablename__ = "parents"
    __table_args__ = {"extend_existing": True}
    id: Mapped[int] = mapped_column(primary_key=True, index=True)
"""


def main() -> int:
    """Compare all three."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        newest = _newest(Path(sys.argv[1]).resolve(), folder)
        print(f"CPython {newest.version}, in Node.js; beside it CPython {sys.version.split()[0]}")
        return any([_records(newest, folder), _syntax(newest, folder), _mappers(newest, folder)])


def _newest(installed: Path, folder: Path) -> Interpreter:
    """The CPython of pyodide as a command."""
    os.environ["PYTHONPATH"] = str(installed / "packages")
    command = folder / "python"
    words = ["node", str(_PYTHON), str(installed / "node_modules" / "pyodide")]
    command.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    command.chmod(0o755)
    code = "import platform, sqlalchemy; print(platform.python_version(), sqlalchemy.__version__)"
    said = subprocess.run([command, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return Interpreter(str(command), said[0], {"sqlalchemy": said[1]})


def _records(newest: Interpreter, folder: Path) -> bool:
    total, differing = differing_records(newest.executable, newest.version, folder / "records")
    print(f"records of source files: {total}, {len(differing)} differ: {', '.join(differing) or 'none'}")
    return bool(differing)


def _syntax(newest: Interpreter, folder: Path) -> bool:
    wrong = []
    texts = [(version, text) for version, lines in NEW.items() for text in lines]
    files = {f"new/syntax_{at}.py": text for at, (_, text) in enumerate(texts)}
    here = Interpreter(sys.executable, ".".join(map(str, sys.version_info[:3])))
    for interpreter in (newest, here):
        target = _target(interpreter, folder / "syntax", files)
        unread = {record.path for record in read_source(target).files if record.error}
        findings = Inventory.of(target, runtime=False).facts.findings
        for at, (version, text) in enumerate(texts):
            knows = _version(interpreter.version) >= _version(version)
            if (f"new/syntax_{at}.py" in unread) == knows and "Later" not in text:
                wrong.append(f"{interpreter.version}: {text!r}")
        wrong += [f"{interpreter.version}: {finding.title}" for finding in findings]
        print(
            f"syntax newer than 3.11, read by {interpreter.version}: {len(texts) - len(unread)} of {len(texts)} files"
        )
    print(f"  taken for a defect, or not read though it is known: {'; '.join(wrong) or 'none'}")
    return bool(wrong)


def _mappers(newest: Interpreter, folder: Path) -> bool:
    found = []
    for interpreter, later in ((newest, "list[Child]"), (Interpreter(sys.executable, "3.11"), 'list["Child"]')):
        files = {"shop/__init__.py": "", "shop/base.py": _BASE, "shop/late.py": _LATE.replace("LATER", later)}
        target = _target(interpreter, folder / "mappers", {**files, "shop/again.py": _AGAIN})
        facts = Inventory.of(target, timeout_s=600.0).facts
        classes = sorted(one.name for one in facts.mapped_classes)
        found.append((classes, sorted(f"{one.kind} {one.title}" for one in facts.findings), len(facts.problems)))
        print(f"mappers by {interpreter.version}: {found[-1]}")
        for problem in facts.problems:
            print(f"  {problem}")
    return found[0] != found[1]


def _target(interpreter: Interpreter, root: Path, files: dict[str, str]) -> Target:
    return replace(target_at(write_project(root, files)), interpreter=interpreter)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


if __name__ == "__main__":
    sys.exit(main())
