"""The apps that faults are planted in: those of ``apps.toml``, and the demo."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.facts.target import Target
from kit.target import find_target
from tests.bench.fetching import Suite, fetch
from tests.demo.trees import EVERY_FIX, mended
from tests.plant.app import App

_LIST = Path(__file__).with_name("apps.toml")

#: what is kept of the demo's tests: enough to show every fault, and quick to run
_DEMO_TESTS = (
    "clock",
    "fees",
    "formats",
    "quota_windows",
    "redaction",
    "sizing",
    "wallets",
    "exports",
    "paper",
    "quotas",
)


@dataclass(frozen=True)
class Source:
    """Where an app comes from; ``suite`` is ``None`` for the demo. ``keep``, ``drop`` and ``roots`` as in
    ``apps.toml``.
    """

    name: str
    suite: Suite | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()

    def healthy(self, folder: Path) -> Path:
        """A tree of the app without a fault, made below ``folder`` unless it is there. Fetches what is missing."""
        tree = folder / "healthy" / self.name
        if not tree.exists():
            tree.parent.mkdir(parents=True, exist_ok=True)
            if self.suite is None:
                _demo(tree)
            else:
                fetch(self.suite, folder / "apps")
                _kept(self.suite.root(folder / "apps"), tree, self.keep)
                for path in self.drop:
                    (tree / path).unlink()
        return tree

    def read(self, folder: Path) -> App:
        """The healthy app's source."""
        return App.read(self.name, self.healthy(folder), self.roots)

    def target(self, folder: Path, tree: Path) -> Target:
        """A copy of the app as a target. What is installed of it is behind the copy on the import path: see
        :meth:`import_path`.
        """
        python = self.suite.python(folder / "apps") if self.suite else Path(sys.executable)
        return find_target(tree, python=str(python))

    def import_path(self, tree: Path) -> str:
        """The value of ``PYTHONPATH`` that puts a copy before what is installed."""
        return ":".join(str(tree / root) for root in (*self.roots, "."))


def known_sources() -> Iterator[Source]:
    """All apps, the demo last."""
    for name, entry in tomllib.loads(_LIST.read_text()).items():
        fields = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        own = {key: fields.pop(key, ()) for key in ("keep", "drop", "roots")}
        yield Source(name, Suite(name, **fields), **own)
    yield Source("demo")


def _kept(sdist: Path, tree: Path, keep: tuple[str, ...]) -> None:
    for name in keep:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        if (sdist / name).is_dir():
            shutil.copytree(sdist / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(sdist / name, tree / name)


def _demo(tree: Path) -> None:
    mended(tree, *EVERY_FIX)
    wanted = {f"test_{name}.py" for name in _DEMO_TESTS}
    for file in tree.glob("backend/tests/test_*.py"):
        if file.name not in wanted:
            file.unlink()
