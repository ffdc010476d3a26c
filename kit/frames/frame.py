"""A pandas frame of rows."""

from __future__ import annotations

import pandas as pd


def frame(
    rows: list[dict[str, object]], columns: list[str], *, category: tuple[str, ...] = (), whole: tuple[str, ...] = ()
) -> pd.DataFrame:
    """The rows with these columns, also when there is none; ``category`` and ``whole`` name columns of such a dtype."""
    dtypes = {**dict.fromkeys(category, "category"), **dict.fromkeys(whole, "Int64")}
    return pd.DataFrame(rows, columns=columns).astype(dtypes)
