"""Tests and imports that do not end, in suites that run."""

from __future__ import annotations

from pathlib import Path

from kit.causes import find_causes
from kit.failures import group_failures
from kit.inventory import Inventory
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.causes.apps import PYPROJECT, places, told
from tests.helpers import write_project


def test_the_line_that_a_test_or_an_import_hangs_on_is_named(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "shop/__init__.py": "",
        "shop/slow.py": "import time\n\ntime.sleep(99)\n",
        "shop/queue.py": "import threading\n\n\ndef drain():\n    threading.Event().wait()\n",
        "shop/worker.py": "from shop.queue import drain\n\n\ndef work():\n    drain()\n",
        "tests/test_a.py": "from shop import slow\n\ndef test_a():\n    pass\n",
        "tests/test_b.py": "from shop.queue import drain\n\ndef test_b():\n    drain()\n",
        "tests/test_c.py": (
            "import threading\nfrom shop.worker import work\n\ndef test_c():\n"
            "    thread = threading.Thread(target=work, daemon=True)\n    thread.start()\n    thread.join()\n"
        ),
    }
    target = find_target(write_project(tmp_path / "shop", files))
    options = RunOptions(workers=1, timeout_s=2, collection_timeout_s=8)
    suite = run_suite(target, events=tmp_path / "events.jsonl", options=options)

    causes = find_causes(Inventory.of(target).facts, suite, group_failures(suite))

    assert {(cause.kind, cause.title, cause.locations[0].path, cause.locations[0].line) for cause in causes} == {
        ("hanging-test", "The import of shop/slow.py does not end", "shop/slow.py", 3),
        ("hanging-test", "tests/test_b.py::test_b does not end", "shop/queue.py", 5),
        ("hanging-test", "tests/test_c.py::test_c does not end", "tests/test_c.py", 7),
    }
    (waiting,) = [cause for cause in causes if "test_c" in cause.title]
    assert places(waiting) == ["tests/test_c.py:7", "shop/queue.py:5"]
    assert "Another thread was here" in told(waiting)
