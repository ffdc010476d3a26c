"""Find the release in which a reproduction begins to fail: ``python -m tests.causes.upgrades.bisecting ID LOW HIGH``.

Every stable release between the two is a candidate. It needs the network, pip and uv.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.version import Version

from tests.causes.upgrades.reproductions import Environments, Reproduction, outcomes, reproductions, write_tree


def releases(library: str) -> list[str]:
    """The stable releases of a library, the oldest first, those that were withdrawn (yanked) too: ``pip index
    versions`` leaves these out. The refusal of a wish that no release fulfils names them, among the others or beside.
    """
    command = [shutil.which("pip") or "pip", "download", "--no-deps", f"{library}==0.dev0"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    listed = re.findall(r"(?:from versions|yanked versions): ([^)\n]*)", done.stderr)
    names = {name.strip() for names in listed for name in names.split(",")} - {"", "none"}
    return sorted((name for name in names if not Version(name).is_prerelease), key=Version)


def state(one: Reproduction, version: str, environments: Environments, folder: Path) -> str:
    """What the broken code does with a release."""
    pins = (f"{one.library}=={version}", *one.pins(healthy=False, side="bad"))
    try:
        python = environments.python(f"{one.library}-bisect", *pins, date=str(one.options.get("date", "")))
    except subprocess.CalledProcessError as error:
        return f"cannot be installed: {error.stderr.strip()[-300:]}"
    root = write_tree(folder / one.id, {one.id: one.broken}, one.ini)
    return next(iter(outcomes(python, root).values()), "no test ran")


def bisect(one: Reproduction, low: str, high: str, folder: Path) -> tuple[str, str, str]:
    """The last release with which it passes, the first with which it does not, and what is seen there."""
    environments = Environments(folder)
    steps = [name for name in releases(one.library) if Version(low) <= Version(name) <= Version(high)]
    seen = {high: state(one, high, environments, folder)}
    if seen[high] == "passed":
        return high, "", "passes with the newest"
    first = state(one, low, environments, folder)
    if first != "passed":
        return "", low, f"fails with the oldest: {first}"
    good, bad = 0, len(steps) - 1
    while bad - good > 1:
        middle = (good + bad) // 2
        seen[steps[middle]] = state(one, steps[middle], environments, folder)
        good, bad = (middle, bad) if seen[steps[middle]] == "passed" else (good, middle)
    return steps[good], steps[bad], seen[steps[bad]]


def main() -> None:
    """Print the last good and the first bad release."""
    identity, low, high = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(" | ".join(bisect(reproductions()[identity], low, high, Path(folder))) + "\n")


if __name__ == "__main__":
    main()
