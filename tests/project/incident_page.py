"""The page of ``kit/docs`` that describes ``incident.json``, from its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

Schema = dict[str, Any]
#: what a table shows of a key: its name, its type, and what it means
Row = tuple[str, str, str]


def parts() -> Iterator[tuple[str, str, list[Row]]]:
    """Each object of the document, with what it means and its keys: ``causes[].evidence[]``, for instance."""
    schema = json.loads(files("kit.report").joinpath("incident.schema.json").read_text(encoding="utf-8"))
    shared = schema["$defs"]
    yield "The document", schema["description"], [_row(*one) for one in schema["properties"].items()]
    for key, value in schema["properties"].items():
        yield from _below(key, value)
    for name, value in shared.items():
        meaning = value.get("description", "")
        if "properties" in value:
            yield name, meaning, [_row(*one) for one in value["properties"].items()]
        else:
            yield name, f"{_type(value)}. {meaning}".strip(), []


def _below(path: str, schema: Schema) -> Iterator[tuple[str, str, list[Row]]]:
    if "items" in schema:
        yield from _below(f"{path}[]", schema["items"])
    if "properties" in schema:
        yield path, schema.get("description", ""), [_row(*one) for one in schema["properties"].items()]
        for key, value in schema["properties"].items():
            yield from _below(f"{path}.{key}", value)


def _row(key: str, schema: Schema) -> Row:
    return f"`{key}`", _type(schema), schema.get("description", "")


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(one)}`" for one in schema["enum"])
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    inner = schema.get("items")
    told = f"array of {_type(inner)}" if inner and "properties" not in inner else "array"
    return " or ".join(told if one == "array" else str(one) for one in names)
