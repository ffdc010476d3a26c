"""What ``kit investigate`` of a small app costs, against another commit: ``python tests/bench/first_answer.py``.

The app has two mapped classes and ten tests, one of which fails, so that every stage has something to do. Both commits
run in the same environment, which must hold what the other one needs, in turn. A first run of each, which writes
bytecode, does not count. The bar is 0.35 of the CPU time of ``fef2796``.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.against import ROOT, checked_out, options_against
from tests.bench.measuring import measure

_MODELS = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    orders: Mapped[list["Order"]] = relationship(back_populates="user")

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(back_populates="orders")
"""

_TESTS = """
import pytest
from shop.models import Order, User

@pytest.mark.parametrize("number", range(8))
def test_sum(number):
    assert sum(range(number)) == number * (number - 1) // 2

def test_user():
    assert Order(user=User()).user.orders

def test_name():
    assert User().name == "somebody"
"""


def main() -> None:
    """Measure both commits round by round."""
    options = options_against(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = _app(folder / "app")
        with checked_out(options.against, folder / "other") as other:
            _compare(app, {"now": ROOT, options.against: other}, options.rounds)


def _compare(app: Path, trees: dict[str, Path], rounds: int) -> None:
    costs: dict[str, list[float]] = {name: [] for name in trees}
    for number in range(rounds + 1):
        for name, tree in trees.items():
            reports = app.parent / f"reports-{number}-{tree.name}"
            command = [sys.executable, "-m", "kit", "investigate", app, "--reports-dir", reports]
            cost = measure([*command, "--python", sys.executable], folder=tree, environment=_environment(tree, app))
            if cost.code != 1 or not list(reports.glob("*/incident.html")):
                raise RuntimeError(f"{name}: kit investigate ended with {cost.code} and not 1, or wrote no report")
            if number:
                costs[name].append(cost.cpu_s)
                print(f"{name}: CPU {cost.cpu_s:.2f} s, wall {cost.wall_s:.1f} s", flush=True)
    now, before = costs.values()
    ratio = statistics.median(one / two for one, two in zip(now, before, strict=True))
    print(f"CPU {statistics.median(now):.2f} s against {statistics.median(before):.2f} s: ratio {ratio:.2f}")


def _environment(tree: Path, app: Path) -> dict[str, str]:
    """As a user has it: modules are compiled once and not at each start. The trees and the installation stay clean."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(tree), "PYTHONPYCACHEPREFIX": str(app.parent / "bytecode")}


def _app(root: Path) -> Path:
    for path, text in {"shop/__init__.py": "", "shop/models.py": _MODELS, "tests/test_shop.py": _TESTS}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    return root


if __name__ == "__main__":
    main()
