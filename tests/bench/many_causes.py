"""How long ``kit investigate`` takes after the run of an app with 700 defects: ``python tests/bench/many_causes.py``.

Writes an app of 700 modules with a test file each: 56 files cannot be collected, the others hold 10,587 tests, of
which 644 fail, each by a defect of its own. Its suite is run for real. Printed are the lines of the stages with their
seconds; what follows ``3/6 test batches`` is the diagnosis. The bar: 30 s. Fixes are not tried.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

FILES, UNCOLLECTABLE, TESTS = 700, 56, 10_587

MODULE = """from datetime import datetime, timezone


class Row{n}:
    title_{n} = "a"


def load_{n}(key, size):
    found = {{"a": datetime.now()}}
    if size > {n}:
        return None
    return found[key]


def age_{n}():
    return datetime.now(timezone.utc) - load_{n}("a", 0)


def total_{n}(items):
    return sum(items) + {n}


def check_{n}(value):
    if value < {n}:
        raise ValueError(f"part {n} refuses {{value}}")
    return value
"""
FAILING = (
    'from app.part{n} import load_{n}\ndef test_0(): assert load_{n}("key{n}", 0) is None\n',
    "from app.part{n} import age_{n}\ndef test_0(): assert age_{n}()\n",
    "from app.part{n} import total_{n}\ndef test_0(): assert total_{n}([1, 2]) == {n} + 4\n",
    'from app.part{n} import Row{n}\ndef test_0(): assert Row{n}().titel_{n} == "a"\n',
    'from app.part{n} import load_{n}\ndef test_0(): assert load_{n}("a")\n',
    "def test_0(cleint_{n}): pass\n",
    'from unittest import mock\nimport app.part{n}\ndef test_0():\n    with mock.patch("app.part{n}.lod_{n}"): pass\n',
    "from app.part{n} import check_{n}\ndef test_0(): assert check_{n}({n} - 1)\n",
    'from app.part{n} import load_{n}\ndef test_0(): assert load_{n}("a", {n} + 1).year\n',
)
#: the first line of a test file that cannot be collected, and what its module has more
REFUSED = (
    ("import package{n}\n", ""),
    ("from app.part{n} import x{n}\n", ""),
    ("import app.part{n}\n", 'raise RuntimeError("setting {n} is refused")\n'),
)
PYPROJECT = """[project]
name = "app"
version = "1"
[tool.pytest.ini_options]
pythonpath = ["."]
testpaths = ["tests"]
"""


def files() -> Iterator[tuple[str, str]]:
    """The app, by path."""
    yield "pyproject.toml", PYPROJECT
    yield "app/__init__.py", ""
    refused, left, collected = 0, TESTS, FILES - UNCOLLECTABLE
    for n in range(1, FILES + 1):
        if n % 12 == 0 and refused < UNCOLLECTABLE:
            first, more = REFUSED[refused % len(REFUSED)]
            refused += 1
            yield f"app/part{n}.py", (MODULE + more).format(n=n)
            yield f"tests/test_{n}.py", first.format(n=n) + "\n\ndef test_0(): pass\n"
            continue
        here = left // collected
        left, collected = left - here, collected - 1
        passing = "".join(f"\ndef test_{i}(): assert {i} + {n} == {i + n}\n" for i in range(1, here))
        yield f"app/part{n}.py", MODULE.format(n=n)
        yield f"tests/test_{n}.py", FAILING[n % len(FAILING)].format(n=n) + passing


def main() -> None:
    """Write the app, investigate it, and print the lines of the stages."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files():
            file = Path(folder, "app", path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        command = ["-m", "kit", "investigate", "app", "--python", sys.executable, "--trial-budget-s", "0"]
        ran = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    print("\n".join(line for line in ran.stdout.splitlines() if re.match(r"kit: (    \S.* s$|\d/6 )", line)))


if __name__ == "__main__":
    main()
