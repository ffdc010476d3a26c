#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: with -n, one file that cannot be imported does not stop the run.
#
# Guess: the run ends after the collection, with exit code 2, as without workers.
# Seen: with -n the tests of all other files run, and the exit code is 1, that of failed tests. What a script makes of
# exit code 2 ("nothing was run") does not happen with -n; without it, it takes --continue-on-collection-errors.
# https://docs.pytest.org/en/stable/reference/exit-codes.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0
echo "import a_module_that_is_not_there" > test_a.py
printf 'def test_one():\n    pass\n\n\ndef test_two():\n    pass\n' > test_b.py
for workers in 0 2; do
  code=0; venv/bin/python -m pytest -q -n $workers > log.txt || code=$?
  echo "-n $workers: $(tail -1 log.txt | sed 's/ in .*//'), exit code $code"
done | tee seen.txt
diff seen.txt - <<'SEEN'
-n 0: 1 error, exit code 2
-n 2: 2 passed, 1 error, exit code 1
SEEN
