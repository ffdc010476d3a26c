"""Which names cases may have: each is a folder beside the files of kit, on every system."""

from __future__ import annotations

import re
from pathlib import PurePath

from kit.facts.case import INDEX_FILE, STORE_FILE
from kit.facts.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

#: Windows has devices of these names, whatever follows a dot
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)


def check_case_name(name: str, store_url: str) -> None:
    """Raise :class:`UsageError` for a name that no case can have. ``store_url`` is empty for the usual store."""
    if not can_name_case(name) or name.endswith("."):
        raise UsageError(
            f'"{name}" cannot name a case: use up to 100 letters, digits, dots, dashes and underscores, without a dot '
            "at the end."
        )
    if _DEVICES.match(name):
        raise UsageError(f'"{name}" cannot name a case: Windows has a device of this name. Choose another --case.')
    if _is_of_kit(name, store_url):
        raise UsageError(f'"{name}" cannot name a case: kit has a file of this name. Choose another --case.')


def can_name_case(name: str) -> bool:
    """Whether a name has no other characters than those of cases."""
    return _NAME.fullmatch(name) is not None


def _is_of_kit(name: str, store_url: str) -> bool:
    """Whether kit has, or may get, a file of this name: the page of all cases, a database, what SQLite keeps beside it.

    File systems may not tell capitals apart.
    """
    url = store_url.partition("?")[0]
    file = PurePath(url.partition(":///")[2]).name if url.startswith("sqlite") else STORE_FILE
    folded = name.casefold()
    return folded == INDEX_FILE or any(
        folded == one or folded.startswith((f"{one}-", f"{one}.")) for one in {STORE_FILE, file.casefold()} - {""}
    )
