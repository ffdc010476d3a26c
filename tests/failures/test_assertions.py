"""What assertions say, taken from real messages of pytest and unittest."""

from __future__ import annotations

import pytest

from kit.failures.assertions import (
    differing_keys,
    http_status,
    says_little,
    shape_of,
    unexpected_values,
    words_found,
)

RESPONSE = (
    " +  where 404 = <Response [404 Not Found]>.status_code\n +    where <Response [404 Not Found]> = get('/gone')"
)


@pytest.mark.parametrize(
    ("message", "shape"),
    [
        ("assert 3 == 4", "assert <number> == <number>"),
        ("assert 'a == b' == 'c'", "assert <text> == <text>"),
        ("assert [1, 2] == [1, 3]\n  \n  At index 1 diff: 2 != 3", "assert <collection> == <collection>"),
        ("assert 'x' not in {'x': 1}", "assert <text> not in <collection>"),
        ("assert 0.1 == 0.2 ± 2.0e-07", "assert <number> == <approx>"),
        ("assert None is not None", "assert None is not None"),
        ("assert (1 + 1) == 3", "assert <value> == <number>"),
        ("assert 2 == 3\n +  where 2 = len([1, 2])", "assert <number> == <number> (len)"),
        (f"assert 404 == 200\n{RESPONSE}", "assert 404 == 200 (.status_code)"),
        ("assert 404 in (200, 201)", "assert 404 in 200, 201"),
        ("assert (404, {'detail': 'Not Found'}) == (200, {'id': 404})", "assert 404 == 200"),
        (
            "assert False\n +  where False = <built-in method startswith of str object at 0x7f>('a')",
            "assert False (startswith)",
        ),
        ("balance of 17 must stay\nassert 1 == 2", "balance of <int> must stay assert <number> == <number>"),
        ("order 17 was not filled", "order <int> was not filled"),
    ],
)
def test_the_shape_has_kinds_in_place_of_values(message: str, shape: str) -> None:
    assert shape_of(message) == shape


@pytest.mark.parametrize(
    "message",
    [
        "",
        "assert 1 == 2",
        '{"detail":"Not Found"}\nassert 404 == 200',
        "1 != 2",
        "Lists differ: [1] != [2]\n\nFirst differing element 0:",
        "False is not true",
        "1 not found in [2]",
        "Expected 'send' to be called once. Called 0 times.",
        "DID NOT RAISE <class 'ValueError'>",
    ],
)
def test_a_comparison_of_values_says_little(message: str) -> None:
    assert says_little(message)


@pytest.mark.parametrize("message", ["the balance must stay the same\nassert 1 == 2", "the order was not filled"])
def test_a_sentence_of_its_author_says_enough(message: str) -> None:
    assert not says_little(message)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (f"assert 404 == 200\n{RESPONSE}", 404),
        ("assert 200 == 404\n +  where 404 = <Response [404]>.status_code", 404),
        ("assert 200 == 404\n +  where 200 = <Response [200 OK]>.status_code", 200),
        ("assert 404 == 200", 404),
        ("assert 405 in (200, 201)", 405),
        ("assert (404, {'detail': 'Not Found'}) == (200, {'kind': 'win'})", 404),
        ("assert (404, 'a') == ('b', 200)", None),
        ("Client error '403 Forbidden' for url 'http://testserver/admin'", 403),
        ("404: Not Found", 404),
        ("assert 404 == 17", None),
        ("assert 17 == 404", None),
        ("assert 4040 == 2000", None),
    ],
)
def test_the_status_of_an_answer_is_read_from_what_was_got(message: str, status: int | None) -> None:
    assert http_status(message) == status


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("assert 8 == 1", {"8"}),
        ("assert 200 == 404\n +  where 404 = <Response [404 Not Found]>.status_code", {"404"}),
        ("assert ['a', 7] == ['a', 9]\n  \n  At index 1 diff: 7 != 9", {"7"}),
        ("assert {'a': 1, 'b'...} == {'a': 2}\n  Differing items:\n  {'a': 1} != {'a': 2}", {"1"}),
        ("assert [1, True] == [1, False]", {"True"}),
        ("assert False\n +  where False = is_open()", {"False"}),
        ("assert not True\n +  where True = is_open()", {"True"}),
        ("assert True is False", {"True"}),
        ("assert 'it\\d...' == 'x'", {r"'it\\d...'"}),
        ("assert <Order 7> == 8", set()),
        ("assert 3 > 4", set()),
        ("order 17 was not filled", set()),
    ],
)
def test_the_values_that_were_found_in_place_of_others(message: str, values: set[str]) -> None:
    assert unexpected_values(message) == values


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("0 != 50", {"0"}),
        ("404 != 201 : the order is not kept", {"404"}),
        ("'open' != 'OPEN'\n- open\n+ OPEN\n", {"'open'"}),
        ("Lists differ: ['a', 'x'] != ['a', 'b']\n\nFirst differing element 1:\n'x'\n'b'\n", {"'x'"}),
        ("None is not true", set()),
        ("the rate 5 is not known", set()),
    ],
)
def test_the_values_that_unittest_found_in_place_of_others(message: str, values: set[str]) -> None:
    assert unexpected_values(message) == values


@pytest.mark.parametrize(
    ("message", "status"), [("404 != 200", 404), ("401 != 403", 401), ("200 != 404", None), ("404.5 != 200", None)]
)
def test_a_refusal_that_unittest_compares_is_a_status(message: str, status: int | None) -> None:
    assert http_status(message) == status


def test_the_keys_under_which_two_dictionaries_differ() -> None:
    message = (
        "assert {'id': 1, 'price': 10, 'state': 'a'} == {'id': 1, 'price': 20, 'state': 'b'}\n"
        "  Omitting 1 identical items, use -vv to show\n"
        "  Differing items:\n"
        "  {'price': 10} != {'price': 20}\n"
        "  {'state': 'a'} != {'state': 'b'}\n"
    )

    assert differing_keys(message) == {"price", "state"}
    assert differing_keys("assert 1 == 2") == set()


def test_the_names_that_only_the_found_text_holds_are_told() -> None:
    message = (
        "assert 'Order(id=1...NO_VALUE: 4>)' == 'Order(id=1...<not loaded>)'\n  \n"
        "  - Order(id=1, name=<not loaded>)\n"
        "  ?                   ^^^^^^^^^^\n"
        "  + Order(id=1, name=<Status.NO_VALUE: 4>)\n"
        " +  where 'Order' = repr(order)"
    )
    assert words_found(message) == {"Status", "NO_VALUE"}
    assert words_found("assert [1] == []\n  \n  + Order") == frozenset(), "nothing was expected, so that all differs"
