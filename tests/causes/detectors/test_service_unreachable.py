"""A service that does not answer."""

from __future__ import annotations

import pytest

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with, in_test

SAID = {
    "HTTPConnectionPool(host='billing', port=8080): Max retries exceeded (Connection refused)": "billing:8080",
    "Error 111 connecting to 127.0.0.1:6379. Connection refused.": "localhost:6379",
    'connection to server at "db.local" (10.0.0.1), port 5432 failed: Connection refused': "db.local:5432",
    "Multiple exceptions: [Errno 111] Connect call failed ('::1', 5432, 0, 0)": "localhost:5432",
}


@pytest.mark.parametrize("message", SAID)
def test_host_and_port_are_named(message: str) -> None:
    frames = (in_test("tests/test_a.py", 5, "test_a", "client.ping()"),)
    failure = failure_with(message, "ConnectionError", frames=frames)
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert (cause.kind, cause.title) == ("service-unreachable", f"Nothing answers at {SAID[message]}")
    assert str(cause.locations[0]) == "tests/test_a.py:5"


def test_services_on_two_hosts_are_two_causes() -> None:
    hosts = ("redis", "cache")
    messages = [f"Error 111 connecting to {host}:6379. Connection refused." for host in hosts]
    failures = [failure_with(message, "ConnectionError") for message in messages]
    facts = suite([result(f"tests/test_{n}.py::test_a", one) for n, one in enumerate(failures)], failures)
    assert {cause.title for cause in causes_of(facts)} == {f"Nothing answers at {host}:6379" for host in hosts}


def test_a_refusal_that_names_no_service_is_not_guessed() -> None:
    failure = failure_with("the request was refused by the policy", "ValueError")
    (cause,) = causes_of(suite([result("tests/test_a.py::test_a", failure)], [failure]))
    assert cause.kind != "service-unreachable"
