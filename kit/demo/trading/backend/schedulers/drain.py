"""Shutting down without losing orders."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SHIELDED = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def shielded() -> Iterator[None]:
    """A second Ctrl-C or an impatient supervisor must not cut a drain short."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SHIELDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class OrderDrain:
    """Counts the orders in flight, and waits for the last one."""

    def __init__(self) -> None:
        self._in_flight: set[int] = set()
        self._idle = threading.Event()
        self._accepting = True

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    def accept(self, order_id: int) -> bool:
        """Take an order on; False once the drain has begun."""
        if not self._accepting:
            return False
        self._in_flight.add(order_id)
        return True

    def settle(self, order_id: int) -> None:
        """An order is done, whatever became of it."""
        self._in_flight.discard(order_id)

    def drain(self) -> None:
        """Take nothing on any more and return once nothing is in flight."""
        self._accepting = False
        with shielded():
            self._idle.wait()
