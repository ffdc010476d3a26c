"""Turning rows into files."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "ndjson": "application/x-ndjson"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"


def as_text(value: object) -> str:
    """One cell: decimals without exponent, times in ISO format, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def guard_formula(text: str) -> str:
    """Keep spreadsheets from running what a user typed: a leading apostrophe makes it text."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_number(text) else text


def render(rows: Iterable[Mapping[str, object]], format: Format) -> str:
    """All rows in one format. Columns come from the first row."""
    table = [{name: as_text(value) for name, value in row.items()} for row in rows]
    if format is Format.JSON:
        return json.dumps(table, indent=2)
    if format is Format.NDJSON:
        return "".join(json.dumps(row) + "\n" for row in table)
    if not table:
        return ""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: guard_formula(text) for name, text in row.items()} for row in table)
    return out.getvalue()


def file_name(dataset: str, format: Format, day: date) -> str:
    return f"{dataset}-{day:%Y%m%d}.{format}"


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False
