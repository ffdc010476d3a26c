#!/usr/bin/env bash
# numpy 1.26.4 and 2.3.5: what np.uint8(200) + 100 gives has changed, and only a warning says so.
#
# Guess: 300 with both, since a Python integer has no size.
# Seen: 300 with 1.26.4, and 44 with 2.3.5.
# A sum over small integers is wrong after the upgrade, and no test fails that looks for an exception.
# https://numpy.org/doc/stable/numpy_2_0_migration_guide.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
for version in 1.26.4 2.3.5; do
  venv/bin/pip install -q --disable-pip-version-check numpy==$version
  venv/bin/python -W ignore -c 'import numpy as np; print(np.__version__, int(np.uint8(200) + 100))' | tee -a seen.txt
done
grep -q '^1.26.4 300$' seen.txt
grep -q '^2.3.5 44$' seen.txt
