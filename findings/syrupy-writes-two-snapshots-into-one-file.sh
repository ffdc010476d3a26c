#!/usr/bin/env bash
# syrupy 7.0.2: two parameter sets whose names differ in a slash share one file of SingleFileSnapshotExtension.
#
# Guess: each has a file, or the update stops because two tests want the same one.
# Seen: the update is green, says "1 snapshot updated", and the later test has overwritten what the earlier one wrote.
# The next run fails in one of them, and so it does after each further update. Names lose `/`, `:`, `*` and the like,
# so paths, URLs and times as parameters meet.
# Not found in the documentation; that the characters go is in https://github.com/syrupy-project/syrupy/pull/398
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 syrupy==7.0.2
cat > test_pages.py <<'PY'
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension


@pytest.mark.parametrize("path", ["a/b", "ab"])
def test_page(snapshot, path):
    assert path.encode() == snapshot.use_extension(SingleFileSnapshotExtension)
PY
run() { venv/bin/python -m pytest -q test_pages.py "$@" | grep -oE '[0-9]+ (passed|failed)' | paste -sd ' ' -; }
for _ in 1 2; do
  echo "update: $(run --snapshot-update)"
  echo "run: $(run)"
done | tee seen.txt
find __snapshots__ -type f | sed 's/.*\///' | tee -a seen.txt
diff seen.txt - <<'SEEN'
update: 2 passed
run: 1 failed 1 passed
update: 2 passed
run: 1 failed 1 passed
test_page[ab].raw
SEEN
