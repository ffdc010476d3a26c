"""What detectors read in messages: each library's way to say it, and texts that only look alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.causes.scene.nearest import nearest
from kit.facts.failures import Failure
from tests.causes.scenes import causes_of, collision, finding, inventory, result, suite
from tests.failures.live import failure_with, in_test, own


def kinds_of(failure: Failure) -> list[str]:
    return [cause.id for cause in causes_of(suite([result("t.py::a", failure)], [failure]))]


@pytest.mark.parametrize(
    ("kind", "message", "service"),
    [
        (
            "psycopg.OperationalError",
            'connection failed: connection to server at "127.0.0.1", port 5432 failed: Connection refused',
            "localhost:5432",
        ),
        (
            "psycopg2.OperationalError",
            'connection to server at "db.local" (10.0.0.7), port 5432 failed: Connection refused',
            "db.local:5432",
        ),
        ("psycopg2.OperationalError", 'could not translate host name "db" to address: Name unknown', "db"),
        ("redis.exceptions.ConnectionError", "Error 111 connecting to cache:6379. Connection refused.", "cache:6379"),
        (
            "builtins.OSError",
            "Multiple exceptions: [Errno 111] Connect call failed ('::1', 5432, 0, 0), [Errno 111] Connect call failed",
            "localhost:5432",
        ),
        (
            "aiohttp.client_exceptions.ClientConnectorError",
            "Cannot connect to host api.local:443 ssl:default [Connection refused]",
            "api.local:443",
        ),
        (
            "pymysql.err.OperationalError",
            "(2003, \"Can't connect to MySQL server on 'db' ([Errno 111] Connection refused)\")",
            "db",
        ),
        (
            "requests.exceptions.ConnectionError",
            "HTTPConnectionPool(host='api.local', port=80): Max retries exceeded: Connection refused",
            "api.local:80",
        ),
    ],
)
def test_host_and_port_are_read_as_the_library_says_them(kind: str, message: str, service: str) -> None:
    assert kinds_of(failure_with(message, kind)) == [f"service-unreachable:{service}"]


def test_where_no_message_tells_the_host_the_calling_line_does_and_a_password_is_not_read() -> None:
    line = own("app/db.py", 3, "connect", 'connect("postgresql://kit:s3cret@db.local:5433/shop")')
    (cause,) = causes_of(
        suite(
            [
                result(
                    "t.py::a",
                    f := failure_with("[Errno 111] Connection refused", "ConnectionRefusedError", frames=(line,)),
                )
            ],
            [f],
        )
    )

    assert cause.id == "service-unreachable:db.local:5433"
    assert "s3cret" not in cause.title + str(cause.next_step)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("ConnectionRefusedError", "[Errno 111] Connection refused"),  # nothing says where
        ("sqlite3.OperationalError", "unable to open database file"),
        ("psycopg2.OperationalError", 'database "shop" does not exist'),
        ("app.errors.OrderError", "the exchange at host='api.local', port=80 has refused the order"),
        ("AttributeError", "module 'shop.mail' has no attribute 'send'"),  # no test patches it
        ("ImportError", "cannot import name 'price' from 'shop.prices' (shop/prices.py)"),
        ("ValueError", "the fixture 'db' not found"),
        ("sqlalchemy.exc.ArgumentError", "Mapper Mapper[A(a)] could not assemble any primary key columns"),
    ],
)
def test_what_names_nothing_stays_a_group(kind: str, message: str) -> None:
    (cause,) = kinds_of(failure_with(message, kind))

    assert cause.startswith("failure-group:")


@pytest.mark.parametrize(
    ("message", "identity"),
    [
        (
            "Could not determine join condition between A and B on relationship Post.user - t",
            "Post.user",
        ),
        (
            "Could not locate any relevant foreign key columns on relationship Node.parent. E",
            "Node.parent",
        ),
        ("Mapper 'mapped class User->users' has no property 'posts'", "User.posts"),
        ("Error creating backref 'posts' on relationship 'Post.user': property of that name exists", "Post.user"),
        ("reverse_property 'posts' on relationship Post.user references relationship User.posts, which", "Post.user"),
        ("Node.parent and back-reference Node.kids are both of the same direction symbol('ONETOMANY')", "Node.parent"),
        ("When initializing mapper mapped class Post->p, expression 'Usr' failed to locate a name ('Usr')", "Post.Usr"),
    ],
)
def test_the_relationship_is_read_in_the_words_of_each_sqlalchemy(message: str, identity: str) -> None:
    assert kinds_of(failure_with(message, "sqlalchemy.exc.ArgumentError")) == [f"broken-relationship:{identity}"]


def test_a_circle_without_recorded_frames_is_named_by_its_module() -> None:
    message = (
        "partially initialized module 'shop.prices' has no attribute 'price' (most likely due to a circular import)"
    )
    assert kinds_of(failure_with(message, "AttributeError")) == ["circular-import:shop.prices"]


def test_a_table_that_a_collision_explains_counts_for_the_collision() -> None:
    failure = failure_with("Table 'user' is already defined for this MetaData instance. Specify", "E", phase="collect")

    (cause,) = causes_of(suite([], test_x=failure), inventory([collision("User")]))

    assert (cause.id, cause.uncollectable) == ("mapper-collision:User", ("tests/test_x.py",))


def test_a_module_that_no_test_has_met_is_told_and_one_that_another_cause_explains_is_not() -> None:
    missing = failure_with(
        "No module named 'web3'", "ModuleNotFoundError", frames=(own("app/chain.py", 2, "<module>", "import web3"),)
    )
    findings = [
        finding("module-not-importable", "app.chain", "app/chain.py:2"),
        finding("module-not-importable", "app.rates", "app/rates.py:5"),
        finding("module-not-importable", "app.routes", "app/routes.py:7"),
        finding("response-annotation", "get_route", "app/routes.py:7"),
    ]

    causes = causes_of(suite([result("t.py::a", missing)], [missing]), inventory(findings=findings))

    assert [cause.id for cause in causes] == [
        "missing-package:web3",
        "module-not-importable:app.rates",
        "response-annotation:get_route",
    ]


def test_a_file_that_cannot_be_parsed_is_not_blamed_on_its_importer() -> None:
    importer = own("app/main.py", 3, "<module>", "import app.broken")
    failure = failure_with("invalid syntax (broken.py, line 3)", "SyntaxError", phase="collect", frames=(importer,))

    (cause,) = causes_of(suite([], test_x=failure))

    assert cause.kind == "failure-group"


def test_a_test_module_that_fails_by_itself_is_no_module_of_the_target() -> None:
    frame = in_test("tests/test_x.py", 3, "<module>", "1 / 0")
    failure = failure_with("division by zero", "ZeroDivisionError", phase="collect", frames=(frame,))

    assert [cause.kind for cause in causes_of(suite([], test_x=failure))] == ["failure-group"]


def test_a_table_of_two_classes_waits_unless_it_only_smells() -> None:
    waiting = finding("table-mapped-twice", "users", "app/users.py:4", "app/members.py:4")
    waiting = replace(waiting, severity="blocks_when_both_imported", details={"table": "users"})

    (cause,) = causes_of(None, inventory(findings=[waiting]))

    assert (cause.id, cause.tests_blocked) == ("table-mapped-twice:users", 0)
    assert causes_of(None, inventory(findings=[replace(waiting, severity="smell")])) == ()


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("db_sesion", {"db_session", "client"}, "db_session"),
        ("db_session", {"db_session"}, None),
        ("mocker", {"db_session", "client"}, None),
        ("send_email", {"deliver", "send_mail"}, "send_mail"),
    ],
)
def test_the_nearest_name_is_one_that_is_like_it(name: str, known: set[str], expected: str | None) -> None:
    assert nearest(name, known) == expected
