"""What varies goes, what names something stays."""

from __future__ import annotations

import pytest

from kit.failures.parameterise import LONGEST, parameterise


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("user ann@example.com is unknown", "user <email> is unknown"),
        ("GET https://api.example.com:8443/v1/orders failed", "GET <url>/v1/orders failed"),
        ("cannot open sqlite+aiosqlite:////tmp/x1.db", "cannot open <url>"),
        ("order 6f9619ff-8b86-d011-b42d-00c04fc964ff", "order <uuid>"),
        ("commit 356a192b7913b04c54574d18c28d46e6395428ab", "commit <sha>"),
        ("digest d41d8cd98f00b204e9800998ecf8427e", "digest <md5>"),
        ("since 2026-11-22 until 2026-11-23T06:48:10.440315+00:00", "since <date> until <date>"),
        ("at datetime.datetime(2020, 1, 2, 0, 0, tzinfo=datetime.timezone.utc)", "at <date>"),
        ("took 2.5 seconds, limit 30s", "took <duration>, limit <duration>"),
        ("10.0.0.12:5432 refused", "<ip> refused"),
        ("<Order object at 0x7f3b52215210>", "<Order object at <hex>>"),
        ("no file /srv/app/data/prices.csv", "no file <path>"),
        ("no file data/prices.csv", "no file <path>"),
        (r"no file C:\data\prices.csv", "no file <path>"),
        ("1.5 is not 2.0e-07", "<float> is not <float>"),
        ("expected 3, got -4", "expected <int>, got <int>"),
        ("name='Task-37' size=\"L\"", "name=<value> size=<value>"),
        ("  two\n   lines ", "two lines"),
    ],
)
def test_what_varies_is_replaced_by_its_kind(message: str, expected: str) -> None:
    assert parameterise(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        'Multiple classes found for path "User" in the registry of this declarative base.',
        "index ix_orders_2024 already exists",
        "no such column: users.email",
        "No module named 'eth_account.messages'",
        "fixture 'db_session' not found",
        "type object 'Order2' has no attribute 'v1_total'",
        "(sqlite3.OperationalError) near x",
        "<Response [404 Not Found]> and <Response [500]>",
        "app/orders or web3.middleware",
    ],
)
def test_names_of_the_target_stay(message: str) -> None:
    assert parameterise(message) == message


def test_two_messages_that_differ_in_data_become_one() -> None:
    first = "order 17 of ann@example.com rejected at 2026-11-22 10:00:00 by 0x7f00"
    second = "order 18 of bob@example.org rejected at 2026-11-23 11:30:00 by 0x7fff"

    assert parameterise(first) == parameterise(second)


def test_a_very_long_message_is_cut() -> None:
    assert len(parameterise("word " * 10_000)) == LONGEST
