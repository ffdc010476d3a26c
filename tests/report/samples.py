"""Cases to report on: the demo's incident as facts, and what is left of a case when little or nothing went well."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from kit.facts.case import Case, CaseFacts, Stage
from kit.facts.causes import Cause, Evidence, NextStep
from kit.facts.failures import Category, ExceptionInfo, Failure, Frame, Group, Grouping, Signature
from kit.facts.inventory import (
    CollidingClass,
    Collision,
    Finding,
    Importer,
    InventoryFacts,
    MappedClass,
    ProbeError,
    Relationship,
    ScorePart,
)
from kit.facts.modules import Neighbour, Neighbourhood
from kit.facts.places import Location
from kit.facts.suite import (
    CollectedTest,
    CollectionError,
    Coverage,
    ModuleCoverage,
    SuiteFacts,
    TestResult,
    TestWarning,
)
from kit.facts.target import Interpreter, PytestConfig, Reason, Target
from tests.report.sample_case import AREAS, CASE, TARGET, stages
from tests.report.sample_failures import (
    FASTAPI,
    plain,
)
from tests.report.sample_fixes import FIXES
from tests.report.sample_inventory import INVENTORY, OTHER_USER, USER
from tests.report.sample_suite import NOTED, UNCOLLECTABLE, SuiteBuilder, built_suite, group, grouped


def _causes(suite: SuiteBuilder) -> tuple[Cause, ...]:
    members = suite.members
    index = Cause(
        id="duplicate-index:ix_orders_status",
        kind="duplicate-index",
        title='Index "ix_orders_status" is defined twice on table "orders"',
        state="consistent",
        locations=(
            Location("backend/app/paper/models.py", 40, "column"),
            Location("backend/app/paper/models.py", 52, "index"),
        ),
        tests=tuple(members["g-index"]),
        first_hand=3650,
        groups=("g-index",),
        evidence=(
            Evidence(
                "The column has index=True, which generates the name ix_orders_status",
                Location("backend/app/paper/models.py", 40),
            ),
            Evidence("An explicit Index has the same name", Location("backend/app/paper/models.py", 52)),
            Evidence("3,650 tests stop at create_all in the fixture database", anchor="group-g-index"),
            Evidence("The source says the same", anchor="#finding-duplicate-index:ix_orders_status"),
        ),
        next_step=NextStep("Remove index=True from the column, or the explicit Index."),
    )
    user = Cause(
        id="mapper-collision:User",
        kind="mapper-collision",
        title='Multiple mapped classes named "User"',
        state="consistent",
        locations=(
            Location(USER.path, USER.line, "primary"),
            Location(OTHER_USER.path, OTHER_USER.line, "duplicate"),
        ),
        tests=tuple(members["g-multiple"]),
        first_hand=1,
        groups=("g-multiple",),
        evidence=(
            Evidence("Both classes answer to one name in one registry", anchor="collision-User"),
            Evidence("The relationship string that meets both", Location("backend/app/quotas/models.py", 21)),
        ),
        next_step=NextStep("Keep the class of backend.app.auth.models and let backend.app.users.models import it."),
        hidden_behind=index.id,
        waiting=3412,
    )
    annotation = Cause(
        id="response-annotation:backend/app/exports/routes.py:22",
        kind="response-annotation",
        title="FastAPI refuses the return annotation ExportResponse | Response",
        state="consistent",
        locations=(Location("backend/app/exports/routes.py", 22, "route"),),
        uncollectable=UNCOLLECTABLE,
        groups=("g-fastapi",),
        next_step=NextStep("Pass response_model=None to the route's decorator."),
    )
    naive = Cause(
        id="datetime:backend/app/reports/periods.py:31",
        kind="naive-datetime",
        title="Times without a zone meet times with one",
        state="consistent",
        locations=(Location("backend/app/reports/periods.py", 31),),
        tests=tuple(members["g-0"]),
        first_hand=96,
        groups=("g-0",),
        next_step=NextStep("Replace utcnow() by now(UTC)."),
    )
    hang = Cause(
        id="hang:backend/tests/test_decisions.py::test_queue_drains",
        kind="hanging-test",
        title="A test waits for a queue that no one drains",
        state="unknown",
        locations=(Location("backend/tests/test_decisions.py", 77),),
        tests=tuple(members["g-hang"]),
        first_hand=1,
        groups=("g-hang",),
    )
    return index, user, annotation, naive, hang


@cache
def incident() -> CaseFacts:
    """The demo's incident: 5,069 tests, a duplicate index that blocks 3,650 and hides the collision of ``User``."""
    suite, others = built_suite()
    return CaseFacts(
        case=CASE,
        stages=stages(),
        inventory=INVENTORY,
        suite=suite.suite(
            collection_errors=tuple(CollectionError(path, FASTAPI) for path in UNCOLLECTABLE),
            neutralised=("--maxfail=1 (pyproject.toml: addopts): would have ended the run at the first failure",),
            pytest_version="8.3.4",
            isolation="Batches ran in forks of the collected suite: no threads, sockets or open databases.",
            seconds=48.7,
            shares="Tests share backend/test.db; run them with --workers 1.",
            warnings=(
                TestWarning("DeprecationWarning", "utcnow() is deprecated", "backend/app/core/clock.py", 9, NOTED, 412),
                TestWarning("UserWarning", "no key <given>", None, None, None, 1),
            ),
            coverage=Coverage(200, 150, 75.0, (ModuleCoverage("backend/app/core/clock.py", 20, 5, 25.0),)),
        ),
        grouping=grouped(suite, others),
        causes=_causes(suite),
        fixes=FIXES,
    )


