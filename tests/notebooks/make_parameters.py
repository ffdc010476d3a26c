"""Writes the declared parameters into every notebook: `python -m tests.notebooks.make_parameters`."""

from __future__ import annotations

import json

from kit.case.kernels import notebooks_folder
from kit.case.notebook_parameters import parameters_cell


def main() -> None:
    """Replace the source of each cell with the tag ``parameters``."""
    for path in sorted(notebooks_folder().glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if "parameters" in cell["metadata"].get("tags", []):
                cell["source"] = parameters_cell().splitlines(keepends=True)
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
