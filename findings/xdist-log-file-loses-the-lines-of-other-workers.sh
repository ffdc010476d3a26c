#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: a log file has the lines of only some of the tests.
#
# Guess: with `-n 2 --log-file=run.log` the file has what all tests logged, as without workers.
# Seen: each worker opens the file anew and writes over what the other wrote. Of 40 tests that log one line each the file
# has about half, and nothing says so. A file for each worker has to be set in `pytest_configure`.
# https://pytest-xdist.readthedocs.io/en/stable/how-to.html#creating-one-log-file-for-each-worker
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0
cat > test_log.py <<'PY'
import logging
import time

import pytest


@pytest.mark.parametrize("number", range(40))
def test_logs(number):
    time.sleep(0.02)
    logging.getLogger().warning("line %03d", number)
PY
for workers in 0 2; do
  venv/bin/python -m pytest -q -p no:cacheprovider -n $workers --log-file=run.log > log.txt
  kept=$(grep -ao 'line [0-9]*' run.log | sort -u | wc -l)
  echo "-n $workers: $(tail -1 log.txt | sed 's/ in .*//'), all lines are there: $([ "$kept" = 40 ] && echo yes || echo no)"
done | tee seen.txt
diff seen.txt - <<'SEEN'
-n 0: 40 passed, all lines are there: yes
-n 2: 40 passed, all lines are there: no
SEEN