def of_size(tests: int) -> CaseFacts:
    """The incident with more passing tests, ``tests`` in all."""
    facts = incident()
    assert facts.suite
    more = tests - len(facts.suite.results)
    names = [
        f"backend/tests/unit/test_symbols_{index % 9}.py::test_symbol_is_known[{AREAS[index % 11]}-{index}]"
        for index in range(more)
    ]
    results = tuple(TestResult(name, name.partition("::")[0], "passed", "call", 0.004, line=7) for name in names)
    collected = tuple(CollectedTest(name, name.partition("::")[0], 7) for name in names)
    suite = replace(facts.suite, tests=facts.suite.tests + collected, results=facts.suite.results + results)
    return replace(facts, suite=suite)


@cache
def nothing_ran() -> CaseFacts:
    """A case that ended before anything was known."""
    stage = Stage("mapper_registry", "running", CASE.started)
    return CaseFacts(
        replace(CASE, target=replace(TARGET, interpreter=None, revision=None, dirty=None), first_cause_after=None),
        (stage,),
    )


@cache
def clear() -> CaseFacts:
    """Every test passed and nothing was found."""
    suite = SuiteBuilder()
    suite.add("tests/test_a.py", "test_a", 40)
    suite.add("tests/test_a.py", "test_b", 1, "skipped", reason="needs a database")
    return CaseFacts(
        replace(CASE, first_cause_after=None),
        stages(),
        InventoryFacts(files=3),
        suite.suite(),
        Grouping((), (), {}),
        (),
    )


@cache
def no_sqlalchemy() -> CaseFacts:
    """A target without SQLAlchemy, with a failure that no detector explains."""
    facts = clear()
    suite = SuiteBuilder()
    failure = plain("f-1", "AssertionError", "assert 3 == 4", "tests/test_a.py:3", "test_a", "assert add(1, 2) == 4")
    suite.add("tests/test_a.py", "test_a", 3, "failed", failure, "g-1")
    target = replace(TARGET, interpreter=Interpreter("/usr/bin/python3", "3.11.2", {"pytest": "8.3.4"}), revision=None)
    value = Category("assertion-value", "Assertion on a value", "A value is not what the test expects.", "Read it.")
    members = suite.members["g-1"]
    grouping = Grouping((group("g-1", value.key, failure, members),), ((value, 3),), dict.fromkeys(members, "g-1"))
    return replace(facts, case=replace(facts.case, target=target), suite=suite.suite(), grouping=grouping)


@cache
def no_inventory() -> CaseFacts:
    """The incident without what the source says: that stage failed."""
    failed = stages(mapper_registry=("failed", 1.2, "the notebook's kernel died"), import_graph=("skipped", None, None))
    return replace(incident(), stages=failed, inventory=None)


