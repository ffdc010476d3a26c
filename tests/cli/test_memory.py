"""What kit does with memory that it has used once."""

from __future__ import annotations

import platform
import subprocess
import sys
from textwrap import dedent

import pytest

pytestmark = pytest.mark.slow

#: so many MB are kept of blocks that are freed below one that is still in use
KEPT = """
    import sys
    import psutil
    from kit.platform.memory import give_memory_back

    if sys.argv[1] == "give":
        give_memory_back()
    first = bytearray(20_000_000)
    del first
    before = psutil.Process().memory_info().rss
    blocks = [bytearray(b"x" * 1_000_000) for _ in range(41)]
    del blocks[:40]
    print((psutil.Process().memory_info().rss - before) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such setting")
def test_large_blocks_that_are_free_go_back_to_the_system() -> None:
    def kept(how: str) -> int:
        command = [sys.executable, "-c", dedent(KEPT), how]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    assert kept("keep") > 20, "else this shows nothing"
    assert kept("give") < 10
