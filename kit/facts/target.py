"""What is investigated: the target, its interpreter and its pytest configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

#: names the demo that comes with kit where the path of a target is expected; it reads the same in a command line
DEMO = "--demo"


@dataclass(frozen=True)
class Distribution:
    """An installed distribution. ``required_by`` names the installed ones that require it, extras left out; names are
    normal: lower case, with ``-``.
    """

    name: str
    version: str
    required_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interpreter:
    """The Python that runs the target.

    ``packages`` maps the distribution names that matter (``sqlalchemy``, ``pytest``, ``fastapi``, …; lower case) to
    their versions; one that is not installed is absent. ``is_kits_own`` is true when the target has no environment of
    its own and kit's is used, which deserves a warning.
    """

    executable: str
    version: str
    packages: dict[str, str] = field(default_factory=dict)
    is_kits_own: bool = False
    #: entries of its ``sys.path`` that lie inside the target's tree (editable installs), relative to the root
    paths_in_tree: tuple[str, ...] = ()
    #: whether its packages have bytecode on disk (uv leaves that to the first run, which kit must not let write there)
    has_bytecode: bool = True
    #: all that it has installed, by name
    distributions: tuple[Distribution, ...] = ()

    @property
    def installed(self) -> dict[str, str]:
        """The version of each installed distribution."""
        return {one.name: one.version for one in self.distributions}


@dataclass(frozen=True)
class PytestConfig:
    """The target's pytest configuration, as far as kit needs to know it before pytest reads it.

    ``path`` is the file it stands in, relative to the target's root, or ``None`` for a target without one.
    ``rootdir`` is pytest's, relative to the target's root (``"."`` when they are the same). ``filterwarnings`` are the
    suite's filters of warnings in their order: pytest tries the last one first.
    """

    path: str | None = None
    rootdir: str = "."
    addopts: tuple[str, ...] = ()
    testpaths: tuple[str, ...] = ()
    pythonpath: tuple[str, ...] = ()
    filterwarnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One thing that was found about the target, and why it was chosen: a line of ``--dry-run``."""

    what: str
    value: str
    why: str


@dataclass(frozen=True)
class Target:
    """An app under investigation. Nothing is ever written below ``root``.

    ``import_roots`` and ``test_paths`` are relative to ``root`` (``"."`` is the root itself).
    """

    root: str
    name: str
    interpreter: Interpreter | None
    import_roots: tuple[str, ...]
    test_paths: tuple[str, ...]
    config: PytestConfig = PytestConfig()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()
    revision: str | None = None
    dirty: bool | None = None
    #: whether somebody named ``test_paths``; else they were found, and pytest finds them too
    tests_named: bool = False
    #: where a reader finds ``{path}``, line ``{line}``, of this revision on the web; unset where files had changed
    source_url: str | None = None

    @property
    def path(self) -> Path:
        """The root as a path."""
        return Path(self.root)

    @property
    def state(self) -> str | None:
        """The revision in short, and whether something had changed since: ``"1a2b3c4d5e6f with changes"``."""
        return self.revision[:12] + (" with changes" if self.dirty else "") if self.revision else None

    def package(self, name: str) -> str | None:
        """The version of an installed distribution, or ``None``."""
        return self.interpreter.packages.get(name) if self.interpreter else None
