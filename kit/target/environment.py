"""The environment variables for the target's processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import kit
from kit.facts.target import Target
from kit.platform.environments import SCRIPTS
from kit.target.folders import environment_of
from kit.target.sandbox.seen import plan_of, protection_of, seen_root
from kit.target.scratch import TEMPORARY, area_of, bytecode_beside

#: variables of kit's own session (its terminal, its Jupyter kernel, its interpreter) that would change what the target
#: does or prints
_NOISE = frozenset(
    {
        "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PY_COLORS",
        "OLDPWD", "PWD", "CONDA_DEFAULT_ENV", "CONDA_PREFIX", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT",
        "JPY_PARENT_PID", "JPY_SESSION_NAME", "PYDEVD_USE_FRAME_EVAL",
        "PYTEST_CURRENT_TEST", "PYTEST_VERSION",
        "PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT",
        "PYTHONEXECUTABLE", "PYTHONHOME", "PYTHONINSPECT", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONSAFEPATH",
        "PYTHONSTARTUP", "PYTHONUNBUFFERED", "PYTHONVERBOSE", "PYTHON_COLORS",
    }
)  # fmt: skip

#: git sets such variables for its hooks: with them every git command works on that repository, wherever it is started
_GIT = "GIT_"


def target_environment(target: Target, root: Path) -> dict[str, str]:
    """The environment for the target's processes; ``root`` is the root of the scratch copy that they run in.

    It is the user's own, in which the target's interpreter takes the place of kit's, the copy takes the place of the
    tree on the import path, and temporary files and bytecode go beside the copy, if anywhere. git's variables are gone:
    they would lead every git command to the real repository. ``PYTEST_ADDOPTS`` and
    ``PYTEST_DISABLE_PLUGIN_AUTOLOAD`` stay as the user has them.
    """
    environment = interpreter_environment(target.interpreter.executable if target.interpreter else None)
    in_tree = target.interpreter.paths_in_tree if target.interpreter else ()
    paths = [target.path / path for path in in_tree] + [
        Path(entry) for entry in _split(environment.pop("PYTHONPATH", ""))
    ]
    seen = seen_root(root)
    moved = dict.fromkeys(str(_moved(path, target.path, seen)) for path in paths)  # each once, in order
    if moved:
        environment["PYTHONPATH"] = os.pathsep.join(moved)
    environment["PWD"] = str(seen)
    if protection_of(root).covers:
        environment["GIT_DISCOVERY_ACROSS_FILESYSTEM"] = "1"  # the repository around the tree is below another mount
    elif _is_in(environment.get("VIRTUAL_ENV"), target.path):
        del environment["VIRTUAL_ENV"]  # it would lead out of the copy
    area = area_of(root)
    if area is not None:
        environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(area / TEMPORARY))
        if target.interpreter and not target.interpreter.has_bytecode:
            # compiling its packages once, beside the copy, costs less than at every start (about 2 s each)
            del environment["PYTHONDONTWRITEBYTECODE"]
            environment["PYTHONPYCACHEPREFIX"] = str(bytecode_beside(root))
    return environment


def plain_bytecode(root: Path) -> dict[str, object]:
    """What a plain run does with bytecode, for processes in the sandbox of the copy at ``root``: the ``variables`` that
    kit changes as the user has them, and the folders whose changes the sandbox is ``discarding``.
    """
    plan = plan_of(root)
    area = area_of(root)
    discarding = [plan.seen_root, *(each.place for each in plan.mounts), *([area / TEMPORARY] if area else ())]
    variables = {"PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE"), "PYTHONPYCACHEPREFIX": None}
    return {"variables": variables, "discarding": [str(folder) for folder in discarding]}


def interpreter_environment(executable: str | None) -> dict[str, str]:
    """The user's environment for a process of this interpreter, without the settings of kit's own session in it.

    ``PYTHONPATH`` is absolute, and kit itself is not on it.
    """
    environment = {
        name: value for name, value in os.environ.items() if name not in _NOISE and not name.startswith(_GIT)
    }
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    if environment.get("MPLBACKEND", "").startswith("module://"):  # a notebook's, which may be missing there
        del environment["MPLBACKEND"]
    paths = [str(Path(entry).absolute()) for entry in _split(os.environ.get("PYTHONPATH", "")) if not _holds_kit(entry)]
    if paths:
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    own = environment_of(sys.executable)
    search = [
        entry for entry in _split(os.environ.get("PATH", os.defpath)) if own is None or Path(entry) != own / SCRIPTS
    ]
    prefix = environment_of(executable) if executable else None
    if prefix is not None:
        environment["CONDA_PREFIX" if (prefix / "conda-meta").is_dir() else "VIRTUAL_ENV"] = str(prefix)
        search.insert(0, str(prefix / SCRIPTS))
    environment["PATH"] = os.pathsep.join(search)
    return environment


def _split(paths: str) -> list[str]:
    return [entry for entry in paths.split(os.pathsep) if entry]


def _moved(path: Path, tree: Path, copy: Path) -> Path:
    """The same place in the copy, for a path in the tree."""
    return copy / path.relative_to(tree) if path.is_relative_to(tree) else path


def _is_in(path: str | None, tree: Path) -> bool:
    return path is not None and Path(path).is_relative_to(tree)


def _holds_kit(entry: str) -> bool:
    candidate = Path(entry, "kit", "__init__.py")
    return candidate.is_file() and candidate.samefile(str(kit.__file__))
