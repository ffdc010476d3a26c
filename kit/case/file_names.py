"""Which names in a reports folder belong to the store."""

from __future__ import annotations

from pathlib import PurePath

from kit.facts.case import STORE_FILE


def is_of_store(name: str, store_url: str) -> bool:
    """Whether the store has, or may get, a file of this name: a database and what SQLite keeps beside it.

    File systems may not tell capitals apart. ``store_url`` is empty for the usual store.
    """
    url = store_url.partition("?")[0]
    file = PurePath(url.partition(":///")[2]).name if url.startswith("sqlite") else STORE_FILE
    folded = name.casefold()
    return any(
        folded == one or folded.startswith((f"{one}-", f"{one}.")) for one in {STORE_FILE, file.casefold()} - {""}
    )
