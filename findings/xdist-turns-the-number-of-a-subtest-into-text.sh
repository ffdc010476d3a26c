#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: a subtest that is named by a number has another name with -n.
#
# Guess: the lines of the summary are the same with and without workers.
# Seen: SUBFAILED(number=0) becomes SUBFAILED(number='0'): what is not text is sent as text to the main process. So two
# runs of one suite, one with -n and one without, do not compare by these names.
# https://docs.pytest.org/en/stable/how-to/subtests.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0
cat > test_a.py <<'PY'
def test_numbers(subtests):
    for number in (5, 0):
        with subtests.test(number=number):
            assert number > 4
PY
for workers in 0 1; do
  { venv/bin/python -m pytest -q -n $workers test_a.py || true; } | grep -o "^SUBFAILED([^)]*)"
done | tee seen.txt
diff seen.txt - <<'SEEN'
SUBFAILED(number=0)
SUBFAILED(number='0')
SEEN
