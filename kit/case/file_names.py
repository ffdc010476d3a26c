"""Which names in a reports folder are those of files of kit."""

from __future__ import annotations

from pathlib import PurePath

from kit.facts.case import INDEX_FILE, STORE_FILE


def is_of_kit(name: str, store_url: str) -> bool:
    """Whether kit has, or may get, a file of this name: the page of all cases, a database, what SQLite keeps beside it.

    File systems may not tell capitals apart. ``store_url`` is empty for the usual store.
    """
    url = store_url.partition("?")[0]
    file = PurePath(url.partition(":///")[2]).name if url.startswith("sqlite") else STORE_FILE
    folded = name.casefold()
    return folded == INDEX_FILE or any(
        folded == one or folded.startswith((f"{one}-", f"{one}.")) for one in {STORE_FILE, file.casefold()} - {""}
    )
