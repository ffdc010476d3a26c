"""What the export endpoints take and give."""

from enum import StrEnum

from pydantic import BaseModel, Field

from backend.app.exports.formats import Format


class Dataset(StrEnum):
    TRADES = "trades"
    POSITIONS = "positions"
    WATCHLISTS = "watchlists"


class ExportRequest(BaseModel):
    dataset: Dataset
    format: Format = Format.CSV


class PreviewRequest(BaseModel):
    format: Format
    rows: list[dict[str, str | int | float | bool | None]] = Field(max_length=200)


class ExportResponse(BaseModel):
    """An export that is not ready, or is too large to be sent at once."""

    id: int
    status: str
    file_name: str
