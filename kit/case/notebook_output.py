"""What notebooks show: control characters are visible, and no secret passes, in live outputs and in executed files."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from kit.masking import visible, without_certain

#: the colours of a traceback
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")


def guard_kernel() -> None:
    """In a Jupyter kernel, let everything that a cell displays go through the guard; elsewhere do nothing."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    formatter = getattr(shell, "display_formatter", None)
    if formatter is None or hasattr(formatter, "kit_unguarded"):
        return
    formatter.kit_unguarded = unguarded = formatter.format

    def guarded(*arguments: Any, **options: Any) -> Any:
        data, metadata = unguarded(*arguments, **options)
        return {kind: _shown(value) if kind in _TEXTS else value for kind, value in data.items()}, metadata

    formatter.format = guarded


def clean_notebook(path: Path) -> None:
    """Make the outputs of an executed notebook visible and mask secrets; another file stays as it is."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    for cell in notebook.get("cells", ()):
        for output in cell.get("outputs", ()):
            _clean(output)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", errors="replace")


def _clean(output: dict[str, Any]) -> None:
    for place in (output, output.get("data", {})):
        for kind in ("text", "ename", "evalue", "traceback", *_TEXTS):
            if kind in place:
                place[kind] = _shown(place[kind])


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return visible(_COLOUR.sub("", without_certain(value))) if isinstance(value, str) else value
