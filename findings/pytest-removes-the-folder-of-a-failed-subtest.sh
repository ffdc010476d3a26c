#!/usr/bin/env bash
# pytest 9.2.0: `tmp_path_retention_policy = failed` removes the folder of a test that failed in a subtest.
#
# Guess: the folders of all failed tests are kept: that is what the setting is for.
# Seen: the folder of a test that fails itself is kept. Where only a subtest fails, pytest reports the test as failed
# too, and yet removes its folder with the files that would show why.
# https://docs.pytest.org/en/stable/reference/reference.html#confval-tmp_path_retention_policy
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0
printf '[pytest]\ntmp_path_retention_policy = failed\n' > pytest.ini
cat > test_a.py <<'PY'
def test_plain(tmp_path):
    (tmp_path / "written").touch()
    assert False


def test_subtest(tmp_path, subtests):
    (tmp_path / "written").touch()
    with subtests.test():
        assert False
PY
venv/bin/python -m pytest -q --basetemp=kept test_a.py > output.txt || true
grep '^FAILED' output.txt | cut -d ' ' -f 2 | tee seen.txt
find kept -name written | tee -a seen.txt
diff seen.txt - <<'SEEN'
test_a.py::test_plain
test_a.py::test_subtest
kept/test_plain0/written
SEEN
