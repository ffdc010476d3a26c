"""Which top-level names of the target something outside of it may have too, as distributions of one namespace do.

https://packaging.python.org/en/latest/guides/packaging-namespace-packages/
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from kit.facts.inventory import Requirement
from kit.facts.spelling import distribution_name
from kit.facts.target import Target
from kit.inventory.source.requirements import read_own_name
from kit.target import names_outside


class SharedNames:
    """Answers for one target; kit asks its interpreter once for each name. ``tree`` is where an editable install of it
    leads to.
    """

    def __init__(self, target: Target, requirements: Iterable[Requirement], tree: Path) -> None:
        self._target, self._tree = target, tree
        self._required = {distribution_name(one.name) for one in requirements}
        self._ask = lru_cache(maxsize=None)(self._is_outside)

    def __call__(self, top: str) -> bool:
        """Whether a distribution that the target requires has a name of the namespace, as ``azure-identity`` has of
        ``azure``, or the target's interpreter finds a part of it outside of the tree.
        """
        return _has_name_of(top, self._required) or self._ask(top)

    def _is_outside(self, top: str) -> bool:
        interpreter = self._target.interpreter
        if interpreter is None or interpreter.is_kits_own:  # it does not have the target's packages
            return _has_name_of(top, {read_own_name(self._target.path)}, itself=False)
        return top in names_outside(self._tree, interpreter.executable, [top])


def _has_name_of(top: str, distributions: Iterable[str], *, itself: bool = True) -> bool:
    name = distribution_name(top)
    return any((itself and one == name) or one.startswith(f"{name}-") for one in distributions)
