#!/usr/bin/env bash
# import-linter 2.17 with grimp 3.20: modules in a folder without `__init__.py` are not read, and the contract is kept.
#
# Guess: what Python imports from a package is checked, or the run says which files it left out.
# Seen: `shop.store.sql.query` imports a layer above it and can be imported, but is no part of the graph. The contract
# is kept; with an empty `__init__.py` in the folder the same contract is broken.
# Not found in the documentation: https://import-linter.readthedocs.io/en/stable/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check import-linter==2.17 grimp==3.20
mkdir -p shop/store/sql shop/pages
touch shop/__init__.py shop/store/__init__.py shop/pages/__init__.py
echo 'TITLE = "Shop"' > shop/pages/start.py
echo 'from shop.pages.start import TITLE' > shop/store/sql/query.py
cat > .importlinter <<'INI'
[importlinter]
root_package = shop

[importlinter:contract:layers]
name = pages above store
type = layers
layers =
    shop.pages
    shop.store
INI
check() { PYTHONPATH=. venv/bin/lint-imports --no-cache 2>&1 | grep -E '^(Analyzed|pages above store (KEPT|BROKEN))' || true; }
{
  PYTHONPATH=. venv/bin/python -c 'from shop.store.sql import query; print("imported with", query.TITLE)'
  check
  touch shop/store/sql/__init__.py
  check
} | tee seen.txt
diff seen.txt - <<'SEEN'
imported with Shop
Analyzed 4 files, 0 dependencies.
pages above store KEPT
Analyzed 6 files, 1 dependencies.
pages above store BROKEN
SEEN
