"""The demo target: a small trading platform whose test suite is really broken."""

import shutil
from pathlib import Path

DEMO_ROOT = Path(__file__).parent / "trading"
GENERATED = shutil.ignore_patterns("__pycache__", "*.pyc", ".pytest_cache", ".venv", "*.egg-info", "*.db")


def copy_demo(to: Path) -> Path:
    """Copy the demo's tree, without anything that was generated in it, to a folder that does not exist yet.

    Returns that folder. Raises FileExistsError when it exists.
    """
    return Path(shutil.copytree(DEMO_ROOT, to, ignore=GENERATED))
