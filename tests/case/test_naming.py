"""Causes are said once, as soon as they are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.investigation import Investigation
from kit.case.naming import CauseNamer
from kit.case.options import CaseOptions
from tests.helpers import write_project

PROJECT = {
    "pytest.ini": "[pytest]\n",
    "app/__init__.py": "",
    "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
    "app/orders.py": """
        from sqlalchemy import Index
        from sqlalchemy.orm import Mapped, mapped_column

        from app.base import Base


        class Order(Base):
            __tablename__ = "orders"
            __table_args__ = (Index("ix_orders_state", "state"),)
            id: Mapped[int] = mapped_column(primary_key=True)
            state: Mapped[str] = mapped_column(index=True)
    """,
    "tests/test_orders.py": """
        import pytest
        from sqlalchemy import create_engine

        from app.orders import Order


        @pytest.fixture
        def engine():
            engine = create_engine("sqlite://")
            Order.metadata.create_all(engine)
            yield engine
            engine.dispose()


        def test_orders_are_stored(engine):
            pass


        def test_nothing_is_known():
            raise RuntimeError("the moon is full")


        def test_a_chain_is_asked():
            import web4_that_nobody_has
    """,
    "tests/test_chain.py": "import web3_that_nobody_has\n\n\ndef test_chain():\n    pass\n",
}
PACKAGES = {"missing-package:web3_that_nobody_has", "missing-package:web4_that_nobody_has"}


@pytest.fixture
def investigation(tmp_path: Path):
    root = write_project(tmp_path / "project", PROJECT)
    investigation = Investigation.start(CaseOptions.of(str(root), case="c", reports_dir=str(tmp_path / "reports")))
    yield investigation
    investigation.store.close()


@pytest.mark.slow
def test_a_cause_is_said_when_it_is_known_and_never_again(investigation: Investigation) -> None:
    lines: list[str] = []
    namer = CauseNamer(investigation, lines.append)

    namer.look()
    assert lines == [], "nothing was looked at yet"

    investigation.map_registry()
    namer.look()
    index, advice, check = lines
    assert advice.strip().startswith("Drop one of the two definitions")
    assert check.endswith(f"then check with: kit scan {investigation.target.root}")
    assert "cause named after" in index
    assert index.endswith('Index "ix_orders_state" is created twice · seen in the source')

    investigation.run_tests()
    namer.look()
    namer.look()
    assert len(lines) == 8, "what no detector knows is no named cause"
    assert any(line.endswith('"web3_that_nobody_has" is not installed · 1 file not collected so far') for line in lines)
    (command,) = (line for line in lines if "kit run" in line)
    assert command.endswith("::test_a_chain_is_asked"), "it has failed alone too; of the file that is not known"


@pytest.mark.slow
def test_when_each_cause_was_first_named_is_recorded_and_stays(
    investigation: Investigation,
) -> None:
    namer = CauseNamer(investigation, lambda _: None)
    investigation.map_registry()
    seen_in_source = investigation.facts.case.named_after

    investigation.run_tests()
    namer.look()
    while_it_ran = investigation.facts.case
    _, causes = investigation.diagnose()

    assert seen_in_source.keys() == {"duplicate-index:ix_orders_state"}
    assert while_it_ran.first_cause_after == seen_in_source["duplicate-index:ix_orders_state"]
    assert while_it_ran.named_after.keys() == {*seen_in_source, *PACKAGES}
    in_the_end = investigation.facts.case.named_after
    assert in_the_end.keys() >= {cause.id for cause in causes}
    assert all(in_the_end[identity] == after for identity, after in while_it_ran.named_after.items())


@pytest.mark.slow
def test_between_two_looks_there_is_time_for_the_tests(investigation: Investigation) -> None:
    lines: list[str] = []
    seconds = 0.0
    namer = CauseNamer(investigation, lines.append, clock=lambda: seconds)
    namer.look_now_and_then()
    investigation.map_registry()

    namer.look_now_and_then()
    assert lines == [], "the last look is a short time ago"

    seconds = 2.0
    namer.look_now_and_then()
    assert len(lines) == 3
