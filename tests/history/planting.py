"""Makes git histories of a small app with faults planted at known commits.

A history has ordinary commits, merged branches, files that are renamed, and a stretch in which the suite cannot be
collected. What a fault is: a change that is made once and stays.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: the files of the app at its first commit
APP = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "shop/users.py": (
        "from sqlalchemy import String\nfrom sqlalchemy.orm import Mapped, mapped_column\n\n"
        "from shop.base import Base\n\n\n"
        'class User(Base):\n    __tablename__ = "users"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
        "    name: Mapped[str] = mapped_column(String(40))\n"
    ),
    "shop/orders.py": (
        "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom shop.base import Base\n\n\n"
        'class Order(Base):\n    __tablename__ = "orders"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
        "    status: Mapped[int] = mapped_column(default=0)\n"
    ),
    "shop/prices.py": 'PRICES = {"apple": 1, "bread": 2}\n\n\ndef price(name):\n    return PRICES[name]\n',
    "shop/totals.py": "def total(amounts):\n    return sum(amounts)\n",
    "tests/test_models.py": "from shop import orders, users\n\n\ndef test_names():\n    assert users.User.name\n",
    "tests/test_prices.py": (
        "from shop.prices import price\n\n\ndef test_apple():\n    assert price('apple') == 1\n\n\n"
        "def test_bread():\n    assert price('bread') == 2\n"
    ),
    "tests/test_totals.py": "from shop.totals import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n",
}

Change = Callable[[dict[str, str]], None]


@dataclass(frozen=True)
class Fault:
    """A change that breaks something. ``cause`` is how the id of its cause, or of its finding, begins."""

    name: str
    change: Change
    cause: str


def _replaced(path: str, old: str, new: str) -> Change:
    def change(files: dict[str, str]) -> None:
        actual = next(name for name in files if f"/{name}".endswith(f"/{path.rpartition('/')[2]}"))
        assert old in files[actual], (actual, old)
        files[actual] = files[actual].replace(old, new)

    return change


def _added(path: str, text: str) -> Change:
    return lambda files: files.update({path: files.get(path, "") + text})


def _in_turn(*changes: Change) -> Change:
    def change(files: dict[str, str]) -> None:
        for one in changes:
            one(files)

    return change


_SECOND_USER = (
    "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom shop.base import Base\n\n\n"
    'class User(Base):\n    __tablename__ = "clients"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
)

#: faults that the source shows
STATIC = (
    Fault(
        "a second class User",
        _in_turn(
            _added("shop/clients.py", _SECOND_USER),
            _replaced("tests/test_models.py", "import orders", "import clients, orders"),
        ),
        "duplicate-class:",
    ),
    Fault(
        "an index defined twice",
        _in_turn(
            _replaced("shop/orders.py", "default=0)", "default=0, index=True)"),
            _replaced(
                "shop/orders.py",
                "\n    id:",
                '\n    __table_args__ = (Index("ix_orders_status", "status"),)\n    id:',
            ),
            _replaced("shop/orders.py", "from sqlalchemy.orm", "from sqlalchemy import Index\nfrom sqlalchemy.orm"),
        ),
        "duplicate-index:",
    ),
    Fault(
        "an import of a name that is gone",
        _replaced("tests/test_totals.py", "import total\n", "import total, mean\n"),
        "unresolved-import:",
    ),
    Fault("a syntax error", _added("shop/prices.py", "\n\ndef broken(:\n"), "unparsable-file:"),
    Fault(
        "no primary key",
        _replaced("shop/orders.py", "    id: Mapped[int] = mapped_column(primary_key=True)\n", ""),
        "no-primary-key:",
    ),
    Fault(
        "a reserved attribute",
        _added("shop/orders.py", "    metadata: Mapped[int] = mapped_column(default=0)\n"),
        "reserved-attribute:",
    ),
)

#: faults that a test shows
RUN_TIME = (
    Fault("a price is gone", _replaced("shop/prices.py", ', "bread": 2', ""), "failure-group:"),
    Fault("a sum starts at one", _replaced("shop/totals.py", "sum(amounts)", "sum(amounts, 1)"), "failure-group:"),
    Fault(
        "a sum refuses",
        _replaced("shop/totals.py", "    return", '    raise ValueError("no sums")\n    return'),
        "failure-group:",
    ),
    Fault("a price is a text", _replaced("shop/prices.py", '"apple": 1', '"apple": "1"'), "failure-group:"),
)


@dataclass
class History:
    """A repository that is being written, with a fault in it. ``planted`` is the commit that has brought it.

    Commits are numbers while the history is written, and ids once :meth:`write` has made them.
    """

    root: Path
    planted: str = ""
    files: dict[str, str] = field(default_factory=lambda: dict(APP))
    _stream: list[str] = field(default_factory=list)
    _trees: list[dict[str, str]] = field(default_factory=list)

    def commit(self, subject: str, *parents: int) -> int:
        """Commit the files as they are now; the first commit of all has no parents. Returns its number, from 1."""
        number = len(self._trees) + 1
        before = self._trees[parents[0] - 1] if parents else {}
        moment = f"Ada <ada@example.org> {1_700_000_000 + 86_400 * number} +0000"
        lines = ["commit refs/heads/main", f"mark :{number}", f"author {moment}", f"committer {moment}", _data(subject)]
        lines += [f"{'from' if at == 0 else 'merge'} :{parent}" for at, parent in enumerate(parents)]
        lines += [f"D {path}" for path in before if path not in self.files]
        new = (path for path, text in self.files.items() if before.get(path) != text)
        lines += [f"M 100644 inline {path}\n{_data(self.files[path])}" for path in new]
        self._stream += lines
        self._trees.append(dict(self.files))
        return number

    def write(self, planted: int) -> None:
        """Make the repository, check out its last commit, and tell which commit has the fault."""
        self.root.mkdir(parents=True)
        self._git("init", "-q", "-b", "main")
        marks = self.root / ".git" / "marks"
        self._git("fast-import", "--quiet", f"--export-marks={marks}", text="\n".join([*self._stream, ""]))
        self._git("reset", "-q", "--hard", "main")
        self.planted = dict(line.split() for line in marks.read_text().splitlines())[f":{planted}"]

    def _git(self, *arguments: str, text: str = "") -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *arguments], cwd=self.root, env=environment, input=text, text=True, check=True)


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"


def plant(
    root: Path,
    fault: Fault,
    seed: int,
    commits: int = 50,
    *,
    broken: int = 4,
    more: Mapping[str, str] | None = None,
) -> History:
    """A history of about this many commits with the fault in one of them: on the main line or in a merged branch.

    ``broken`` commits in a row, before or after the fault, have a ``conftest.py`` that cannot be imported. ``more``
    are further files of the app.
    """
    draw = random.Random(seed)
    history = History(root)
    history.files |= more or {}
    head, planted = history.commit("The app"), 0
    place, start, rename = draw.sample(range(3, commits - 2), 3)
    for number in range(1, commits):
        in_branch = number == place and draw.random() < 0.5
        if in_branch or draw.random() < 0.1:
            head, brought = _branch(history, fault if in_branch else None, number, head, draw)
            planted = planted or brought
            continue
        if number == place:
            fault.change(history.files)
        elif number == rename:
            _rename(history, draw)
        else:
            _edit(history, number, draw)
        history.files.pop("conftest.py", None)
        if start <= number < start + broken:
            history.files["conftest.py"] = "raise RuntimeError('the suite cannot start')\n"
        head = history.commit(f"Change {number}", head)
        planted = head if number == place else planted
    history.files.pop("conftest.py", None)
    history.commit("The last change", head)
    if not planted:
        return plant(root, fault, seed + 1000, commits, broken=broken, more=more)
    history.write(planted)
    return history


def _edit(history: History, number: int, draw: random.Random) -> None:
    """A harmless change: lines move, or a module grows."""
    path = draw.choice(["shop/notes.py", "shop/more.py", "tests/test_more.py", "README.md"])
    history.files[path] = history.files.get(path, "") + f"# note {number}\n"
    moved = next(name for name in history.files if name.endswith("/totals.py"))
    if draw.random() < 0.3 and not history.files[moved].startswith("# " * 5):
        history.files[moved] = f"# {number}\n{history.files[moved]}"


def _rename(history: History, draw: random.Random) -> None:
    """Move the module of the totals into a folder, with its imports."""
    name = draw.choice(["sums", "core"])
    if "shop/totals.py" in history.files:
        history.files[f"shop/{name}/__init__.py"] = ""
        history.files[f"shop/{name}/totals.py"] = history.files.pop("shop/totals.py")
        old = history.files["tests/test_totals.py"]
        history.files["tests/test_totals.py"] = old.replace("shop.totals", f"shop.{name}.totals")


def _branch(history: History, fault: Fault | None, number: int, head: int, draw: random.Random) -> tuple[int, int]:
    """Three commits on a branch beside one on the main line, and the merge of both: returns that, and the commit with
    the fault (0: none).
    """
    before: Mapping[str, str] = dict(history.files)
    at, planted, faulty = head, 0, draw.randrange(3)
    for step in range(3):
        if fault and step == faulty:
            fault.change(history.files)
        else:
            history.files[f"shop/branch_{number}.py"] = f"# step {step}\n"
        at = history.commit(f"Branch {number}, step {step}", at)
        planted = at if fault and step == faulty else planted
    merged = dict(history.files)
    history.files = dict(before)
    history.files["docs.md"] = history.files.get("docs.md", "") + f"main {number}\n"
    main = history.commit(f"Main beside branch {number}", head)
    history.files = {**merged, "docs.md": history.files["docs.md"]}
    return history.commit(f"Merge branch {number}", main, at), planted
