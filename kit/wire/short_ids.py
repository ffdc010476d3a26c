"""Short ids of tests: ``@3f9c2a71`` names a test whose node id cannot be shown, since it holds a secret."""

import hashlib

#: hex digits: of 10,000 tests, two have the same short id once in 80 suites; then both are run
LENGTH = 8

_SHORTEST = 6


def short_id(nodeid):
    # type: (str) -> str
    """The short id of the test that pytest calls ``nodeid``."""
    return "@" + hashlib.sha256(nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def short_ids_in(chosen):
    # type: (list[str]) -> tuple[str, ...]
    """The short ids among names of tests: ``@3f9c2a71``, or ``tests/test_a.py::@3f9c2a71`` where the file is known."""
    last = [one.rpartition("::")[2] for one in chosen]
    return tuple(one for one in last if is_short_id(one))


def is_short_id(name):
    # type: (str) -> bool
    """Whether a name has the form of a short id; its beginning is enough."""
    digits = name[1:]
    return name[:1] == "@" and _SHORTEST <= len(digits) <= LENGTH and not set(digits) - set("0123456789abcdef")
