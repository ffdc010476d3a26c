"""An app in which two mapped classes have one name, and what imports the second one in each way that Python has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.fixes.apps import BASE

PRIMARY = """from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base import Base


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    orders: Mapped[list["Order"]] = relationship("Order", back_populates="user")
    bills: Mapped[list["Order"]] = relationship("Order", viewonly=True)


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped["User"] = relationship("User", back_populates="orders", foreign_keys="Order.user_id")
"""
DUPLICATE = """from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class User(Base):
    __tablename__ = "{table}"
    __table_args__ = {{"extend_existing": True}}

    id: Mapped[int] = mapped_column(primary_key=True)

    def greet(self) -> str:
        return "hello"
"""
IMPORTING = {
    "app/plain.py": "from app.members.models import User  # kept\n\nNAME = User.__name__\nuser = User\n",
    "app/renamed.py": "from app.members.models import User as Member\n\nuser = Member\n",
    "app/members/relative.py": "from .models import User\n\nuser = User\n",
    "app/whole.py": "import app.members.models\n\nuser = app.members.models.User\n",
    "app/alias.py": "import app.members.models as m\n\nuser = m.User\n",
    "app/package.py": "from app.members import models\n\nuser = models.User\n",
    "app/late.py": "def who():\n    from app.members.models import User\n\n    return User\n\n\nuser = who()\n",
}


def app(table: str = "users", **more: str) -> dict[str, str | bytes]:
    """The files of the app. ``more`` are texts by path, with ``__`` for a slash and without ``.py``."""
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/base.py": BASE,
        "app/accounts.py": PRIMARY,
        "app/members/__init__.py": "",
        "app/members/models.py": DUPLICATE.format(table=table),
        **IMPORTING,
    }
    return files | {f"{name.replace('__', '/')}.py": text for name, text in more.items()}


def run(root: Path, code: str) -> str:
    """What code prints in the app, with every importer loaded; its last line of error where it fails."""
    modules = ", ".join(path.removesuffix(".py").replace("/", ".") for path in IMPORTING)
    lines = f"import app.accounts, {modules}\nfrom sqlalchemy.orm import configure_mappers\n{code}"
    done = subprocess.run([sys.executable, "-c", lines], cwd=root, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


_LOADED = "(module for name, module in list(sys.modules.items()) if name.startswith('app.'))"
#: an expression for the class that each importer uses
USERS = f"[module.user for module in {_LOADED} if hasattr(module, 'user')]"
