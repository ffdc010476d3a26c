#!/usr/bin/env bash
# pytest-asyncio 1.5.0 in auto mode with anyio 4.16.0: a test for trio runs on asyncio, and passes.
#
# Guess: a test that is marked for anyio is run by anyio, on the backend that its name says.
# Seen: with asyncio_mode=auto the test named [trio] runs on an asyncio loop. In strict mode it runs on trio. So a suite
# that turns auto mode on for other tests no longer tries its code on trio, and every outcome stays as it was.
# https://anyio.readthedocs.io/en/stable/testing.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-asyncio==1.5.0 anyio==4.16.0 trio==0.35.0 \
  sniffio==1.3.1
cat > test_a.py <<'PY'
import pytest
import sniffio


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
async def test_backend(anyio_backend):
    print(f"\n{anyio_backend} runs on {sniffio.current_async_library()}")
PY
for mode in strict auto; do
  echo "$mode"
  printf "[pytest]\nasyncio_mode = $mode\nasyncio_default_fixture_loop_scope = function\n" > pytest.ini
  venv/bin/python -m pytest -q -s > log.txt
  grep -E "runs on" log.txt
  grep -oE "[0-9]+ (passed|failed)" log.txt
done | tee seen.txt
diff seen.txt - <<'SEEN'
strict
asyncio runs on asyncio
trio runs on trio
2 passed
auto
asyncio runs on asyncio
trio runs on asyncio
2 passed
SEEN
