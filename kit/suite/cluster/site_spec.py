"""What a site is told before it begins: everything that it cannot find out by itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import kit
from kit.facts.target import Target
from kit.suite.options import RunOptions

#: a site's interpreter for the target, where it is not at the same path as kit's
PYTHON_VARIABLE = "KIT_CLUSTER_PYTHON"

#: what of kit's own environment goes to the sites: how pytest shall behave, and nothing that may be a secret
_SHIPPED = ("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS", "PYTHONHASHSEED")


@dataclass(frozen=True)
class SiteSpec:
    """One site's part of a run. ``options.workers`` are its own, ``first`` is the number of the first of them in the
    run, ``workers`` how many the run has. ``import_paths`` are entries of ``PYTHONPATH`` inside the tree.
    """

    target: Target
    options: RunOptions
    nodeids: tuple[str, ...]
    first: int
    workers: int
    run: str
    environment: Mapping[str, str] = field(default_factory=dict)
    import_paths: tuple[str, ...] = ()
    kit_version: str = kit.__version__

    def encoded(self) -> bytes:
        """As bytes, the same for all versions of Python."""
        return msgspec.json.encode(self)


def decoded(data: bytes) -> SiteSpec:
    """The spec that was encoded. Raises :class:`msgspec.ValidationError` for one of another version of kit."""
    return msgspec.json.decode(data, type=SiteSpec)


def shipped_environment() -> dict[str, str]:
    """The variables of kit's environment that sites get."""
    return {name: os.environ[name] for name in _SHIPPED if name in os.environ}


def import_paths_in(tree: Path) -> tuple[str, ...]:
    """The entries of ``PYTHONPATH`` inside the tree, relative to it."""
    entries = [Path(entry).absolute() for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return tuple(str(entry.relative_to(tree)) for entry in entries if entry.is_relative_to(tree))
