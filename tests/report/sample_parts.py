"""The sample incident with every part that a case can have: events, lines, an earlier case, and what comes next."""

from __future__ import annotations

from dataclasses import replace

from kit.facts.case import CaseFacts
from kit.facts.history import CaseComparison, CaseMoment, CategoryChange, CauseChange, SlowerTest, TestChange
from kit.facts.modules import Reached
from kit.facts.places import Location
from kit.facts.predictions import Foreseen
from tests.report.sample_excerpts import with_excerpts
from tests.report.test_timeline import with_timeline

REACHED = Reached(
    "backend.app.paper.models",
    "backend/app/paper/models.py",
    ("backend/app/main.py", "backend/app/paper/routes.py"),
    ("backend/app/jobs.py",),
    ("backend/tests/test_admin.py", "backend/tests/test_decisions.py"),
)
FORESEEN = Foreseen(
    "accounts",
    "table",
    (Location("backend/app/paper/models.py", 44, "foreign key"),),
    (Location("backend/app/accounts/models.py", 9, "definition"),),
    ("backend/tests/test_decisions.py",),
)


def comparison(facts: CaseFacts) -> CaseComparison:
    """The first cause is new, the second one is fixed; a test broke, one is gone, one became slower."""
    assert facts.causes
    before = CaseMoment("sunday", "2026-11-22T06:00:00+00:00", "1a2b3c4d5e6f7a", dirty=True)
    return CaseComparison(
        before,
        CaseMoment(facts.case.id, facts.case.started),
        causes=(
            CauseChange("new", facts.causes[0], None, 3650),
            CauseChange("fixed", facts.causes[1], 2, None, since=before),
        ),
        tests=(TestChange("new", "backend/tests/test_admin.py::test_shutdown", "passed", "crashed"),),
        gone=("backend/tests/test_old.py::test_gone",),
        categories=(CategoryChange("database-schema", "Database schema", 3, 3650),),
        slower=(SlowerTest("backend/tests/test_decisions.py::test_queue_drains", 0.2, 4.5),),
    )


def with_all_parts() -> CaseFacts:
    """The incident as a whole."""
    facts = with_timeline()
    assert facts.inventory
    assert facts.suite
    suite = replace(facts.suite, not_alone={"backend/tests/test_admin.py": "ImportError: cannot import name 'db'"})
    inventory = replace(facts.inventory, reached=(REACHED,), foreseen=(FORESEEN,))
    return replace(
        facts,
        suite=suite,
        inventory=inventory,
        causes=with_excerpts(2).causes,
        compared=comparison(facts),
    )
