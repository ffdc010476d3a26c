"""``kit when`` on public histories whose introducing commit is known: ``python tests/bench/histories.py [FOLDER]``.

The fixes are in ``histories.toml``. Repositories are cloned from GitHub into FOLDER, unless it has them already. What
was fixed is searched for from the parent of the fix, by the source alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.facts.case import Case, CaseFacts
from kit.facts.causes import Cause
from kit.history import When
from kit.inventory import Inventory
from kit.suite import RunOptions
from kit.target import find_target


def git(root: Path, *words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], check=True, cwd=root, capture_output=True, text=True).stdout.strip()


def answer(root: Path, known: Mapping[str, str]) -> str:
    """``right``, or what is wrong."""
    git(root, "checkout", "-q", "-f", f"{known['fix']}^")
    target = find_target(root)
    facts = Inventory.of(target, runtime=False).facts
    finding = next((one for one in facts.findings if one.id == known["finding"]), None)
    if finding is None:
        return "not found before the fix"
    cause = Cause(finding.id, finding.kind, finding.title, "consistent", finding.locations)
    with When(CaseFacts(Case("c", "", "", target), inventory=facts), RunOptions(), lambda *_: None) as when:
        found = when.of(cause)
    if found.commit and found.commit.id.startswith(known["came"]) and not found.untested:
        return "right"
    return f"wrong: {found.in_words}"


def main(folder: Path) -> None:
    """Print a line a fix, and how many are right."""
    folder.mkdir(parents=True, exist_ok=True)
    histories = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["history"]
    right = 0
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        for known in histories:
            name = known["repository"]
            root = folder / name.partition("/")[2]
            if not root.is_dir():
                git(folder, "clone", "-q", f"https://github.com/{name}", str(root))
            before = time.process_time()
            told = answer(root, known)
            right += told == "right"
            print(f"{name} {known['fix']}: {told} ({time.process_time() - before:.1f} s CPU)", flush=True)
    print(f"{right} of {len(histories)} right")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path.home() / ".cache" / "kit-bench" / "histories")
