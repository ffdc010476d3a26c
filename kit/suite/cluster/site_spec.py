"""The specification of a site: everything that it cannot find out by itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

import kit
from kit.facts.target import Target
from kit.suite.options import RunOptions

#: names the target's interpreter on the machine of a site, if its path differs from that on kit's machine
PYTHON_VARIABLE = "KIT_CLUSTER_PYTHON"

#: the variables of kit's environment that go to the sites: they set how pytest behaves, and contain no secrets
_SHIPPED = ("PYTEST_ADDOPTS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS", "PYTHONHASHSEED")


@dataclass(frozen=True)
class SiteSpec:
    """The part of a run that one site runs.

    ``options.workers`` is the number of workers of the site, ``first`` the number of its first worker in the run, and
    ``workers`` the number of workers of the run. ``import_paths`` are the entries of ``PYTHONPATH`` inside the tree.
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
        """The spec as bytes that every version of Python can decode."""
        return msgspec.json.encode(self)


def decoded(data: bytes) -> SiteSpec:
    """Decode a spec. Raises :class:`msgspec.ValidationError` for the spec of another version of kit."""
    return msgspec.json.decode(data, type=SiteSpec)


def shipped_environment() -> dict[str, str]:
    """The variables of kit's environment that sites get."""
    return {name: os.environ[name] for name in _SHIPPED if name in os.environ}


def import_paths_in(tree: Path) -> tuple[str, ...]:
    """The entries of ``PYTHONPATH`` inside the tree, relative to it."""
    entries = [Path(entry).absolute() for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return tuple(str(entry.relative_to(tree)) for entry in entries if entry.is_relative_to(tree))
