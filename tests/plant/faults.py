"""Faults that can be planted in a copy of the healthy demo, each with the cause that names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.demo.trees import EVERY_FIX, mended

#: what is kept of the demo's tests: enough to show every fault, and quick to run
KEPT = ("clock", "fees", "formats", "quota_windows", "redaction", "sizing", "wallets")


@dataclass(frozen=True)
class Edit:
    """``find`` stands once in the file and becomes ``replace``; an empty ``find`` makes a new file."""

    path: str
    find: str
    replace: str


@dataclass(frozen=True)
class Fault:
    """``cause`` is the id of the cause that names the fault, or the kind where the id holds a hash."""

    name: str
    cause: str
    edits: tuple[Edit, ...]

    @property
    def files(self) -> frozenset[str]:
        """The files of which one must be named."""
        return frozenset(edit.path for edit in self.edits)


FAULTS = (
    Fault(
        "relationship to no class",
        "broken-relationship:Wallet.Usr",
        (Edit("backend/app/web3/models.py", 'relationship("User", back', 'relationship("Usr", back'),),
    ),
    Fault(
        "index defined twice",
        "duplicate-index:ix_wallets_owner_id",
        (
            Edit("backend/app/web3/models.py", "import ForeignKey, ", "import ForeignKey, Index, "),
            Edit(
                "backend/app/web3/models.py",
                '"chain"),)',
                '"chain"), Index("ix_wallets_owner_id", "owner_id"))',
            ),
        ),
    ),
    Fault(
        "package that is not installed",
        "missing-package:fast_csv",
        (Edit("backend/app/exports/formats.py", "import csv\n", "import csv\nimport fast_csv\n"),),
    ),
    Fault(
        "module that fails while it is imported",
        "module-not-importable:backend.app.paper.sizing",
        (
            Edit(
                "backend/app/paper/sizing.py",
                "\n\ndef instrument(",
                '\nDEFAULT = INSTRUMENTS["GOLD"]\n\n\ndef instrument(',
            ),
        ),
    ),
    Fault(
        "circle of imports",
        "circular-import:backend.app.privacy.masks+backend.app.privacy.redaction",
        (
            Edit(
                "backend/app/privacy/redaction.py",
                "import re\n",
                "import re\nfrom backend.app.privacy.masks import MASK\n",
            ),
            Edit(
                "backend/app/privacy/masks.py",
                "",
                "from backend.app.privacy.redaction import redact\n\nMASK = redact\n",
            ),
        ),
    ),
    Fault(
        "naive datetime",
        "naive-datetime:backend.app.quotas.windows:__contains__",
        (Edit("backend/app/quotas/windows.py", "<= as_utc(moment) <", "<= moment.replace(tzinfo=None) <"),),
    ),
    Fault(
        "fixture renamed",
        "fixture-missing:make_user",
        (Edit("backend/tests/conftest.py", "def make_user(db", "def make_users(db"),),
    ),
    Fault(
        "error of the code",
        "failure-group",
        (
            Edit(
                "backend/app/paper/fees.py",
                "    schedule = SCHEDULES[plan]\n",
                '    schedule = SCHEDULES[plan]\n    raise LookupError("the schedule of fees is not loaded")\n',
            ),
        ),
    ),
    Fault(
        "name that tests import renamed",
        "failure-group",
        (Edit("backend/app/exports/formats.py", "def guard_formula(", "def guard_formulas("),),
    ),
    Fault(
        "wrong constant",
        "failure-group",
        (Edit("backend/app/core/clock.py", "FRIDAY = 4", "FRIDAY = 3"),),
    ),
)


def healthy_tree(to: Path) -> Path:
    """The demo with everything mended, and only the tests that are kept."""
    tree = mended(to, *EVERY_FIX)
    wanted = {f"test_{name}.py" for name in KEPT}
    for file in tree.glob("backend/tests/test_*.py"):
        if file.name not in wanted:
            file.unlink()
    return tree


def plant(tree: Path, faults: Sequence[Fault]) -> None:
    """Make the edits. Raises ``ValueError`` where a text does not stand exactly once: the demo has changed."""
    for edit in (edit for fault in faults for edit in fault.edits):
        file = tree / edit.path
        before = "" if not edit.find else file.read_text()
        if edit.find and before.count(edit.find) != 1:
            raise ValueError(f"{edit.path}: {edit.find!r} stands {before.count(edit.find)} times")
        file.write_text(before.replace(edit.find, edit.replace) if edit.find else edit.replace)
