"""Papermill's engine, without writing the notebook twice for each cell.

Each time papermill writes the whole file: of a notebook with thirty cells that takes longer than all else it does.
"""

from __future__ import annotations

from typing import Any, Final

from papermill.engines import NBClientEngine, papermill_engines

NAME: Final = "kit-sparing"


class SparingEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """Writes the notebook when it begins and when it ends, also when it fails or its kernel dies."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> None:
        """Execute the notebook that ``nb_man`` holds."""
        path, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = path


papermill_engines.register(NAME, SparingEngine)
