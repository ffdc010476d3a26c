"""The parameters of a notebook: the cell that declares them, and the names that somebody has set."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from kit.facts.errors import UsageError
from kit.facts.parameters import CASE_PARAMETERS, Kind, Parameter
from kit.facts.spelling import did_you_mean

#: how the cell begins that declares the parameters, and how papermill begins the one that sets them
_DECLARING, _SETTING = "# What to investigate.", "# Parameters"

_TYPES: dict[Kind, str] = {
    "text": "str",
    "texts": "list",
    "number": "float",
    "whole": "int",
    "flag": "bool",
    "limits": "dict",
    "table": "dict",
}


def parameters_cell() -> str:
    """The source of the cell that declares the parameters of every notebook."""
    head = f"{_DECLARING} Papermill sets these with -p NAME VALUE or -f FILE.yaml; in JupyterLab edit them here."
    return "\n".join([head, *map(_declaration, CASE_PARAMETERS)])


def _declaration(parameter: Parameter) -> str:
    default = list(parameter.default) if parameter.kind == "texts" else parameter.default
    value = json.dumps(default, ensure_ascii=False) if isinstance(default, str) else repr(default)
    return f"{parameter.name}: {_TYPES[parameter.kind]} = {value}  # {parameter.in_notebook or parameter.help}"


def with_values(notebook: str, values: Mapping[str, str]) -> str:
    """A notebook, as JSON, whose parameters have these ``values`` instead of their defaults."""
    lines = {
        one.name: _declaration(replace(one, default=values[one.name])) for one in CASE_PARAMETERS if one.name in values
    }
    content = json.loads(notebook)
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            declared = "".join(cell["source"]).splitlines()
            chosen = [lines.get(line.partition(":")[0], line) for line in declared]
            cell["source"] = "\n".join(chosen).splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def check_names(namespace: Mapping[str, Any], known: Mapping[str, Parameter]) -> None:
    """Raise :class:`UsageError` when a parameter cell has set a name that is not ``known``.

    IPython keeps the source of the cells that it has run in the ``namespace``, under ``In``.
    """
    for name in (name for source in _parameter_cells(namespace) for name in _names_set_in(source)):
        if name not in known:
            raise UsageError(f'There is no parameter "{name}"{did_you_mean(name, known)}')


def has_parameters(namespace: Mapping[str, Any]) -> bool:
    """Whether a notebook has run a cell that declares or sets parameters."""
    return bool(_parameter_cells(namespace))


def _parameter_cells(namespace: Mapping[str, Any]) -> list[str]:
    return [source for source in namespace.get("In", ()) if source.startswith((_DECLARING, _SETTING))]


def _names_set_in(source: str) -> Iterator[str]:
    with suppress(SyntaxError):  # the cell has failed by itself then
        for node in ast.parse(source).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            yield from (target.id for target in targets if isinstance(target, ast.Name))
