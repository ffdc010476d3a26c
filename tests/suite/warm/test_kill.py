"""What is left when kit itself is killed while it keeps a warm suite: nothing that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.helpers import write_project
from tests.suite.warm.conftest import INI

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[3]

KEEPER = """
import sys, time
from pathlib import Path
from kit.suite.warm import WarmSuite
from tests.suite.projects import target_of

with WarmSuite(target_of(Path(sys.argv[1]))) as suite:
    suite.run()
    suite.run()
    print(suite.started, flush=True)
    time.sleep(600)
"""


def test_a_kit_that_is_killed_takes_along_what_holds_the_libraries(root: Path) -> None:
    write_project(root, {**INI, "test_a.py": "def test_a(): pass\n"})
    command = [sys.executable, "-c", KEEPER, str(root)]
    environment = {**os.environ, "TMPDIR": str(root.parent)}  # the scratch copy stays behind
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline().startswith("warm")
        kept = psutil.Process(keeper.pid).children(recursive=True)
        keeper.kill()
    _, alive = psutil.wait_procs(kept, timeout=30)

    assert len(kept) in (2, 3), "the guard, perhaps the first process of its namespace, and what it guards"
    assert alive == []
