"""Papermill's engine, without writing the notebook twice for each cell.

Each time papermill writes the whole file: of a notebook with thirty cells that takes longer than all else it does.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any, Final

from papermill.engines import NBClientEngine, papermill_engines

NAME: Final = "kit-sparing"


class NotebookStoppedError(Exception):
    """The next cell of the notebook shall not begin."""


class SparingEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Writes the notebook when it begins and when it ends, also when it fails or its kernel dies."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, stop: Event | None = None, **options: Any
    ) -> None:
        """Execute the notebook that ``nb_man`` holds, and begin no cell once ``stop`` is set."""
        path, nb_man.output_path = nb_man.output_path, None
        if stop is not None:
            nb_man.cell_start = _unless_stopped(nb_man.cell_start, stop)
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = path


def _unless_stopped(start: Callable[..., None], stop: Event) -> Callable[..., None]:
    def cell_start(*cell: Any, **more: Any) -> None:
        if stop.is_set():
            raise NotebookStoppedError
        start(*cell, **more)

    return cell_start


papermill_engines.register(NAME, SparingEngine)
