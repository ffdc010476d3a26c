"""Put the folder of a module on the import path of the tests: ``pythonpath`` in pytest's settings.

https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from os.path import relpath

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.settings import with_words
from kit.fixes.source.tree import NotEditableError

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
    path = scene.config.path or "pytest.ini"
    added = relpath(folder, path.rpartition("/")[0] or ".").replace("\\", "/")
    title = f"Let pytest import from {folder}: pythonpath in {path}"
    try:
        after = with_words(scene.text(path) if (scene.root / path).exists() else "", path, "pythonpath", added)
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if after is not None:
        why = "Nothing else puts the folder on sys.path when pytest runs"
        losses = ("the tests no longer show whether the project can be installed",)
        yield option_of(cause, scene, Proposal(KIND, title, why, {path: after}, losses, documentation=_URL))
