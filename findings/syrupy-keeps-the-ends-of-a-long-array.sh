#!/usr/bin/env bash
# syrupy 7.0.2 with NumPy 2.3.5 and pandas 3.1.1: a snapshot of a result with a long array passes when its middle changed.
#
# Guess: a snapshot holds all values, or the long array is refused.
# Seen: it holds what `repr` prints: three values at each end of an array of more than 1,000, five rows at each end of a
# frame of more than 60. A changed value between them passes; the same values as a list fail.
# Not found in the documentation: https://syrupy-project.github.io/syrupy/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 syrupy==7.0.2 numpy==2.3.5 pandas==3.1.1
cat > test_prices.py <<'PY'
import os

import numpy as np
import pandas as pd
import pytest

PRICES = np.arange(2000.0)
if "CHANGED" in os.environ:
    PRICES[5:1990] = -1.0


@pytest.mark.parametrize("kind", [np.array, pd.DataFrame, list], ids=["array", "frame", "list"])
def test_result(snapshot, kind):
    assert {"prices": kind(PRICES)} == snapshot
PY
venv/bin/python -m pytest -q test_prices.py --snapshot-update > log.txt
CHANGED=1 venv/bin/python -m pytest -q -rA test_prices.py > log.txt || true
sed -nE 's/^(PASSED|FAILED) ([^ ]*).*/\1 \2/p' log.txt | sort | tee seen.txt
diff seen.txt - <<'SEEN'
FAILED test_prices.py::test_result[list]
PASSED test_prices.py::test_result[array]
PASSED test_prices.py::test_result[frame]
SEEN
