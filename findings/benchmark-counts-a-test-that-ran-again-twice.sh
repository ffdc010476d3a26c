#!/usr/bin/env bash
# pytest-benchmark 5.3.1 with pytest-rerunfailures 16.7: a test that runs again has two entries of one name in the file.
#
# Guess: the file has one entry for each test, with the figures of the attempt that passed.
# Seen: the attempt that failed has an entry too, under the same full name, and neither says which it is. What takes
# the entries by name keeps one of the two.
# https://pytest-benchmark.readthedocs.io/en/latest/usage.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-benchmark==5.3.1 pytest-rerunfailures==16.7
cat > test_a.py <<'PY'
import time

ATTEMPTS = []


def test_price(benchmark):
    ATTEMPTS.append(1)
    slow = len(ATTEMPTS) == 1
    benchmark.pedantic(time.sleep, args=[0.2 if slow else 0.01], rounds=3)
    assert not slow
PY
venv/bin/python -m pytest -q --reruns 1 --benchmark-json=seen.json > log.txt
tail -1 log.txt
venv/bin/python - <<'PY' | tee seen.txt
import json

entries = json.load(open("seen.json"))["benchmarks"]
for entry in entries:
    print(entry["fullname"], "slow" if entry["stats"]["mean"] > 0.1 else "fast")
others = set(entries[0]) - {"stats"}
print("they differ beside the figures:", any(entries[0][name] != entries[1][name] for name in others))
PY
diff seen.txt - <<'SEEN'
test_a.py::test_price slow
test_a.py::test_price fast
they differ beside the figures: False
SEEN
