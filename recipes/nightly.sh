#!/usr/bin/env bash
# Runs the suite with papermill, and says what changed since the night before: APP=/srv/app REPORTS=/srv/reports nightly.sh
set -u
mkdir -p "$REPORTS"
today="night-$(date +%Y%m%d)"
newest='import json, sys; print(next((case["id"] for case in json.load(sys.stdin)["cases"]), ""))'
last="$(kit cases --reports-dir "$REPORTS" --format json | python -c "$newest")"
notebooks="$(python -c 'from kit import case; print(case.notebooks_folder())')"
for notebook in 3_test_batches 4_failure_categories; do
  papermill "$notebooks/$notebook.ipynb" "$REPORTS/$today-$notebook.ipynb" -p target "$APP" -p case "$today" -p reports_dir "$REPORTS"
done
if [ -n "$last" ]; then kit compare "$last" "$today" --format markdown --reports-dir "$REPORTS"; fi
