"""Real cases of one app in which faults come and go: is each cause called new, known, fixed or regressed as planted?

``python tests/bench/thirty_cases.py [CASES] [SEED]``: the app has eight modules with a fault of its own each, and every
case is a run of kit. Between two cases up to three faults are planted or fixed, and lines move.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.history import CaseComparison
from kit.history import compare_recorded
from kit.store import Store, default_url

_MODEL = """from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class {name}(Base):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("{table}_parts.id"))
    part: Mapped["{name}Part"] = relationship(back_populates="owners")


class {name}Part(Base):
    __tablename__ = "{table}_parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    owners: Mapped[list["{name}"]] = relationship(back_populates="part")
"""
_MAPPED = "from shop import {at}\n\n\ndef test_{at}():\n    {at}.Base.registry.configure()\n"
_MADE = (
    "from shop import {at}\n\n\ndef test_{at}():\n"
    '    {at}.Base.metadata.create_all({at}.create_engine("sqlite://"))\n    {at}.Base.registry.configure()\n'
)
_CALLED = "from shop.{at} import work\n\n\ndef test_{at}():\n    assert work(3) == 6\n"

#: by module: its source, its test, which of them has the fault, and the text that the fault replaces by another
APP = {
    "keys": ("UNITS = {3: 6}\n\n\ndef work(size):\n    return UNITS[size]\n", _CALLED, 0, "{3: 6}", "{}"),
    "sums": ("def work(size):\n    return size + size\n", _CALLED, 0, "size + size", "size + size + 1"),
    "calls": ("def work(size):\n    return int(size) * 2\n", _CALLED, 0, "int(size)", "int(size, size, size)"),
    "names": ("def work(size):\n    return 2 * size\n", _CALLED, 1, "import work", "import work, works"),
    "fixtures": ("def work(size):\n    return 2 * size\n", _CALLED, 1, "test_fixtures()", "test_fixtures(sizes)"),
    "attributes": ("def work(size):\n    return size.real * 2\n", _CALLED, 0, ".real", ".rael"),
    "orders": (
        _MODEL.format(name="Order", table="orders"),
        _MAPPED,
        0,
        'back_populates="part"',
        'back_populates="prt"',
    ),
    "bills": (_MODEL.format(name="Bill", table="bills"), _MADE, 0, '"bills_parts.id"', '"bill_parts.id"'),
}


def write(root: Path, faults: set[str], draw: random.Random) -> None:
    """The app with these faults, and with some lines before each module."""
    (root / "shop").mkdir(parents=True, exist_ok=True)
    (root / "tests").mkdir(exist_ok=True)
    (root / "shop/__init__.py").write_text("")
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    for at, (source, test, which, old, new) in APP.items():
        texts = [source, test.format(at=at)]
        assert old in texts[which], at
        if at in faults:
            texts[which] = texts[which].replace(old, new)
        (root / f"shop/{at}.py").write_text("# a line\n" * draw.randrange(9) + texts[0])
        (root / f"tests/test_{at}.py").write_text(texts[1])


def told(found: CaseComparison) -> dict[str, list[str]]:
    """By module: the changes of the causes that stop its test or its test file."""
    changes: dict[str, list[str]] = {}
    for one in found.causes:
        names = {name.partition("::")[0] for name in (*one.cause.tests, *one.cause.uncollectable)}
        for name in names:
            changes.setdefault(name.removeprefix("tests/test_").removesuffix(".py"), []).append(one.change)
    return changes


def main(cases: int, seed: int) -> None:
    """Print what is wrong, and the counts."""
    draw = random.Random(seed)
    there: set[str] = set()
    ever: set[str] = set()
    right: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        root, reports = Path(folder) / "app", Path(folder) / "reports"
        for number in range(cases):
            before = set(there)
            there ^= set(draw.sample(sorted(APP), draw.randrange(4)))
            write(root, there, draw)
            command = ["run", str(root), "--case", f"case-{number}", "--reports-dir", str(reports)]
            own = {**os.environ, "XDG_CACHE_HOME": f"{folder}/cache"}
            subprocess.run([sys.executable, "-m", "kit", *command], check=False, capture_output=True, env=own)
            if number:
                expected = dict.fromkeys(there & before, "known") | dict.fromkeys(before - there, "fixed")
                expected |= {at: "regressed" if at in ever else "new" for at in there - before}
                store = Store(default_url(reports))
                found = told(compare_recorded(store, f"case-{number - 1}", f"case-{number}"))
                store.close()
                for at in {*expected, *found}:
                    if found.get(at) == [expected.get(at)]:
                        right[expected[at]] += 1
                    else:
                        wrong += 1
                        print(f"case {number}, {at}: {found.get(at)}, planted: {expected.get(at)}", flush=True)
            ever |= there
            print(f"case {number}: {len(there)} faults", flush=True)
    print(f"{cases} cases: {right.total()} right ({dict(right)}), {wrong} wrong")


if __name__ == "__main__":
    given = [*map(int, sys.argv[1:3])]
    main(*[*given, *(30, 1)[len(given) :]])
