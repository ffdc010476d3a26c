"""Lines of healthy packages that use what releases dropped: ``python tests/bench/dropped_names/healthy.py [NAME ...]``.

``fetch.py`` has to have fetched the packages: the newest release of each is read, without its tests, as if every other
library moved from its oldest release to today's. Each line that is printed is to be judged by a reader: it is right
where the package holds the library back, or fails there itself.
"""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.version import Version

sys.path.insert(0, str(Path(__file__).parents[3]))

from kit.causes import DISTRIBUTIONS, known_libraries, lost_names
from kit.inventory import Declarations
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.bench.dropped_names.fetch import CACHE
from tests.bench.dropped_names.release import TESTS


def main(packages: list[str]) -> None:
    """See the top of this file."""
    files = lines = 0
    for name in packages or sorted(path.name for path in CACHE.iterdir() if path.is_dir()):
        releases = [one for one in (CACHE / name).iterdir() if (one / ".ready").exists()]
        newest = max(releases, key=lambda one: Version(one.name))
        read, found = _used(newest)
        files += read
        lines += len(found)
        for line in found:
            print(f"{name} {newest.name}: {line}", flush=True)
    print(f"{lines} lines in {files} files")


def _used(folder: Path) -> tuple[int, list[str]]:
    paths = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.py"))]
    paths = [path for path in paths if TESTS.isdisjoint(path.split("/"))]
    own = {path.partition("/")[0].removesuffix(".py") for path in paths}
    lost = lost_names(dict.fromkeys(known_libraries(), "0"), {}, own, DISTRIBUTIONS)
    source = Declarations(Trees(folder, [FileRecord(path) for path in paths]))
    uses = source.library_uses(lost.uses, lost.modules)
    met = [f"{one.id}: {', '.join(map(str, places[:4]))}" for one, places in lost.met(uses, ())]
    return len(paths), met


if __name__ == "__main__":
    main(sys.argv[1:])
