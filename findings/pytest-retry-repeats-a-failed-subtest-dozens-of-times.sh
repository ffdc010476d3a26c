#!/usr/bin/env bash
# pytest-retry 1.7.0 with pytest 9.2.0: a test with a subtest that always fails is repeated far more often than asked.
#
# Guess: with --retries 2 the test runs three times, and the summary shows its assertion.
# Seen: it runs more than twenty times, its report says again and again that it passed on attempt 2, and the summary
# shows `KeyError: 'subtests'` in place of the assertion.
# https://github.com/str0zzapreti/pytest-retry
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-retry==1.7.0
cat > test_a.py <<'PY'
def test_numbers(subtests):
    with open("calls.txt", "a") as calls:
        calls.write("called\n")
    with subtests.test("small"):
        assert 0 > 4
PY
venv/bin/python -m pytest -q --retries 2 test_a.py > out.txt || true
grep "^SUBFAILED" out.txt
echo "calls: $(wc -l < calls.txt); passed on attempt 2: $(grep -c 'passed on attempt 2' out.txt)"
test "$(wc -l < calls.txt)" -gt 20
test "$(grep -c 'passed on attempt 2' out.txt)" -gt 10
grep -q "^SUBFAILED.*KeyError: 'subtests'" out.txt
