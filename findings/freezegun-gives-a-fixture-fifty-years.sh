#!/usr/bin/env bash
# freezegun 1.5.5 with pytest 9.2.0: a fixture that freezes the time has taken fifty years, says --durations.
#
# Guess: pytest's durations are those of the real clock, as pytest measures with a clock that no calendar moves.
# Seen: with a fixture that freezes the time at 2020, the setup lasts more than 1,000,000,000 seconds and the teardown
# less than nothing by as much, in --durations and in what plugins are told. The decorator changes nothing.
# https://docs.pytest.org/en/stable/how-to/usage.html#profiling-test-execution-duration
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 freezegun==1.5.5 pytest-reportlog==1.0.0
cat > test_a.py <<'PY'
import freezegun
import pytest


@pytest.fixture
def frozen():
    with freezegun.freeze_time("2020-01-01"):
        yield


def test_with_a_fixture(frozen):
    pass


@freezegun.freeze_time("2020-01-01")
def test_with_the_decorator():
    pass
PY
venv/bin/python -m pytest -q --durations=1 --report-log=log.jsonl > log.txt
grep -E "^[0-9.]+s " log.txt
venv/bin/python - <<'PY' | tee seen.txt
import json

for line in map(json.loads, open("log.jsonl")):
    if line["$report_type"] == "TestReport":
        seconds = line["duration"]
        told = "years" if seconds > 1e9 else "minus years" if seconds < -1e9 else "moments"
        print(line["nodeid"].partition("::")[2], line["when"], told)
PY
diff seen.txt - <<'SEEN'
test_with_a_fixture setup years
test_with_a_fixture call moments
test_with_a_fixture teardown minus years
test_with_the_decorator setup moments
test_with_the_decorator call moments
test_with_the_decorator teardown moments
SEEN
