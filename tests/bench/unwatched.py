"""kit without its watch of the state that tests share: ``python tests/bench/unwatched.py run PATH``, for measuring."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[2])

from kit.cli.main import main  # noqa: E402
from kit.suite.process.supervisor import Supervisor  # noqa: E402

_start = Supervisor.start


def _start_unwatched(self: Supervisor, slot: int, request: Any, **more: Any) -> Any:
    return _start(self, slot, {**request, "watches": False}, **more)


if __name__ == "__main__":
    Supervisor.start = _start_unwatched  # type: ignore[method-assign]
    main()
