"""Leave a plugin out that keeps pytest from starting: ``-p no:NAME`` in the options of the project.

https://docs.pytest.org/en/stable/how-to/plugins.html#deactivating-unregistering-a-plugin-by-name
"""

from __future__ import annotations

from collections.abc import Iterator

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.options.shared.pytest_settings import adding, settings_file
from kit.fixes.scene import FixScene, Proposal

CAUSES = frozenset({"plugin-broken"})
KIND = "disable-plugin"
_URL = "https://docs.pytest.org/en/stable/how-to/plugins.html#deactivating-unregistering-a-plugin-by-name"


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """The option, for plugins that are installed; the project's own are there to be fixed."""
    names = cause.id.partition(":")[2].split("+")
    if any(not name or name.endswith(".py") or scene.declarations.plugin(name) for name in names):
        return
    if any(name in scene.config.addopts for name in names):  # -p NAME loads it before -p no:NAME is read
        return
    added = " ".join(f"-p no:{name}" for name in names)
    title = f"Leave {' and '.join(names)} out: {added} in {settings_file(scene)}"
    why = "pytest starts without it"
    losses = tuple(f"what the tests use of {name}: its fixtures, marks and options" for name in names)
    yield from adding(cause, scene, "addopts", added, Proposal(KIND, title, why, {}, losses, documentation=_URL))
