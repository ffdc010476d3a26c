"""``kit lab``: the notebooks in JupyterLab."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from kit import case
from kit.facts.errors import UsageError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
def command(jupyter_options: tuple[str, ...]) -> int:
    """Open the notebooks in JupyterLab, with copies of them in the current folder.

    A notebook that is there already is left as it is. JUPYTER_OPTIONS go to jupyter lab as they are.
    """
    if find_spec("jupyterlab") is None:
        raise UsageError(f"JupyterLab is not installed here: {case.NEEDED}")
    here = Path.cwd()
    copied = copy_notebooks(case.notebooks_folder(), here)
    click.echo(f"kit: {copied} notebooks copied to {here}" if copied else f"kit: the notebooks in {here}", err=True)
    command = [sys.executable, "-m", "jupyterlab", *jupyter_options]
    os.execve(sys.executable, command, case.environment_for_kernels(os.environ))  # noqa: S606  # no shell wanted


def copy_notebooks(source: Path, folder: Path) -> int:
    """Copy the notebooks that ``folder`` lacks into it, and return how many these were.

    Raises :class:`UsageError` when the folder cannot be written.
    """
    copied = 0
    for notebook in sorted(source.glob("*.ipynb")):
        to = folder / notebook.name
        if to.exists() or folder == source:
            continue
        try:
            shutil.copyfile(notebook, to)
        except OSError as error:
            raise UsageError(
                f"The notebooks cannot be copied to {folder} ({error.strerror}). Call kit lab in another folder."
            ) from error
        copied += 1
    return copied