@cache
def suite_failed() -> CaseFacts:
    """Only what the source says: the suite could not be run."""
    failed = stages(
        test_batches=("failed", 3.0, "pytest is not installed in .venv/bin/python"),
        failure_categories=("skipped", None, None),
    )
    unknown = tuple(replace(one, loaded=None) for one in INVENTORY.collisions)
    inventory = replace(INVENTORY, collisions=unknown)
    return replace(incident(), stages=failed, inventory=inventory, suite=None, grouping=None, causes=None)


@cache
def no_tests() -> CaseFacts:
    """A target without a test."""
    return replace(clear(), suite=SuiteFacts(problem="No test was collected in backend/tests."), inventory=INVENTORY)


@cache
def stopped() -> CaseFacts:
    """The incident, stopped by Ctrl-C with tests left to run."""
    facts = incident()
    assert facts.suite
    results = tuple(
        replace(one, outcome="not_run", failure=None, phase=None, seconds=None, reason="stopped by Ctrl-C")
        if index > 4000
        else one
        for index, one in enumerate(facts.suite.results)
    )
    return replace(facts, suite=replace(facts.suite, results=results, problem="The run was stopped by Ctrl-C."))


#: everything that markup, scripts, styles, terminals and encoders could take for their own
HOSTILE = (
    "</script><script>alert(1)</script><!-- \"'&\u2028 {{ 7*7 }} $x_1$ "
    "\x00\x1b[31m \ud800 \u202egnp.exe ]]> é漢字🧨 javascript:alert(1)"
)


def hostile(text: str = HOSTILE) -> CaseFacts:
    """A case whose every text is hostile."""
    test, here = f"a.py::test_{text}", Location(text, 1, text)
    info = ExceptionInfo(
        text, text, text, 99_999, (Frame(text, 1, text, "own", text), Frame(text, 2, text, "library", text))
    )
    failure = Failure(text, "call", (info, replace(info, relation="member")), text, text)
    group = Group(text, Signature(text, text, text, "call"), text, 1, 1, (test,), (test,), (text,), text, text, (text,))
    category = Category(text, text, text, text, "javascript:alert(1)")
    party = CollidingClass(
        MappedClass(text, text, text, text, 1, text, text, (text,), (Relationship(text, text, 1, text),)),
        1, True, text, (ScorePart(text, 1, 1.0),),
    )  # fmt: skip
    other = CollidingClass(MappedClass(text, text, text, text, 1, None, None), 0, False, text)
    cause = Cause(
        text,
        text,
        text,
        "unknown",
        (here,),
        (test,),
        1,
        (text,),
        (text,),
        (Evidence(text, here, text),),
        NextStep(text, (text,), text),
        text,
        1,
    )
    target = Target(
        text, text, Interpreter(text, text, {text: text}), (text,), (text,), PytestConfig(text, text, (text,)),
        (Reason(text, text, text),), (text,), text, True,
    )  # fmt: skip
    suite = SuiteFacts(
        tests=(CollectedTest(test, text),),
        results=(TestResult(test, text, "failed", "call", 0.1, text, text),),
        collection_errors=(CollectionError(text, failure),),
        failures={text: failure},
        neutralised=(text,),
        pytest_version=text,
        isolation=text,
        problem=text,
    )
    inventory = InventoryFacts(
        files=1,
        mapped_classes=(party.mapped,),
        collisions=(Collision(text, text, text, (text,), (party, other), (here,), None),),
        findings=(Finding(text, text, "smell", text, (here,), (text,), {text: text, "list": [text]}),),
        importers=(Importer(text, text, text, 1, "module", "script", text, text),),
        neighbourhoods=(
            Neighbourhood(text, (Neighbour(text, "test", here),), (Neighbour("b", "script", here),), text),
        ),
        runtime_errors=(ProbeError(text, text, text, here),),
        problems=(text,),
    )
    return CaseFacts(
        Case(text, text, text, target, {text: text, "target": text}, text),
        (Stage(text, "failed", text, 1.0, text),),
        inventory,
        suite,
        Grouping((group,), ((category, 1),), {test: text, text: text}),
        (cause,),
    )


ALL = {
    "incident": incident,
    "nothing_ran": nothing_ran,
    "clear": clear,
    "no_sqlalchemy": no_sqlalchemy,
    "no_inventory": no_inventory,
    "suite_failed": suite_failed,
    "no_tests": no_tests,
    "stopped": stopped,
    "hostile": hostile,
}
