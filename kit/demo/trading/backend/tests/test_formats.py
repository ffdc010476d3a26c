"""Turning rows into files."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backend.app.exports.formats import Format, as_text, file_name, guard_formula, render

ROWS = {
    "none": [],
    "one": [{"symbol": "ACME", "price": Decimal("100.10")}],
    "two": [{"symbol": "ACME", "price": Decimal("1E+2")}, {"symbol": "BOLT", "price": None}],
    "quotes": [{"note": 'said "no", twice'}, {"note": "two\nlines"}],
    "unicode": [{"name": "Zoë", "flag": True}],
}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("", ""), ("ACME", "ACME"), (7, "7"), (True, "True"), (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"), (Decimal("1E-7"), "0.0000001"), (date(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 10, 30, tzinfo=UTC), "2026-03-04T10:30:00+00:00"),
    ],
)  # fmt: skip
def test_cells_are_plain_text(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("format", Format)
def test_rendered_rows_can_be_read_back(rows: str, format: Format) -> None:
    content = render(ROWS[rows], format)
    read = {
        Format.CSV: lambda: list(csv.DictReader(io.StringIO(content, newline=""))),
        Format.JSON: lambda: json.loads(content),
        Format.NDJSON: lambda: [json.loads(line) for line in content.splitlines()],
    }
    assert read[format]() == [{name: as_text(value) for name, value in row.items()} for row in ROWS[rows]]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)"])
@pytest.mark.parametrize("format", Format)
def test_formulas_are_disarmed_in_spreadsheets_only(text: str, format: Format) -> None:
    content = render([{"note": text}], format)
    assert (f"'{text}" in content.replace('"', "")) == (format is Format.CSV)


@pytest.mark.parametrize("text", ["-5", "+3.25", "-0.1E3", "ACME", "", "5-3", "a=b"])
def test_numbers_and_text_are_left_alone(text: str) -> None:
    assert guard_formula(text) == text


@pytest.mark.parametrize("dataset", ["trades", "positions", "watchlists"])
@pytest.mark.parametrize("format", Format)
def test_file_names_carry_the_day(dataset: str, format: Format) -> None:
    assert file_name(dataset, format, date(2026, 3, 4)) == f"{dataset}-20260304.{format.value}"
