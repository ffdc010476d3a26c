"""A throw-away environment on top of the target's own, in which some packages are moved to other releases."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from kit.facts.errors import TargetError
from kit.facts.target import Target
from kit.masking import mask
from kit.platform.environments import interpreter_in, site_packages_of
from kit.platform.temporary_folders import temporary_folder
from kit.target.environment import interpreter_environment
from kit.target.interpreters import interpreter_at

#: how long an installer may take, in seconds
INSTALL_LIMIT = 900.0

#: it begins with a letter that sorts behind those of packages: what the layer itself has comes first
_LAYER = "zz_below.pth"

_PACKAGE_FOLDERS = (
    "import json, os, sys; "
    "print(json.dumps([p for p in sys.path if os.path.basename(p) in ('site-packages', 'dist-packages')]))"
)


@contextmanager
def layered_target(target: Target, requirements: Sequence[str]) -> Iterator[Target]:
    """The target with an environment that has these requirements (``"sqlalchemy==2.1.9"``) on top of its own packages.

    pip installs them, with what they need in newer releases; it reads its usual configuration and variables. The
    target's own environment is only read. The new one is gone afterwards. Raises :class:`TargetError` when it cannot be
    made or a requirement cannot be installed.
    """
    if target.interpreter is None:
        raise TargetError(f"{target.root} has no usable Python interpreter; give one with --python.")
    own = target.interpreter
    with temporary_folder() as folder:
        environment = folder / "environment"
        below = json.loads(_run([own.executable, "-c", _PACKAGE_FOLDERS], own.executable, "say where its packages are"))
        _run([own.executable, "-m", "venv", str(environment)], own.executable, "make a virtual environment")
        executable = str(interpreter_in(environment))
        (packages,) = site_packages_of(environment)
        lines = [f"import site; site.addsitedir({path!r})\n" for path in below]
        (packages / _LAYER).write_text("".join(lines), encoding="utf-8")
        _install(executable, requirements)
        # the folders of packages below may lie in the tree: on PYTHONPATH they would come before those of the layer
        found = replace(interpreter_at(target.path, executable), paths_in_tree=own.paths_in_tree)
        yield replace(target, interpreter=found)


def _install(executable: str, requirements: Sequence[str]) -> None:
    pip = [executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    _run([*pip, "install", "--upgrade", *requirements], executable, f"install {' '.join(requirements)} with pip")
    wanted = {re.split(r"[^A-Za-z0-9._-]", one)[0].lower() for one in requirements}
    # what installs does not belong to the upgrade, and would hide what the environment below has of it
    own = [name for name in ("setuptools", "pip") if name not in wanted]
    _run([*pip, "uninstall", "--yes", *own], executable, f"remove {' and '.join(own)}")


def _run(command: Sequence[str], executable: str, what: str) -> str:
    try:
        done = subprocess.run(
            command,
            env=interpreter_environment(executable) | {"PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=INSTALL_LIMIT,
            cwd=Path(executable).parent,
        )
    except subprocess.TimeoutExpired:
        raise TargetError(f"Python did not {what} within {INSTALL_LIMIT:g} s.") from None
    if done.returncode:
        said = [line for line in (done.stderr.strip() or done.stdout.strip()).splitlines() if line.strip()]
        raise TargetError(f"Python could not {what}: {mask(said[-1]) if said else 'it does not say why'}")
    return done.stdout
