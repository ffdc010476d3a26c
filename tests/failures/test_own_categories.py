"""A user's own categories: read from TOML, asked in their place, and one sentence for a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.errors import UsageError
from kit.facts.failures import Grouping
from kit.failures import Rule, group_failures, load_categories, rules
from tests.failures.live import failure_with, own
from tests.failures.test_grouping import FOLLOW_ON, MULTIPLE, suite_of

TEXTS = 'title = "Billing sandbox"\nmeaning = "It refuses the call."\nadvice = "Ask for a new key."\n'


def written(folder: Path, *tables: str) -> Path:
    path = folder / "categories.toml"
    path.write_text("\n".join(f"[[category]]\n{table}" for table in tables))
    return path


def category(folder: Path, rule: str, key: str = "billing") -> tuple[Rule, ...]:
    return load_categories(written(folder, f'key = "{key}"\n{TEXTS}{rule}'))


def keys(grouping: Grouping) -> list[str]:
    return [found.key for found, _ in grouping.categories]


def test_a_category_takes_what_it_fits_with_all_its_texts(tmp_path: Path) -> None:
    categories = category(tmp_path, 'documentation = "https://example.com/b"\nexception = "app.errors.BillingError"')
    failures = [failure_with("the sandbox is locked", f"app.errors.{kind}Error") for kind in ("Billing", "Order")]

    grouping = group_failures(suite_of(("t.py::a", failures[0]), ("t.py::b", failures[1])), categories=categories)

    (found, tests), (other, _) = grouping.categories
    assert (found.key, found.title, found.documentation, tests) == (
        "billing",
        "Billing sandbox",
        "https://example.com/b",
        1,
    )
    assert other.key == "unexplained"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('exception = ["BillingError", "OtherError"]', "billing"),
        ('exception = "OtherError"', "network"),
        ('message = "sandbox .* refused"', "billing"),
        ('message = ["gone", "^the sandbox"]', "billing"),
        ('message = "^sandbox"', "network"),
        ('path = "app/billing/*"', "billing"),
        ('path = "app/*.py"', "billing"),
        ('path = "billing/*"', "network"),
        ('exception = "BillingError"\npath = "app/orders/*"', "network"),
    ],
)
def test_what_is_given_must_all_hold_and_one_of_several_is_enough(tmp_path: Path, rule: str, expected: str) -> None:
    frames = (own("app/billing/calls/client.py", 4, "charge"),)
    failure = failure_with("the sandbox says: Connection refused", "app.errors.BillingError", frames=frames)

    grouping = group_failures(suite_of(("t.py::a", failure)), categories=category(tmp_path, rule))

    assert keys(grouping) == [expected]


@pytest.mark.parametrize(("before", "expected"), [("network", "billing"), ("unexplained", "network")])
def test_a_category_is_asked_before_the_built_in_one_that_it_names(tmp_path: Path, before: str, expected: str) -> None:
    failure = failure_with("[Errno 111] Connection refused", "ConnectionRefusedError")

    categories = category(tmp_path, f'before = "{before}"\nmessage = "refused"')

    assert keys(group_failures(suite_of(("t.py::a", failure)), categories=categories)) == [expected]


def test_of_two_that_fit_the_first_of_the_file_is_taken(tmp_path: Path) -> None:
    tables = (f'key = "{key}"\n{TEXTS}message = "sandbox"' for key in ("second", "first"))
    categories = load_categories(written(tmp_path, *tables))

    grouping = group_failures(suite_of(("t.py::a", failure_with("the sandbox is locked", "E"))), categories=categories)

    assert keys(grouping) == ["second"]


def test_a_group_that_lies_in_a_path_only_in_part_keeps_its_built_in_category(tmp_path: Path) -> None:
    categories = category(tmp_path, 'path = "app/billing/*"')
    failures = [
        failure_with("no such table: users", "sqlite3.OperationalError", frames=(own(f"app/{part}/db.py", 3, "load"),))
        for part in ("billing", "orders")
    ]
    tests = [(f"t.py::{number}", failure) for number, failure in enumerate(failures)]

    seen = [keys(group_failures(suite_of(*order), categories=categories)) for order in (tests, tests[::-1])]

    assert seen == [["database-schema"], ["database-schema"]]
    assert keys(group_failures(suite_of(tests[0]), categories=categories)) == ["billing"]


def test_what_only_repeats_an_error_has_the_category_of_the_error(tmp_path: Path) -> None:
    first = failure_with(MULTIPLE, "sqlalchemy.exc.InvalidRequestError", frames=(own("app/billing/m.py", 3, "x"),))
    later = failure_with(FOLLOW_ON + MULTIPLE, "sqlalchemy.exc.InvalidRequestError")

    suite = suite_of(("t.py::a", later), ("t.py::b", first))

    assert keys(group_failures(suite, categories=category(tmp_path, 'path = "app/billing/*"'))) == ["billing"]


def test_a_cause_that_is_only_a_group_has_the_advice_of_the_users_category(tmp_path: Path) -> None:
    suite = suite_of(("t.py::a", failure_with("the sandbox is locked", "app.errors.BillingError")))
    grouping = group_failures(suite, categories=category(tmp_path, 'message = "sandbox"'))

    (cause,) = find_causes(None, suite, grouping)

    assert str(cause.next_step).startswith("Ask for a new key. ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[category]\n", "is not valid TOML: "),
        ("", "it has no category"),
        ('category = "billing"', "it has no category"),
        ("[[categories]]\n", '"categories" is unknown here'),
        (f'[[category]]\n{TEXTS}message = "x"', "category 1: Object missing required field `key`"),
        (
            f'[[category]]\nkey = "a"\n{TEXTS}message = "x"\n[[category]]\nkey = "b"\n{TEXTS}mesage = "x"',
            'category 2 ("b"): Object contains unknown field `mesage`',
        ),
        (f'[[category]]\nkey = "b"\n{TEXTS}message = 3', 'category 1 ("b"): Expected `str | array'),
        (f'[[category]]\nkey = "b"\n{TEXTS}', 'category 1 ("b"): it needs an exception, a message or a path'),
        (f'[[category]]\nkey = "b"\n{TEXTS}message = "("', 'message = "(" is not a valid regular expression: '),
        (f'[[category]]\nkey = "b"\n{TEXTS}path = []', "Expected `array` of length >= 1"),
        (f'[[category]]\nkey = "network"\n{TEXTS}path = "x"', 'the key "network" is taken'),
        (f'[[category]]\nkey = "b"\nbefore = "net"\n{TEXTS}path = "x"', 'before = "net" names no built-in category'),
        (f'[[category]]\nkey = "B b"\n{TEXTS}path = "x"', 'category 1 ("B b"): Expected `str` matching regex'),
        ('category = ["b"]\n', "category 1: Expected `object`, got `str`"),
    ],
)
def test_a_file_that_is_wrong_is_one_sentence(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "categories.toml"
    path.write_text(content)

    with pytest.raises(UsageError) as raised:
        load_categories(path)

    assert str(raised.value).startswith(f"{path}: ")
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    table = f'key = "billing"\n{TEXTS}path = "x"'

    with pytest.raises(UsageError, match=r'category 2 \("billing"\): the key "billing" is taken'):
        load_categories(written(tmp_path, table, table))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "categories.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageError, match=r"categories\.toml: the file of categories "):
        load_categories(path)


def test_every_built_in_category_can_be_stood_before(tmp_path: Path) -> None:
    for rule in rules():
        (found,) = category(tmp_path, f'before = "{rule.key}"\nmessage = "x"')
        assert found.rank == rule.rank
