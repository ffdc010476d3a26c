"""What each layer of the demo shows, by plain pytest on copies patched by hand: `python -m tests.demo.make_layers`.

Writes layers.json, which the numbers of the fix trials are compared with. It takes some minutes: each layer is a run of
the whole suite. The test that hangs and the one that ends the interpreter are left out; they fail in every layer.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.demo.make_expected import EXPECTED
from tests.demo.trees import Run, mended, run_suite

LAYERS_FILE = Path(__file__).parent / "layers.json"
TRAPS = "10"
#: by the kind of cause: the patch that removes it
PATCHES = {
    "duplicate-index:ix_users_display_name": "13",
    "response-annotation:backend/app/exports/routes.py:download": "03",
    "duplicate-index:ix_quota_usages_user_id": "01",
    "mapper-collision:User": "02",
    "route-missing:backend.app.decisions.outcome_routes.router": "05",
    "feature-switch:signal_blending": "06",
    "naive-datetime:backend.app.auth.lockout:is_locked": "04",
}
#: what a failure of the database tests says, and the cause that it shows
_SAYS = {
    "index ix_users_display_name already exists": "duplicate-index:ix_users_display_name",
    "index ix_quota_usages_user_id already exists": "duplicate-index:ix_quota_usages_user_id",
    'Multiple classes found for path "User"': "mapper-collision:User",
}


def run_layer(folder: Path, *patches: str) -> Run:
    """A plain run of the whole suite with these patches and without its fail-fast traps."""
    defects = json.loads(EXPECTED.read_text())["defects"]
    fatal = [test for name in ("hanging-scheduler", "interpreter-exit") for test in defects[name]["tests"]]
    tree = mended(folder / f"with-{'-'.join(patches) or 'none'}", TRAPS, *patches)
    left_out = [argument for test in fatal for argument in ("--deselect", test)]
    run = run_suite(tree, "--continue-on-collection-errors", *left_out, timeout_s=1800)
    if run.status is None:
        raise SystemExit(f"the run with the patches {patches} did not end")
    run.collected += fatal
    return run


def shown(run: Run) -> dict[str, str]:
    """Failing test to the cause that it shows, or to its message."""
    failing = {test: one.message for test, one in run.reports.items() if one.outcome == "failed"}
    return {
        test: next((cause for text, cause in _SAYS.items() if text in message), message)
        for test, message in failing.items()
    }


def layer_of(cause: str, before: Run, after: Run) -> dict[str, Any]:
    """What became of the tests between the run without any patch and this one."""
    was, now = shown(before), shown(after)
    newly = set(after.collected) - set(before.collected)
    return {
        "cause": cause,
        "collected": len(after.collected),
        "passed": sum(one.outcome == "passed" for one in after.reports.values()),
        "newly_collected": len(newly),
        "unlocked": sum(test not in now for test in was),
        "unmasked": dict(Counter(now[test] for test in was if test in now and now[test] != was[test])),
        "broken": sum(test not in was and test not in newly for test in now),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        before = run_layer(Path(folder))
        layers, applied = [], list[str]()
        for cause, number in PATCHES.items():
            applied.append(number)
            layers.append(layer_of(cause, before, run_layer(Path(folder), *applied)))
    LAYERS_FILE.write_text(json.dumps(layers, indent=2) + "\n")


if __name__ == "__main__":
    main()
