"""What notebooks show: control characters are visible, and no secret passes, in live outputs and in executed files."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kit.masking import visible, without_certain

#: the colours of a traceback
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

#: what holds no text to read: in the letters that stand for a picture, a word can look like a secret by chance
_BINARY = re.compile(r"(?:image/(?!svg)|audio/|video/|font/|application/(?:pdf|octet-stream|zip)$)")


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
        return _shown_data(data), metadata

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
    for kind in ("text", "ename", "evalue", "traceback"):
        if kind in output:
            output[kind] = _shown(output[kind])
    if "data" in output:
        output["data"] = _shown_data(output["data"])


def _shown_data(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is displayed, by its kind: text, JSON, or what stands for a picture."""
    return {kind: value if _BINARY.match(kind) else _shown(value) for kind, value in data.items()}


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    if isinstance(value, dict):
        return {_shown(key): _shown(one) for key, one in value.items()}
    return visible(_COLOUR.sub("", without_certain(value))) if isinstance(value, str) else value
