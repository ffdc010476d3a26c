"""Name a missing package in the file of requirements that should have it; it is shown, and not installed.

https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#dependencies-and-requirements
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kit.causes import DISTRIBUTIONS
from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.requiring import Needed, file_for, is_required, with_it
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.texts import NotEditableError

CAUSES = frozenset({"missing-package"})
KIND = "require-package"
_URL = "https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#dependencies-and-requirements"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The option, where the target has a file of requirements and none of them names the package yet."""
    package = cause.id.partition(":")[2]
    if "." in package:  # the package is installed, and lacks a module
        return
    name = DISTRIBUTIONS.get(package, package.replace("_", "-"))
    needed = Needed(name, all(scene.is_test(place.path) for place in cause.locations))
    path = file_for(scene, needed)
    if not package or path is None or is_required(scene, name, package):
        return
    title = f"Require {name} in {path}"
    try:
        after = with_it(scene.text(path), path, needed)
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if after is None:
        return
    why = f"{'The tests import' if needed.by_tests else 'The app imports'} {package}, and no requirement names {name}"
    option = option_of(cause, scene, Proposal(KIND, title, why, {path: after}, documentation=_URL))
    yield replace(option, obstacle=needed.obstacle)
