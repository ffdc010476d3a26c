"""Put the folder of a module on the import path of the tests: ``pythonpath`` in pytest's settings.

https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import relpath

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.pytest_settings import adding, settings_file
from kit.fixes.scene import FixScene, Proposal

CAUSES = frozenset({"not-on-import-path"})
KIND = "on-import-path"
_URL = "https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath"
#: the first release of pytest that has the setting; an unknown one counts as new
_SINCE = "7"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The option, for a folder that is not a package itself: the modules of a package have a longer name."""
    _, folder, _ = cause.id.split(":", 2)
    is_root = re.fullmatch(r"[\w./-]+", folder) and not (scene.root / folder / "__init__.py").exists()
    if not is_root or int(scene.packages.get("pytest", _SINCE).partition(".")[0]) < int(_SINCE):
        return
    path = settings_file(scene)
    added = relpath(folder, path.rpartition("/")[0] or ".").replace("\\", "/")
    title = f"Let pytest import from {folder}: pythonpath in {path}"
    why = "Nothing else puts the folder on sys.path when pytest runs"
    losses = ("the tests no longer show whether the project can be installed",)
    proposal = Proposal(KIND, title, why, {}, losses, documentation=_URL)
    yield from adding(cause, scene, "pythonpath", added, proposal)
