"""``kit lab``: the notebooks in JupyterLab."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click

from kit import case
from kit.facts.errors import UsageError
from kit.target import private_file, private_folder, project_around


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
def command(jupyter_options: tuple[str, ...]) -> int:
    """Open the notebooks in JupyterLab, with copies of them in the current folder.

    Inside an app they are copied into the folder of its reports, beside the app, and name the app. A notebook that is
    there already is left as it is. JUPYTER_OPTIONS go to jupyter lab as they are.
    """
    if find_spec("jupyterlab") is None:
        raise UsageError(f"JupyterLab is not installed here: {case.NEEDED}")
    folder, parameters = place_for_notebooks(case.notebooks_folder(), Path.cwd())
    copied = copy_notebooks(case.notebooks_folder(), folder, parameters)
    click.echo(f"kit: {copied} notebooks copied to {folder}" if copied else f"kit: the notebooks in {folder}", err=True)
    os.chdir(folder)
    command = [sys.executable, "-m", "jupyterlab", *jupyter_options]
    os.execve(sys.executable, command, case.environment_for_kernels(os.environ))  # noqa: S606  # no shell wanted


def place_for_notebooks(source: Path, here: Path) -> tuple[Path, dict[str, str]]:
    """The folder for copies of the notebooks in ``source``, and the parameters that they need there.

    It is ``here``, but not inside an app, where nothing is written: then it lies beside the app, and the copies name
    the app and the folder of its reports. Notebooks that somebody has put into the app are used where they are.
    """
    root = None if any((here / one.name).exists() for one in source.glob("*.ipynb")) else project_around(here)
    if root is None:
        return here, {}
    reports = case.planned_folder("", root)
    return reports / "notebooks", {"target": str(root), "reports_dir": str(reports)}


def copy_notebooks(source: Path, folder: Path, parameters: Mapping[str, str] | None = None) -> int:
    """Copy the notebooks that ``folder`` lacks into it, with these values of ``parameters``, and return how many these
    were. The folder is made where there are parameters.

    Raises :class:`UsageError` when the folder cannot be written.
    """
    copied = 0
    values = parameters or {}
    for notebook in sorted(source.glob("*.ipynb")):
        to = folder / notebook.name
        if to.exists() or folder == source:
            continue
        try:
            text = case.with_values(notebook.read_text(encoding="utf-8"), values)
            private_file(private_folder(folder) / to.name if values else to).write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"The notebooks cannot be copied to {folder} ({error.strerror}). Call kit lab in another folder."
            ) from error
        copied += 1
    return copied
