"""Record whether the edits of entries work on both sides: ``python -m tests.causes.upgrades.patched [ID or LIBRARY]``.

kit's own fix option edits the reproduction, and the result runs with the last good and with the first bad release. It
needs the network and uv, as ``record`` does; the tests read what it wrote.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from kit.causes import breakages
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts
from kit.facts.upgrades import Breakage
from kit.fixes.options.adapt_to_release import find
from kit.fixes.patching.applying import apply_patch
from kit.fixes.scene import FixScene
from kit.inventory import Declarations
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.causes.upgrades.reproductions import Environments, Reproduction, outcomes, reproductions, write_tree

FILE = Path(__file__).with_name("patched.json")


@cache
def patched() -> dict[str, dict[str, str]]:
    """By id of an entry: the reproduction's text after the patch (``text``), and the outcome on each side."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def patch(entry: Breakage, text: str, folder: Path, path: str = "tests/test_it.py") -> str:
    """The text of a file after the option's patch. Raises ``ValueError`` where there is no single option."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    scene = FixScene(folder, InventoryFacts(files=1), lambda: Declarations(Trees(folder, (FileRecord(path),))))
    (option,) = find(Cause(f"upgraded-library:{entry.id}", "upgraded-library", "", "consistent", ()), scene)
    if option.patch is None:
        raise ValueError(option.obstacle)
    apply_patch(option.patch, folder)
    return (folder / path).read_text()


def _outcome(entry: Breakage, one: Reproduction, text: str, folder: Path, side: str) -> str:
    version = entry.last_good if side == "good" else entry.first_bad
    pins = (f"{entry.library}=={version}", *one.pins(healthy=False, side=side))
    name = f"{side}-" + "-".join(pins).replace("/", "_").replace(">", "_").replace("<", "_")
    python = Environments(folder).python(name, *pins, date=str(one.options.get("date", "")))
    (seen,) = outcomes(python, write_tree(folder / "tree", {one.id: text}, one.ini)).values()
    return seen


def main() -> None:
    """Record the entries that are named, or all whose patch has changed."""
    folder = Path(os.environ.get("KIT_UPGRADES") or tempfile.mkdtemp())
    found = dict(patched())
    for entry in breakages():
        one = reproductions()[entry.id]
        if not entry.edits or (sys.argv[1:] and not {entry.id, entry.library} & {*sys.argv[1:]}):
            continue
        text = patch(entry, one.broken, Path(tempfile.mkdtemp(dir=folder)))
        if not sys.argv[1:] and found.get(entry.id, {}).get("text") == text:
            continue
        try:
            sides = {side: _outcome(entry, one, text, folder, side) for side in ("good", "bad")}
        except subprocess.CalledProcessError as error:
            sys.stdout.write(f"{entry.id}: {error.stderr}\n")
            continue
        found[entry.id] = {"text": text, **sides}
        FILE.write_text(json.dumps(dict(sorted(found.items())), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"{entry.id} (both: {entry.both}): {sides}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
