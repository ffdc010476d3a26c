"""Keeps, in a forked child, what Python's own hooks at a fork would change for the tests.

Those of CPython 3.8 to 3.14 seed the global generator of ``random`` anew, and (from 3.12 on) forget which event loop
the thread has. A plain run has no fork: tests see the numbers that a seed in a conftest file promises, and the event
loop, or its absence, that an import has left. The other hooks (of ``threading``, ``logging`` and
``concurrent.futures``) make locks anew, which no test sees; ``tempfile`` and ``uuid`` ask for the process or the system
themselves, numpy's global generator has no hook.

A generator that nobody has seeded is left as the hook makes it: the names that tests draw are to differ between
workers, as they do between the processes of any other run.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import random
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Optional, Tuple


#: the words of a Mersenne Twister, which are made all at once, and how often at most that is followed (a few
#: milliseconds): a process that has drawn more than 100,000 numbers while it collected counts as seeded
WORDS, MOST_BLOCKS = 624, 200

#: what the generator is made of, and what it does, bound before a test can replace it
GENERATOR: Any = getattr(random, "_inst", None)
Generator = random.Random


class Chance:
    """What a process has at its start, and right before a fork."""

    def __init__(self) -> None:
        self._start = GENERATOR.getstate() if GENERATOR is not None else None
        self._state: Any = None
        self._loops: Optional[Tuple[Any, Any]] = None

    def note(self) -> None:
        """Remember what the child is to have."""
        self._state = self._seeded_state()
        self._loops = loops_of_policy()

    def restore(self) -> None:
        """Give it to the child."""
        if self._state is not None:
            GENERATOR.setstate(self._state)
        if self._loops is not None:
            policy, loops = self._loops
            policy._local = loops

    def _seeded_state(self) -> Any:
        """The state of the generator if it was seeded; ``None`` if it goes on from where this process began."""
        if self._start is None:
            return None
        now = GENERATOR.getstate()
        return None if follows(self._start, now) else now


def follows(start: Any, now: Any) -> bool:
    """Whether a generator comes from one state to another by drawing numbers."""
    generator = Generator()
    generator.setstate(start)
    words = now[1][:-1]
    for _ in range(MOST_BLOCKS):
        here = generator.getstate()[1]
        if here[:-1] == words:
            return True
        if here[-1] < WORDS:
            generator.getrandbits(32 * (WORDS - here[-1]))  # up to the end of this block
        generator.getrandbits(32)
    return False


def loops_of_policy() -> Optional[Tuple[Any, Any]]:
    """The policy of asyncio, if there is one by now, and the event loops that it knows."""
    policy = getattr(sys.modules.get("asyncio.events"), "_event_loop_policy", None)
    loops = getattr(policy, "_local", None)
    return None if loops is None else (policy, loops)
