"""Small apps that are really broken, run once: each defect is one named cause, and what only looks like it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from kit.causes import find_causes
from kit.facts.causes import Cause
from kit.facts.outcomes import BAD
from kit.facts.suite import SuiteFacts
from kit.failures import group_failures
from kit.inventory import Inventory, mark_loaded
from kit.suite import RunOptions, run_suite
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\npythonpath = ["."]\n'
BASE = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"
MODEL = """
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from shop.base import Base

    class {name}(Base):
        __tablename__ = "{table}"
        id: Mapped[int] = mapped_column(primary_key=True)
    """

APP = {
    "pyproject.toml": PYPROJECT,
    "shop/__init__.py": "",
    "shop/base.py": BASE,
    "shop/prices.py": "from shop.orders import total\n\ndef price():\n    return 1\n",
    "shop/orders.py": "from shop.prices import price\n\ndef total():\n    return price()\n",
    "shop/mail.py": "def send_mail():\n    raise ValueError('no server is set')\n",
    "shop/rates.py": "RATES = {}\nDEFAULT = RATES['EUR']\n",
    "shop/invoices.py": "import shop.rates\n",
    "shop/users.py": MODEL.format(name="User", table="users"),
    "shop/members.py": MODEL.format(name="Member", table="users"),
    "tests/conftest.py": """
        import pytest

        @pytest.fixture
        def db_session():
            return 1

        @pytest.fixture
        async def client():
            return 2
        """,
    "tests/test_orders.py": "from shop.orders import total\n\ndef test_total():\n    assert total()\n",
    "tests/test_invoices.py": "from shop import invoices\n\ndef test_invoice():\n    pass\n",
    "tests/test_members.py": "from shop import members, users\n\ndef test_member():\n    pass\n",
    "tests/test_all.py": """
        import asyncio
        import socket
        from unittest import mock
        import pytest
        import shop.mail

        def test_prices():
            import shop.prices

        def test_rates():
            import shop.rates

        def test_patch():
            with mock.patch("shop.mail.send_mial"):
                pass

        def test_setattr(monkeypatch):
            monkeypatch.setattr(shop.mail, "send_mial", None)

        def test_patched_module():
            with mock.patch("shop.mails.send_mail"):
                pass

        def test_mail():
            shop.mail.send_mail()

        def test_no_patch():
            shop.mail.send_mial()

        def test_stored(db_session):
            assert db_session

        def test_misspelt(db_sesion):
            pass

        def test_mocked(mocker):
            pass

        def test_client(client):
            assert client.get

        async def test_async():
            pass

        def test_socket():
            socket.create_connection(("127.0.0.1", 1))

        def test_stream():
            asyncio.run(asyncio.open_connection("127.0.0.1", 1))

        def test_refused():
            raise ConnectionRefusedError("the exchange has refused the order")
        """,
}

KEY = 'user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))'
BLOG = {
    "pyproject.toml": PYPROJECT,
    "shop/__init__.py": "",
    "shop/base.py": BASE,
    "shop/blog.py": MODEL.format(name="User", table="users")
    + """
    class Article(Base):
        __tablename__ = "articles"
        id: Mapped[int] = mapped_column(primary_key=True)
        {column}
        author = relationship({author})
    """,
    "tests/test_blog.py": """
        from shop.blog import Article, User

        def test_article():
            assert Article(id=1).id == 1

        def test_user():
            assert User(id=1).id == 1
        """,
}


def investigate(folder: Path, files: Mapping[str, str]) -> tuple[tuple[Cause, ...], SuiteFacts]:
    target = find_target(write_project(folder / "shop", files))
    suite = run_suite(target, events=folder / "events.jsonl", options=RunOptions(workers=1, timeout_s=20))
    inventory = mark_loaded(Inventory.of(target).facts, suite.loaded_modules)
    return find_causes(inventory, suite, group_failures(suite)), suite


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Cause], SuiteFacts]:
    causes, suite = investigate(tmp_path_factory.mktemp("app"), APP)
    return {cause.id: cause for cause in causes}, suite


@pytest.fixture
def causes(found: tuple[dict[str, Cause], SuiteFacts]) -> dict[str, Cause]:
    return found[0]


def names_of(cause: Cause) -> set[str]:
    return {nodeid.partition("::")[2] for nodeid in cause.tests}


def told(cause: Cause) -> str:
    return "\n".join(item.text for item in cause.evidence)


def test_every_bad_test_and_file_is_in_exactly_one_cause(found: tuple[dict[str, Cause], SuiteFacts]) -> None:
    causes, suite = found

    counts = Counter(name for cause in causes.values() for name in (*cause.tests, *cause.uncollectable))

    bad = {result.nodeid for result in suite.results if result.outcome in BAD}
    assert counts.keys() == bad | {error.path for error in suite.collection_errors}
    assert set(counts.values()) == {1}


def test_a_circle_of_imports_is_one_cause_wherever_it_is_entered(causes: dict[str, Cause]) -> None:
    cause = causes["circular-import:shop.orders+shop.prices"]

    assert cause.title == "shop.orders and shop.prices import each other"
    assert {str(place) for place in cause.locations} == {"shop/orders.py:1", "shop/prices.py:1"}
    assert (names_of(cause), cause.uncollectable) == ({"test_prices"}, ("tests/test_orders.py",))
    assert "shop.orders goes on to: from shop.prices import price" in told(cause)


def test_the_module_that_fails_first_is_named_and_what_waits_for_it(causes: dict[str, Cause]) -> None:
    cause = causes["module-not-importable:shop.rates"]

    assert cause.title == "shop.rates cannot be imported: KeyError: 'EUR'"
    assert {str(place) for place in cause.locations} == {"shop/rates.py:2"}
    assert (names_of(cause), cause.uncollectable) == ({"test_rates"}, ("tests/test_invoices.py",))
    assert "shop.invoices waits for it" in told(cause)


def test_a_table_of_two_classes_is_joined_with_its_finding(causes: dict[str, Cause]) -> None:
    cause = causes["table-mapped-twice:users"]

    assert cause.uncollectable == ("tests/test_members.py",)
    assert {place.path for place in cause.locations} == {"shop/users.py", "shop/members.py"}
    assert "#finding-table-mapped-twice:users" in {item.anchor for item in cause.evidence}


def test_a_patched_name_that_is_gone_is_one_cause_with_the_name_that_is_nearest(causes: dict[str, Cause]) -> None:
    cause = causes["mock-target:shop.mail.send_mial"]

    assert names_of(cause) == {"test_patch", "test_setattr"}
    assert {place.path for place in cause.locations} == {"shop/mail.py", "tests/test_all.py"}
    # seen in the traceback of test_mail, which fails for a reason of its own
    assert cause.evidence[0].text == 'shop.mail has a "send_mail"'
    assert str(cause.next_step).startswith('Patch "send_mail", if that is its name now. ')


def test_a_patched_module_that_is_gone_is_named_with_the_nearest(causes: dict[str, Cause]) -> None:
    cause = causes["mock-target:shop.mails"]

    assert names_of(cause) == {"test_patched_module"}
    assert 'shop has a "mail"' in told(cause)


def test_a_fixture_that_does_not_exist_is_named_with_what_was_meant(causes: dict[str, Cause]) -> None:
    misspelt, of_a_plugin = causes["fixture-missing:db_sesion"], causes["fixture-missing:mocker"]

    assert names_of(misspelt) == {"test_misspelt"}
    assert 'a like name: "db_session"' in told(misspelt)
    assert [place.path for place in misspelt.locations] == ["tests/test_all.py"]
    assert str(of_a_plugin.next_step).startswith("Install pytest-mock in the target's environment. ")


def test_async_fixtures_and_tests_without_a_plugin_are_told_apart(causes: dict[str, Cause]) -> None:
    by_kind = {identity: names_of(cause) for identity, cause in causes.items() if cause.kind == "async-without-plugin"}

    # how pytest treats them depends on its version and on which plugins the environment has
    assert by_kind.get("async-without-plugin:client", {"test_client"}) == {"test_client"}
    assert by_kind["async-without-plugin"] == {"test_async"}


def test_a_service_that_does_not_answer_is_named_with_host_and_port(causes: dict[str, Cause]) -> None:
    cause = causes["service-unreachable:localhost:1"]

    assert names_of(cause) == {"test_socket", "test_stream"}
    assert cause.title == "Nothing answers at localhost:1"


def test_what_only_looks_like_a_named_defect_stays_a_group(causes: dict[str, Cause]) -> None:
    groups = [cause for cause in causes.values() if cause.kind == "failure-group"]

    assert {test for cause in groups for test in names_of(cause)} == {"test_mail", "test_no_patch", "test_refused"}


@pytest.mark.parametrize(
    ("author", "column", "identity", "title", "role"),
    [
        ('"Usr"', "", "Article.Usr", 'A relationship of Article names "Usr", which no mapped class is called', "line"),
        ('"User"', "", "Article.author", "SQLAlchemy finds no way to join Article.author", "line"),
        ('"User", back_populates="articles"', KEY, "User.articles", 'User has no "articles"', "class"),
    ],
)
def test_a_broken_relationship_is_named_at_its_line(
    tmp_path: Path, author: str, column: str, identity: str, title: str, role: str
) -> None:
    (cause,), _ = investigate(
        tmp_path, {**BLOG, "shop/blog.py": BLOG["shop/blog.py"].format(author=author, column=column)}
    )

    assert cause.id == f"broken-relationship:{identity}"
    assert cause.title.startswith(title)
    assert names_of(cause) == {"test_article", "test_user"}
    lines = (tmp_path / "shop/shop/blog.py").read_text().splitlines()
    wanted = "author = relationship(" if role == "line" else "class User"
    assert [wanted in lines[place.line - 1] for place in cause.locations] == [True]
    assert any(item.anchor and item.anchor.startswith("#finding-mapper-configuration") for item in cause.evidence)
    if identity == "Article.Usr":
        assert cause.evidence[0].text == 'A mapped class of a like name: "User"'


@pytest.mark.parametrize(
    ("plugin", "name", "place"),
    [
        (
            {"tests/conftest.py": 'pytest_plugins = ["shop.plug"]\n', "shop/plug.py": "1 / 0\n"},
            "shop.plug",
            "shop/plug.py",
        ),
        (
            {"tests/conftest.py": "def pytest_collection_modifyitems(itemz):\n    pass\n"},
            "tests/conftest.py",
            "tests/conftest.py",
        ),
    ],
)
def test_a_plugin_that_breaks_pytest_is_named(
    tmp_path: Path, plugin: dict[str, str], name: str, place: str | None
) -> None:
    files = {"pyproject.toml": PYPROJECT, "shop/__init__.py": "", "tests/test_a.py": "def test_a():\n    pass\n"}

    (cause,), _ = investigate(tmp_path, {**files, **plugin})

    assert cause.id == f"plugin-broken:{name}"
    assert [location.path for location in cause.locations] == ([place] if place else [])


def test_a_plugin_that_the_configuration_names_and_nobody_has_is_why_pytest_refuses_to_start(tmp_path: Path) -> None:
    pyproject = PYPROJECT + 'addopts = "-p shop.nope"\n'

    (cause,), _ = investigate(
        tmp_path, {"pyproject.toml": pyproject, "shop/__init__.py": "", "tests/test_a.py": "def test_a():\n    pass\n"}
    )

    assert (cause.id, cause.state) == ("start-refused:plugin:shop.nope", "confirmed")
    assert [str(location) for location in cause.locations] == [f"pyproject.toml:{len(pyproject.splitlines())}"]
