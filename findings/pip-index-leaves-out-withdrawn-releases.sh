#!/usr/bin/env bash
# pip 26.3: `pip index versions` leaves out releases that were withdrawn (yanked), and an exact wish still installs them.
#
# Guess: the list has every release that `pip install NAME==VERSION` takes.
# Seen: attrs 21.1.0 is not in it, and `attrs==21.1.0` can be had. Only a wish that no release fulfils tells of it.
# A bisection over the list of `pip index versions` steps over such a release and may name the next one.
# https://peps.python.org/pep-0592/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pip==26.3
venv/bin/pip index versions attrs 2>/dev/null | grep 'Available versions' | tr ',' '\n' > listed.txt
grep -q ' 21\.2\.0$' listed.txt
echo "listed: $(grep -c ' 21\.1\.0$' listed.txt || true)" | tee seen.txt
venv/bin/pip download -q --no-deps attrs==21.1.0 2>/dev/null
echo "taken: $(find . -maxdepth 1 -name 'attrs-21.1.0-*.whl' | wc -l)" | tee -a seen.txt
{ venv/bin/pip download --no-deps attrs==0.dev0 2>&1 || true; } | grep -o 'yanked versions: 21.1.0' | tee -a seen.txt
test "$(tr '\n' ' ' < seen.txt)" = "listed: 0 taken: 1 yanked versions: 21.1.0 "
