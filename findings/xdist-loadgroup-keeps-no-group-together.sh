#!/usr/bin/env bash
# pytest-xdist 3.8.0 with pytest 9.2.0: `--dist loadgroup` spreads the tests of one group over the workers.
#
# Guess: tests with one xdist_group run in one worker.
# Seen: they run in several.
# Groups protect what tests share (a port, a file), so the suite gets flaky and nothing says why.
# https://pytest-xdist.readthedocs.io/en/stable/distribution.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0
cat > test_ports.py <<'PY'
import os
import time

import pytest


@pytest.mark.xdist_group("port")
@pytest.mark.parametrize("number", range(12))
def test_port(number):
    time.sleep(0.05)
    with open("workers.txt", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PY
venv/bin/python -m pytest -q -n 3 --dist loadgroup test_ports.py | tail -n 1
sort workers.txt | uniq -c
test "$(sort -u workers.txt | wc -l)" -gt 1
