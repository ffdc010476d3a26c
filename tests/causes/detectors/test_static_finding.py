"""What the inventory finds before a test runs, joined with the tests that meet it."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import pytest

from kit.causes.detectors import detectors
from kit.causes.detectors.static_finding import KINDS
from kit.inventory import findings
from tests.causes.apps import PYPROJECT, investigated, names_of, places, told
from tests.causes.scenes import causes_of, finding, inventory, result, suite
from tests.failures.live import failure_with

BASE = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"
MODEL = """
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column
    from shop.base import Base

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column({key})
        {more}
    """
TEST = """
    import sqlalchemy
    import pytest
    from shop.base import Base
    from shop.orders import Order

    def test_order():
        engine = sqlalchemy.create_engine("sqlite://")
        try:
            Base.metadata.create_all(engine)
        finally:
            engine.dispose()

    def test_other():
        assert Order
    """


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "more", "kind", "line"),
    [
        ("primary_key=True", 'user: Mapped[int] = mapped_column(ForeignKey("users.id"))', "foreign-key", 8),
        ("primary_key=True", "\n    class Item(Base):\n        size: Mapped[int]", "no-table-name", 9),
        ("index=True", "", "no-primary-key", 5),
    ],
)
def test_a_finding_that_tests_meet_is_their_cause(tmp_path: Path, key: str, more: str, kind: str, line: int) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/orders.py": MODEL.format(key=key, more=more),
        "tests/test_orders.py": TEST,
    }

    (cause,), _ = investigated(tmp_path, files)

    assert (cause.kind, places(cause)[0]) == (kind, f"shop/orders.py:{line}")
    assert f"#finding-{kind}:" in " ".join(item.anchor or "" for item in cause.evidence)
    assert names_of(cause) == {"test_order"} or cause.uncollectable == ("tests/test_orders.py",)


@pytest.mark.slow
def test_an_import_of_what_does_not_exist_and_a_file_that_cannot_be_parsed_are_named(tmp_path: Path) -> None:
    files = {
        "shop/prices.py": "def price():\n    return 1\n",
        "shop/orders.py": "from shop.prices import prise\n",
        "shop/users.py": "def user(:\n    pass\n",
        "tests/test_a.py": "import shop.orders\n\ndef test_a():\n    pass\n",
        "tests/test_b.py": "from shop import orders\n\ndef test_b():\n    pass\n",
        "tests/test_c.py": "from shop import users\n\ndef test_c():\n    pass\n",
    }

    found, _ = investigated(tmp_path, files)

    by_kind = {cause.kind: cause for cause in found}
    assert by_kind.keys() == {"unresolved-import", "unparsable-file"}
    assert places(by_kind["unresolved-import"]) == ["shop/orders.py:1", "shop/prices.py:1"]
    assert set(by_kind["unresolved-import"].uncollectable) == {"tests/test_a.py", "tests/test_b.py"}
    assert places(by_kind["unparsable-file"]) == ["shop/users.py:1"]
    assert by_kind["unparsable-file"].uncollectable == ("tests/test_c.py",)


@pytest.mark.slow
def test_a_module_that_lacks_in_a_package_without_init_is_named_with_the_one_near_to_it(tmp_path: Path) -> None:
    files = {
        "shop/api/routes.py": "from app.services.users import users\nfrom app.services.billing import charge\n",
        "app/services/users.py": "users = []\n",
        "app/services/billings.py": "def charge(): ...\n",
        "tests/test_a.py": "import shop.api.routes\n\ndef test_a():\n    pass\n",
        "tests/test_b.py": "def test_b():\n    from app.services import billing\n    assert billing\n",
    }

    (cause,), _ = investigated(tmp_path, files)

    assert (cause.kind, places(cause)[:3]) == (
        "unresolved-import",
        ["shop/api/routes.py:2", "app/services/billings.py:1", "tests/test_b.py:2"],
    )
    assert (cause.uncollectable, names_of(cause)) == (("tests/test_a.py",), {"test_b"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("added", "identity"),
    [
        ('str(Path(__file__).parents[1] / "shop")', "double-import:.|shop"),
        # source cannot tell which folder this is: the tests show it
        ('str(next(Path(__file__).parents[1].glob("sho?")))', "double-import:shop/orders.py"),
    ],
)
def test_a_file_under_two_names_is_told_with_the_line_that_makes_it_so(
    added: str, identity: str, tmp_path: Path
) -> None:
    files = {
        "shop/base.py": BASE,
        "shop/orders.py": MODEL.format(key="primary_key=True", more=""),
        "tests/conftest.py": f"""
            import sys
            from pathlib import Path

            sys.path.insert(0, {added})
            """,
        "tests/test_a.py": "from shop.orders import Order\n\ndef test_a():\n    assert Order\n",
        "tests/test_b.py": "from orders import Order\n\ndef test_b():\n    assert Order\n",
    }

    (cause,), _ = investigated(tmp_path, files)

    assert cause.id == identity
    assert cause.uncollectable == ("tests/test_b.py",)
    assert places(cause)[0] == "tests/conftest.py:4"
    assert {"tests/test_b.py:1", "shop/orders.py:5"} <= set(places(cause))
    assert cause.title.startswith("shop/orders.py is imported ")


@pytest.mark.slow
def test_a_setting_that_makes_a_second_import_root_is_told_first(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PYPROJECT.replace('["."]', '[".", "shop"]'),
        "shop/base.py": BASE,
        "shop/orders.py": MODEL.format(key="primary_key=True", more=""),
        "tests/test_a.py": "from shop.orders import Order\n\ndef test_a():\n    assert Order\n",
        "tests/test_b.py": "from orders import Order\n\ndef test_b():\n    assert Order\n",
    }

    (cause,), _ = investigated(tmp_path, files)

    assert (cause.kind, cause.uncollectable) == ("double-import", ("tests/test_b.py",))
    assert (places(cause)[0], cause.locations[0].role) == ("pyproject.toml:5", "configuration")
    assert "pythonpath names the folder shop" in told(cause)


def test_a_finding_that_no_test_shows_is_no_cause_once_tests_have_run() -> None:
    found = inventory([], [finding("foreign-key", "Order.user", "app/models.py:3")])

    assert causes_of(suite([result("t.py::a")]), found) == ()
    assert [cause.id for cause in causes_of(suite([]), found)] == ["foreign-key:Order.user"]


def test_every_kind_of_finding_that_may_block_is_told_by_some_detector() -> None:
    rules = [import_module(f"{findings.__name__}.{module.name}") for module in pkgutil.iter_modules(findings.__path__)]
    names = ("KIND", "NOWHERE", "NEVER_IMPORTED")
    kinds = {getattr(rule, name) for rule in rules for name in names if hasattr(rule, name)}
    told = {detector.kind for detector in detectors()} | KINDS.keys() | {"duplicate-class"}  # by its collision

    assert kinds - told == {
        "import-cycle",
        "flush-cycle",
        "mapper-warning",
        "stale-class",
        "table-cycle",
        "unnamed-constraint",
    }, "these never block, at most they smell"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ('(psycopg.errors.DuplicateTable) relation "uq_email" already exists', "duplicate-constraint"),
        ('constraint "uq_email" for relation "users" already exists', "duplicate-constraint"),
        ('relation "users" already exists', "failure-group"),
        ('new row violates "uq_email"', "failure-group"),
    ],
)
def test_a_constraint_that_the_database_has_already_is_told_with_its_definitions(message: str, kind: str) -> None:
    failure = failure_with(message, "sqlalchemy.exc.ProgrammingError")
    twice = replace(
        finding("duplicate-constraint", "uq_email", "app/models.py:3"),
        severity="smell",
        details={"constraint": "uq_email"},
    )

    (cause,) = causes_of(suite([result("t.py::a", failure)], [failure]), inventory([], [twice]))

    assert cause.kind == kind


@pytest.mark.slow
def test_an_error_of_a_mapper_that_no_other_detector_reads_is_told_with_its_finding(tmp_path: Path) -> None:
    more = '\n        notes = relationship("Order", remote_side=id, order_by="Order.id.nope()")'
    files = {
        "shop/base.py": BASE,
        "shop/orders.py": "from sqlalchemy.orm import relationship\n"
        + dedent(MODEL.format(key="primary_key=True", more='up = mapped_column(ForeignKey("orders.id"))' + more)),
        "tests/test_orders.py": "from shop.orders import Order\n\ndef test_order():\n    assert Order(id=1)\n",
    }

    (cause,), _ = investigated(tmp_path, files)

    assert (cause.kind, names_of(cause)) == ("mapper-configuration", {"test_order"})
    assert cause.locations[0].path == "shop/orders.py"
