#!/usr/bin/env bash
# allure-pytest 2.16.2: a test with the parameters 1 and "1" gives two results that Allure takes for two runs of one test.
#
# Guess: each parameter set has a history of its own, and the same one in each run.
# Seen: the history is named after the text of the values, without their types and without the test's id. Here the
# failed result of "1" and the passed one of 1 share a name, so the report shows one test that was run again. An object
# without a `__repr__` has its address in the name: each run begins a new history of it.
# Allure documents that results of one historyId are retries, and not how it is made of parameters; reported:
# https://github.com/allure-framework/allure-python/issues/864
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 allure-pytest==2.16.2
cat > test_parse.py <<'PY'
import pytest


class Shop: ...


@pytest.mark.parametrize("value", [1, "1"], ids=["number", "text"])
def test_price(value):
    assert isinstance(value, int)


@pytest.mark.parametrize("shop", [Shop()])
def test_shop(shop): ...
PY
for run in 1 2; do venv/bin/python -m pytest -q test_parse.py --alluredir "run$run" > log.txt || true; done
tail -n 1 log.txt | sed 's/ in .*//' | tee seen.txt
venv/bin/python - <<'PY' | tee -a seen.txt
import json
from pathlib import Path

runs = [[json.loads(file.read_text()) for file in Path(run).glob("*-result.json")] for run in ("run1", "run2")]
history = [{one["name"]: one["historyId"] for one in run} for run in runs]
print("results:", sorted(f"{one['name']} {one['status']}" for one in runs[0]))
print("number and text share a history:", history[0]["test_price[number]"] == history[0]["test_price[text]"])
print("the shop has one history in two runs:", history[0]["test_shop[shop0]"] == history[1]["test_shop[shop0]"])
PY
diff seen.txt - <<'SEEN'
1 failed, 2 passed
results: ['test_price[number] passed', 'test_price[text] failed', 'test_shop[shop0] passed']
number and text share a history: True
the shop has one history in two runs: False
SEEN
