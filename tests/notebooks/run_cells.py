"""Runs the cells of notebooks in IPython, each in a namespace of its own: ``run_cells.py OUTPUT PARAMETERS NOTEBOOK…``.

Writes one JSON object a notebook into OUTPUT: its name, its first error, what its cells displayed as HTML.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


def run(path: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run one notebook; the parameters are set after the cell that declares them, as papermill does."""
    shell = InteractiveShell.instance()
    shell.reset()
    shown: list[str] = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        sources = [cell.source]
        if "parameters" in cell.metadata.get("tags", []):
            sources.append("\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())]))
        for source in sources:
            with capture_output() as captured:
                result = shell.run_cell(source, store_history=True)
            if not result.success:
                error = result.error_before_exec or result.error_in_exec
                return {"notebook": path.stem, "error": f"{source}: {error!r}", "html": shown}
            if hasattr(result.result, "_repr_html_"):
                shown.append(result.result._repr_html_())
            if captured.stderr:
                shown.append(captured.stderr)
    return {"notebook": path.stem, "error": None, "html": shown}


if __name__ == "__main__":
    told = [run(Path(name), json.loads(sys.argv[2])) for name in sys.argv[3:]]
    Path(sys.argv[1]).write_text(json.dumps(told))
