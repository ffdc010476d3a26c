"""A fixture that outlives one that it asks for is named with both definitions."""

from __future__ import annotations

from tests.causes.scenes import causes_of, result, suite
from tests.failures.live import failure_with

SAID = """ScopeMismatch: You tried to access the function scoped fixture user with a session scoped request object. \
Requesting fixture stack:
tests/conftest.py:30:  def account(user)
Requested fixture:
tests/conftest.py:22:  def user()"""


def test_both_fixtures_are_named_the_one_that_lives_longer_first() -> None:
    failure = failure_with(SAID, "_pytest.outcomes.Failed", phase="setup")

    (cause,) = causes_of(suite([result(f"tests/test_a.py::test_{n}", failure) for n in (1, 2)], [failure]))

    assert cause.kind == "fixture-scope"
    assert cause.title == 'Fixture "account" lives for a session and asks for "user", which lives for a function'
    assert [str(place) for place in cause.locations[:2]] == ["tests/conftest.py:30", "tests/conftest.py:22"]
    assert 'Give "account" the scope "function"' in str(cause.next_step)


def test_two_pairs_of_fixtures_are_two_causes() -> None:
    pairs = [SAID, SAID.replace("account", "wallet").replace(":30", ":40")]
    failures = [failure_with(said, "_pytest.outcomes.Failed", phase="setup") for said in pairs]
    results = [result(f"tests/test_a.py::test_{n}", failure) for n, failure in enumerate(failures)]

    assert {cause.id for cause in causes_of(suite(results, failures))} == {
        "fixture-scope:account:user",
        "fixture-scope:wallet:user",
    }


def test_another_failure_that_speaks_of_scopes_is_none() -> None:
    failure = failure_with("the scope of user is not valid", "_pytest.outcomes.Failed", phase="setup")

    (cause,) = causes_of(suite([result("tests/test_a.py::test_1", failure)], [failure]))

    assert cause.kind != "fixture-scope"
