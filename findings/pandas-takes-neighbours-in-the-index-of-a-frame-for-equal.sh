#!/usr/bin/env bash
# pandas 3.1.1: assert_frame_equal takes 10000001 and 10000002 in an index for equal, assert_series_equal does not.
#
# Guess: whole numbers are compared exactly, in a column and in the index, of a frame and of a series.
# Seen: the index of a frame is compared with the tolerance of 1e-5, even where the frame has no float. As a column, as
# the index of a series and for assert_index_equal the same numbers differ. So a frame whose index holds order numbers
# or dates as 20260101 passes with the wrong rows, and the test fails after reset_index().
# The documentation of check_exact says that it is the default for integer dtypes, and does not except the index:
# https://pandas.pydata.org/docs/reference/api/pandas.testing.assert_frame_equal.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pandas==3.1.1
venv/bin/python - <<'PY' | tee seen.txt
from pandas import DataFrame, Index, Series
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal


def compare(name, check, make, **options):
    try:
        check(make(Index([10000001], name="order")), make(Index([10000002], name="order")), **options)
    except AssertionError:
        print(f"{name}: differ")
    else:
        print(f"{name}: equal")


compare("index", assert_index_equal, lambda index: index)
compare("index of a series", assert_series_equal, lambda index: Series(["paid"], index=index))
compare("index of a frame", assert_frame_equal, lambda index: DataFrame({"state": ["paid"]}, index=index))
compare("the same, exact", assert_frame_equal, lambda index: DataFrame({"state": ["paid"]}, index=index), check_exact=True)
compare("column of a frame", assert_frame_equal, lambda index: index.to_frame(index=False))
PY
diff seen.txt - <<'SEEN'
index: differ
index of a series: differ
index of a frame: equal
the same, exact: differ
column of a frame: differ
SEEN
