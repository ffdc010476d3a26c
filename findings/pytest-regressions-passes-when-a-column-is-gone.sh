#!/usr/bin/env bash
# pytest-regressions 2.11.0 with pandas 3.1.1: a table passes without one of its columns, and with "007" turned into "7".
#
# Guess: the fixtures for tables fail when a column of the stored table is gone, or when a text is another one.
# Seen: `num_regression` and `dataframe_regression` compare the columns that the test brings; one that is only in the file is not
# missed, though one that is new fails, and `ndarrays_regression` fails for both. A text column is read back from CSV, so "007" and
# "7", or None and "", are the same.
# Not found in the documentation: https://pytest-regressions.readthedocs.io/en/latest/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-regressions==2.11.0 pandas==3.1.1 numpy==2.3.5
cat > test_tables.py <<'PY'
import os

import numpy as np
import pandas as pd

CHANGED = "CHANGED" in os.environ


def test_numbers_lose_a_column(num_regression):
    num_regression.check({"net": [1, 2]} if CHANGED else {"net": [1, 2], "gross": [2, 4]})


def test_numbers_gain_a_column(num_regression):
    num_regression.check({"net": [1, 2], "gross": [2, 4]} if CHANGED else {"net": [1, 2]})


def test_frame_loses_a_column(dataframe_regression):
    frame = pd.DataFrame({"net": [1, 2], "gross": [2, 4]})
    dataframe_regression.check(frame[["net"]] if CHANGED else frame)


def test_arrays_lose_one(ndarrays_regression):
    arrays = {"net": np.array([1, 2]), "gross": np.array([2, 4])}
    ndarrays_regression.check({"net": arrays["net"]} if CHANGED else arrays)


def test_code_loses_its_zeros(dataframe_regression):
    dataframe_regression.check(pd.DataFrame({"code": ["7" if CHANGED else "007"]}))


def test_text_becomes_none(dataframe_regression):
    dataframe_regression.check(pd.DataFrame({"name": ["Ann", None if CHANGED else ""]}))


def test_text_is_another(dataframe_regression):
    dataframe_regression.check(pd.DataFrame({"name": ["Ann", "Eve" if CHANGED else "Bob"]}))
PY
venv/bin/python -m pytest -q test_tables.py > log.txt || true
CHANGED=1 venv/bin/python -m pytest -q -rA test_tables.py > log.txt || true
sed -nE 's/^(PASSED|FAILED) ([^ ]*).*/\1 \2/p' log.txt | sort | tee seen.txt
diff seen.txt - <<'SEEN'
FAILED test_tables.py::test_arrays_lose_one
FAILED test_tables.py::test_numbers_gain_a_column
FAILED test_tables.py::test_text_is_another
PASSED test_tables.py::test_code_loses_its_zeros
PASSED test_tables.py::test_frame_loses_a_column
PASSED test_tables.py::test_numbers_lose_a_column
PASSED test_tables.py::test_text_becomes_none
SEEN
