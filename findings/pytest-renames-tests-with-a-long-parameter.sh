#!/usr/bin/env bash
# pytest 9.2.0: a test whose parameter is a text of more than 100 characters has another id than with 9.1.1.
#
# Guess: an upgrade of pytest leaves the ids of tests as they are, so lists of ids (`--deselect`, quarantined tests, the
# history of a test) still fit.
# Seen: the parameter is in the id up to 9.1.1; with 9.2.0 its place has the name of the argument and a number. A
# `--deselect` of the old id leaves nothing out and says nothing, so the test that it names runs and fails.
# https://docs.pytest.org/en/stable/changelog.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
cat > test_query.py <<'PY'
import pytest


@pytest.mark.parametrize("query", ["x" * 101])
def test_query(query):
    raise AssertionError("known to fail")
PY
old="test_query.py::test_query[$(printf 'x%.0s' $(seq 101))]"
for version in 9.1.1 9.2.0; do
  venv/bin/pip install -q --disable-pip-version-check pytest==$version
  id=$(venv/bin/python -m pytest -q -p no:cacheprovider --collect-only | head -1 | sed 's/x\{101\}/THE TEXT/')
  last=$(venv/bin/python -m pytest -q -p no:cacheprovider --deselect "$old" | tail -1 | sed 's/ in .*//') || true
  echo "$version: $id, $last"
done | tee seen.txt
diff seen.txt - <<'SEEN'
9.1.1: test_query.py::test_query[THE TEXT], 1 deselected
9.2.0: test_query.py::test_query[query0], 1 failed
SEEN
