"""Cases to report on: the demo's incident as facts, and what is left of a case when little or nothing went well."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import Any

from kit.facts.case import STAGES, Case, CaseFacts, Stage, StageOutcome
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Category, ExceptionInfo, Failure, Frame, Group, Grouping, Owner, Phase, Signature
from kit.facts.inventory import (
    CollidingClass,
    Collision,
    Finding,
    Importer,
    InventoryFacts,
    MappedClass,
    ProbeError,
    Relationship,
)
from kit.facts.places import Location, Role, Scope
from kit.facts.suite import CollectedTest, CollectionError, Outcome, SuiteFacts, TestResult
from kit.facts.target import Interpreter, PytestConfig, Reason, Target

BASE = "backend.app.core.db.Base"
AREAS = ("auth", "users", "quotas", "profile", "reports", "web3", "admin", "privacy", "paper", "copy", "exports")

TARGET = Target(
    root="/home/dev/src/trading",
    name="trading",
    interpreter=Interpreter(
        executable="/home/dev/src/trading/.venv/bin/python",
        version="3.12.4",
        packages={"sqlalchemy": "2.0.36", "pytest": "8.3.4", "fastapi": "0.115.6", "aiosqlite": "0.20.0"},
    ),
    import_roots=(".",),
    test_paths=("backend/tests",),
    config=PytestConfig(path="pyproject.toml", addopts=("--maxfail=1", "-q"), testpaths=("backend/tests",)),
    reasons=(
        Reason("interpreter", ".venv/bin/python", "the virtual environment beside the tree"),
        Reason("import root", ".", "pyproject.toml: [tool.pytest.ini_options] pythonpath"),
        Reason("tests", "backend/tests", "pyproject.toml: [tool.pytest.ini_options] testpaths"),
    ),
    revision="4f1c2ab9d07e5b3a6c81",
    dirty=True,
)

CASE = Case(
    id="trading-20261123-0633",
    started="2026-11-23T06:33:04+00:00",
    kit_version="0.1.0",
    target=TARGET,
    parameters={
        "target": "/home/dev/src/trading",
        "case": "trading-20261123-0633",
        "python": "",
        "tests": [],
        "app": [],
        "timeout_s": 30.0,
        "workers": 2,
        "reports_dir": "reports",
        "store_url": "",
    },
    first_cause_after=2.84,
)


def stages(**changes: tuple[StageOutcome, float | None, str | None]) -> tuple[Stage, ...]:
    """The stages of a case that went well, but for ``changes``."""
    seconds = (6.1, 3.2, 48.7, 2.4, None)
    made = []
    for index, (name, took) in enumerate(zip(STAGES, seconds, strict=True)):
        outcome: StageOutcome = "done" if took is not None else "running"
        outcome, took, error = changes.get(name, (outcome, took, None))
        made.append(Stage(name, outcome, f"2026-11-23T06:{33 + index:02d}:05+00:00", took, error))
    return tuple(made)


# ------------------------------------------------------------------------------------------------ failures


def frame(place: str, function: str, owner: Owner, source: str) -> Frame:
    path, _, line = place.rpartition(":")
    return Frame(path, int(line), function, owner, source)


def exception(name: str, message: str, *frames: Frame, relation: Any = None) -> ExceptionInfo:
    module, _, kind = name.rpartition(".")
    return ExceptionInfo(kind, module or "builtins", message, len(message), frames, relation)


SITE = ".venv/lib/python3.12/site-packages"
CREATE_ALL = (
    frame("backend/tests/conftest.py:58", "database", "test", "await connection.run_sync(Base.metadata.create_all)"),
    frame(f"{SITE}/sqlalchemy/ext/asyncio/engine.py:887", "run_sync", "library", "return await greenlet_spawn("),
    frame(
        f"{SITE}/sqlalchemy/util/_concurrency_py3k.py:203",
        "greenlet_spawn",
        "library",
        "result = context.switch(value)",
    ),
    frame(f"{SITE}/sqlalchemy/sql/schema.py:5907", "create_all", "library", "bind._run_ddl_visitor("),
    frame(f"{SITE}/sqlalchemy/engine/default.py:941", "do_execute", "library", "cursor.execute(statement, parameters)"),
)
INDEX_MESSAGE = (
    "(sqlite3.OperationalError) index ix_orders_status already exists\n"
    "[SQL: CREATE INDEX ix_orders_status ON orders (status)]\n"
    "(Background on this error at: https://sqlalche.me/e/20/e3q8)"
)
DUPLICATE_INDEX = Failure(
    id="f-index",
    phase="setup",
    chain=(
        exception("sqlalchemy.exc.OperationalError", INDEX_MESSAGE, *CREATE_ALL),
        exception(
            "sqlite3.OperationalError", "index ix_orders_status already exists", CREATE_ALL[-1], relation="cause"
        ),
    ),
    fixture="database",
)
MULTIPLE_MESSAGE = (
    'Multiple classes found for path "User" in the registry of this declarative base. '
    "Please use a fully module-qualified path."
)
MULTIPLE_CLASSES = Failure(
    id="f-multiple",
    phase="call",
    chain=(
        exception(
            "sqlalchemy.exc.InvalidRequestError",
            MULTIPLE_MESSAGE,
            frame(
                "backend/tests/test_quotas.py:41", "test_default_quota", "test", "quota = Quota(user_id=1, limit=100)"
            ),
            frame(
                f"{SITE}/sqlalchemy/orm/state.py:571",
                "_initialize_instance",
                "library",
                "manager.dispatch.init(self, args, kwargs)",
            ),
            frame(
                f"{SITE}/sqlalchemy/orm/mapper.py:4169",
                "_configure_registries",
                "library",
                "_do_configure_registries(registries, cascade)",
            ),
            frame(
                f"{SITE}/sqlalchemy/orm/clsregistry.py:326", "attempt_get", "library", "raise exc.InvalidRequestError("
            ),
        ),
    ),
)
FOLLOW_ON = Failure(
    id="f-follow-on",
    phase="call",
    chain=(
        exception(
            "sqlalchemy.exc.InvalidRequestError",
            "One or more mappers failed to initialize - can't proceed with initialization of other mappers. "
            "Triggering mapper: 'Mapper[Quota(quotas)]'. Original exception was: " + MULTIPLE_MESSAGE,
            frame(
                "backend/tests/test_quotas.py:52", "test_quota_is_used_up", "test", "quota = Quota(user_id=1, limit=1)"
            ),
            frame(f"{SITE}/sqlalchemy/orm/mapper.py:4207", "_do_configure_registries", "library", "raise e"),
        ),
    ),
)
FASTAPI_ERROR = (
    "Invalid args for response field! Hint: check that typing.Union[backend.app.exports.schemas.ExportResponse, "
    "starlette.responses.Response] is a valid Pydantic field type."
)
FASTAPI = Failure(
    id="f-fastapi",
    phase="collect",
    chain=(
        exception(
            "fastapi.exceptions.FastAPIError",
            FASTAPI_ERROR,
            frame("backend/tests/test_main.py:9", "<module>", "test", "from backend.app.main import app"),
            frame(
                "backend/app/main.py:14", "<module>", "own", "from backend.app.exports.routes import router as exports"
            ),
            frame("backend/app/exports/routes.py:22", "<module>", "own", '@router.get("/exports/{export_id}")'),
            frame(
                f"{SITE}/fastapi/utils.py:106",
                "create_model_field",
                "library",
                "raise fastapi.exceptions.FastAPIError(",
            ),
        ),
    ),
)


def plain(identity: str, kind: str, message: str, place: str, function: str, source: str, own: str = "") -> Failure:
    """A failure in a test's call, with a frame of the app below it where ``own`` names one."""
    frames = [frame(place, function, "test", source)]
    if own:
        frames.append(frame(own, "compute", "own", "return later - earlier"))
    return Failure(identity, "call", (exception(kind, message, *frames),))


# key, title, meaning, advice, documentation
CATEGORIES = {
    key: Category(key, title, meaning, advice, documentation)
    for key, title, meaning, advice, documentation in (
        (
            "table-defined-twice",
            "Table or index defined twice",
            "The schema cannot be created because two definitions ask for the same name.",
            "Remove one of the two definitions. Do not add extend_existing: it turns this error into a mapper collision.",
            "https://docs.sqlalchemy.org/en/20/errors.html#error-e3q8",
        ),
        (
            "mapper-registry",
            "Mapper registry",
            "SQLAlchemy cannot tell which mapped class a name means.",
            "Keep one class of the name and let the other module import it.",
            "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html",
        ),
        (
            "datetime",
            "Datetime: naive and aware",
            "A time with a zone meets one without.",
            "Use aware times throughout.",
            None,
        ),
        (
            "assertion-text",
            "Assertion on a text",
            "A message moved.",
            "Compare what the text means, or update it.",
            None,
        ),
        (
            "route-missing",
            "Route missing",
            "A test calls a route that no router registers.",
            "Include the router.",
            None,
        ),
        (
            "feature-switch",
            "Feature switch or configuration",
            "A test expects a switch on.",
            "Set it in the test.",
            None,
        ),
        ("api-framework", "API framework does not build", "FastAPI refuses a route.", "Set response_model=None.", None),
        ("optional-package", "Optional package not installed", "An import of a package fails.", "Install it.", None),
        ("timed-out", "Timed out", "A test ran into its time limit.", "See the line that it hangs on.", None),
        ("crashed", "Crashed the interpreter", "A test ended the process.", "Run it alone.", None),
    )
}


# ------------------------------------------------------------------------------------------------ suite


class SuiteBuilder:
    """Tests with their outcomes, and the groups that their failures belong to."""

    def __init__(self) -> None:
        self.results: list[TestResult] = []
        self.failures: dict[str, Failure] = {}
        self.members: dict[str, list[str]] = {}

    def add(
        self,
        path: str,
        function: str,
        number: int,
        outcome: Outcome = "passed",
        failure: Failure | None = None,
        group: str = "",
        reason: str | None = None,
    ) -> None:
        """Add ``number`` cases of a test; one case has no parameters."""
        for index in range(number):
            name = f"{path}::{function}" + (f"[{AREAS[index % 11]}-{index}]" if number > 1 else "")
            phase: Phase | None = failure.phase if failure else "call"
            seconds = 30.0 if outcome == "timed_out" else 0.001 + (len(self.results) % 37) / 900
            identity = failure.id if failure else None
            self.results.append(TestResult(name, path, outcome, phase, seconds, identity, reason, 10 + index))
            if failure:
                self.failures[failure.id] = failure
            if group:
                self.members.setdefault(group, []).append(name)

    def suite(self, **changes: Any) -> SuiteFacts:
        """What was built, as facts of a suite."""
        tests = tuple(CollectedTest(one.nodeid, one.path, one.line) for one in self.results)
        return SuiteFacts(tests=tests, results=tuple(self.results), failures=self.failures, **changes)


def group(
    identity: str, category: str, failure: Failure, members: list[str], first_hand: int | None = None, **more: Any
) -> Group:
    """The group of a failure that ``members`` share."""
    root = failure.chain[-1]
    own = [one for one in root.frames or failure.raised.frames if one.owner == "own"]
    signature = Signature(root.type, root.message, f"{own[-1].path}:{own[-1].function}" if own else None, failure.phase)
    return Group(
        id=identity,
        signature=signature,
        category=category,
        count=len(members),
        first_hand=len(members) if first_hand is None else first_hand,
        sample_tests=tuple(members[:2]),
        tests=tuple(members),
        failure_ids=(failure.id, *more.get("failure_ids", ())),
        why=f"Same root exception {root.type}, same message after its values are replaced, phase {failure.phase}.",
        example=root.message,
    )


def _blocked(suite: SuiteBuilder) -> None:
    """3,650 tests that stop at the database fixture, in 25 files; 1,300 of them in two."""
    for path, number in (("backend/tests/test_paper_orders.py", 700), ("backend/tests/test_copy_trading.py", 600)):
        suite.add(path, "test_fill_price_is_rounded", number, "error", DUPLICATE_INDEX, "g-index")
    for index in range(23):
        path = f"backend/tests/test_{AREAS[index % 11]}_service_{index // 11 + 1}.py"
        number = 102 if index < 22 else 2350 - 22 * 102
        suite.add(path, "TestService::test_limit_is_kept", number, "error", DUPLICATE_INDEX, "g-index")


def _others(suite: SuiteBuilder) -> dict[str, tuple[str, Failure]]:
    """Failures of the other kinds: about thirty distinct ones. Group id to category and failure."""
    made: dict[str, tuple[str, Failure]] = {}
    kinds: tuple[tuple[str, str, str, int, str], ...] = (
        (
            "datetime",
            "TypeError",
            "can't subtract offset-naive and offset-aware datetimes",
            96,
            "backend/app/reports/periods.py:31",
        ),
        (
            "datetime",
            "TypeError",
            "can't compare offset-naive and offset-aware datetimes",
            31,
            "backend/app/quotas/windows.py:18",
        ),
        (
            "route-missing",
            "AssertionError",
            "assert 404 == 200\n +  where 404 = <Response [404 Not Found]>.status_code",
            24,
            "",
        ),
        (
            "feature-switch",
            "AssertionError",
            "assert False is True\n +  where False = Settings(copy_trading=False).copy_trading",
            18,
            "",
        ),
        ("optional-package", "ModuleNotFoundError", "No module named 'web3'", 12, "backend/app/web3/chain.py:4"),
    )
    for index, (category, kind, message, number, own) in enumerate(kinds):
        path = f"backend/tests/test_{category.replace('-', '_')}_{index}.py"
        failure = plain(
            f"f-{index}", kind, message, f"{path}:{20 + index}", "test_case", "assert result.age() > limit", own
        )
        suite.add(path, "test_case", number, "failed", failure, f"g-{index}")
        made[f"g-{index}"] = (category, failure)
    for index in range(20):
        expected = f"assert 'order {index} was filled' == 'order {index} was filled completely'"
        path = "backend/tests/test_messages.py"
        failure = plain(
            f"t-{index}",
            "AssertionError",
            expected,
            f"{path}:{12 + 6 * index}",
            f"test_text_{index}",
            "assert note.text == wanted",
        )
        suite.add(path, f"test_text_{index}", 1, "failed", failure, f"g-text-{index}")
        made[f"g-text-{index}"] = ("assertion-text", failure)
    return made


def _suite() -> tuple[SuiteBuilder, dict[str, tuple[str, Failure]]]:
    suite = SuiteBuilder()
    for index in range(12):
        suite.add(f"backend/tests/unit/test_{AREAS[index % 11]}_rules_{index}.py", "test_rule_holds", 91)
    suite.add("backend/tests/test_quotas.py", "test_default_quota", 1, "failed", MULTIPLE_CLASSES, "g-multiple")
    suite.add("backend/tests/test_quotas.py", "test_quota_is_used_up", 60, "failed", FOLLOW_ON, "g-multiple")
    _blocked(suite)
    others = _others(suite)
    hang = plain(
        "f-hang",
        "TimeoutError",
        "no progress",
        "backend/tests/test_decisions.py:77",
        "test_queue_drains",
        "queue.join()",
    )
    suite.add(
        "backend/tests/test_decisions.py",
        "test_queue_drains",
        1,
        "timed_out",
        hang,
        "g-hang",
        "timed out after 30 s in call",
    )
    suite.add("backend/tests/test_admin.py", "test_shutdown", 1, "crashed", None, "g-crash", "exited with 3")
    suite.add("backend/tests/test_web3.py", "test_chain_id", 12, "skipped", None, "", "needs a node: set WEB3_URL")
    suite.add("backend/tests/test_web3.py", "test_gas_estimate", 3, "xfailed", None, "", "gas model is not calibrated")
    suite.add("backend/tests/test_web3.py", "test_gas_limit", 1, "xpassed")
    suite.add("backend/tests/unit/test_decimal.py", "test_rounding", 5069 - len(suite.results))
    return suite, others


def _grouping(suite: SuiteBuilder, others: dict[str, tuple[str, Failure]]) -> Grouping:
    members = suite.members
    groups = [
        group("g-index", "table-defined-twice", DUPLICATE_INDEX, members["g-index"]),
        group(
            "g-multiple", "mapper-registry", MULTIPLE_CLASSES, members["g-multiple"], 1, failure_ids=("f-follow-on",)
        ),
        group("g-fastapi", "api-framework", FASTAPI, ["backend/tests/test_main.py", "backend/tests/test_exports.py"]),
        group("g-hang", "timed-out", suite.failures["f-hang"], members["g-hang"]),
        *(group(key, category, failure, members[key]) for key, (category, failure) in others.items()),
    ]
    crash = Signature("Crash", "exited with 3", None, "call")
    groups.append(Group("g-crash", crash, "crashed", 1, 1, tuple(members["g-crash"]), tuple(members["g-crash"])))
    groups.sort(key=lambda one: -one.count)
    counts = {key: sum(one.count for one in groups if one.category == key) for key in CATEGORIES}
    return Grouping(
        groups=tuple(groups),
        categories=tuple((CATEGORIES[key], number) for key, number in counts.items() if number),
        group_of={test: one.id for one in groups for test in one.tests},
    )


# ------------------------------------------------------------------------------------------------ inventory


def mapped(
    module: str, line: int, name: str, table: str, columns: str, relationships: str = "", **more: Any
) -> MappedClass:
    """A mapped class; columns and relationships (``name:Target``) are words."""
    parts = [one.partition(":") for one in relationships.split()]
    return MappedClass(
        name=name,
        module=module,
        qualname=name,
        path=module.replace(".", "/") + ".py",
        line=line,
        base=BASE,
        table=table,
        columns=tuple(columns.split()),
        relationships=tuple(Relationship(one, target or None, line + 9) for one, _, target in parts),
        sides=("source", "runtime"),
        **more,
    )


USER = mapped(
    "backend.app.auth.models",
    24,
    "User",
    "users",
    "id email password_hash is_active is_admin role created_at updated_at last_login_at",
    "sessions:Session quotas:Quota orders:Order",
)
OTHER_USER = mapped(
    "backend.app.users.models",
    17,
    "User",
    "users",
    "id email display_name created_at",
    "profile:Profile reports:Report orders:CopyOrder",
    extend_existing=True,
)
TRADES = (
    mapped("backend.app.paper.models", 12, "PaperTrade", "paper_trades", "id symbol quantity price filled_at"),
    mapped("backend.app.analyst.models", 31, "PaperTrade", "paper_trades", "id symbol quantity", extend_existing=True),
)
SUBSCRIPTIONS = (
    mapped("backend.app.copy.models", 19, "Subscription", "subscriptions", "id leader_id follower_id", "leader:User"),
    mapped("backend.app.reports.models", 44, "Subscription", "report_subscriptions", "id user_id cron"),
)


def collision(
    name: str, parties: tuple[MappedClass, ...], importers: tuple[int, ...], *, loaded: bool | None
) -> Collision:
    return Collision(
        id=f"{BASE}:{name}",
        name=name,
        registry=BASE,
        tables=tuple(dict.fromkeys(one.table for one in parties if one.table)),
        classes=tuple(
            CollidingClass(one, number, number == max(importers), f"{number} importers, {len(one.columns)} columns")
            for one, number in zip(parties, importers, strict=True)
        ),
        used_by=(Location("backend/app/quotas/models.py", 21), Location("backend/app/auth/models.py", 61)),
        loaded=loaded,
    )


def _importers() -> tuple[Importer, ...]:
    modules = {"backend.app.auth.models": 24, "backend.app.users.models": 16}
    made = []
    for module, number in modules.items():
        for index, area in enumerate(islice(cycle((*AREAS, "privacy", "decisions")), number)):
            test = index >= number - 5
            path = f"backend/tests/test_{area}_{index}.py" if test else f"backend/app/{area}/service_{index}.py"
            scope: Scope = "function" if index in (3, 7) else "type_checking" if index == 5 else "module"
            role: Role = "test" if test else "production"
            if index == 9:
                made.append(Importer(module, None, path, 6, scope, role, "m", f"import {module} as m"))
            else:
                made.append(Importer(module, "User", path, 3 + index, scope, role, None, f"from {module} import User"))
    return tuple(made)


INVENTORY = InventoryFacts(
    files=143,
    mapped_classes=(
        USER,
        OTHER_USER,
        *TRADES,
        *SUBSCRIPTIONS,
        mapped("backend.app.quotas.models", 11, "Quota", "quotas", "id user_id limit", "user:User"),
    ),
    collisions=(
        collision("PaperTrade", TRADES, (9, 2), loaded=False),
        collision("User", (OTHER_USER, USER), (16, 24), loaded=True),
        collision("Subscription", SUBSCRIPTIONS, (4, 3), loaded=False),
    ),
    findings=(
        Finding(
            "duplicate-class:Subscription",
            "duplicate-class",
            "blocks_when_both_imported",
            'Multiple mapped classes named "Subscription"',
            tuple(one.location for one in SUBSCRIPTIONS),
        ),
        Finding(
            "duplicate-index:ix_orders_status",
            "duplicate-index",
            "blocks_now",
            'Index "ix_orders_status" is defined twice on table "orders"',
            (
                Location("backend/app/paper/models.py", 40, "column"),
                Location("backend/app/paper/models.py", 52, "index"),
            ),
            ("status: Mapped[str] = mapped_column(index=True)", 'Index("ix_orders_status", "status")'),
            {"table": "orders", "columns": ["status"], "explicit": True},
        ),
        Finding(
            "duplicate-class:User",
            "duplicate-class",
            "blocks_now",
            'Multiple mapped classes named "User"',
            (USER.location, OTHER_USER.location),
        ),
        Finding(
            "response-annotation:backend/app/exports/routes.py:22",
            "response-annotation",
            "blocks_alone",
            "Return annotation ExportResponse | Response is no response model",
            (Location("backend/app/exports/routes.py", 22, "route"),),
        ),
    ),
    importers=_importers(),
    runtime_errors=(
        ProbeError(
            "backend.app.main",
            "fastapi.exceptions.FastAPIError",
            FASTAPI_ERROR,
            Location("backend/app/exports/routes.py", 22),
        ),
        ProbeError(None, "sqlalchemy.exc.InvalidRequestError", MULTIPLE_MESSAGE),
    ),
    problems=("backend/app/legacy/old_format.py:3 cannot be parsed: invalid syntax. It was read line by line.",),
)


# ------------------------------------------------------------------------------------------------ causes


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
        next_step="Remove index=True from the column, or the explicit Index.",
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
            Evidence("Both classes answer to one name in one registry", anchor=f"collision-{BASE}:User"),
            Evidence("The relationship string that meets both", Location("backend/app/quotas/models.py", 21)),
        ),
        next_step="Keep the class of backend.app.auth.models and let backend.app.users.models import it.",
        hidden_behind=index.id,
        waiting=3412,
    )
    annotation = Cause(
        id="response-annotation:backend/app/exports/routes.py:22",
        kind="response-annotation",
        title="FastAPI refuses the return annotation ExportResponse | Response",
        state="consistent",
        locations=(Location("backend/app/exports/routes.py", 22, "route"),),
        uncollectable=("backend/tests/test_main.py", "backend/tests/test_exports.py"),
        groups=("g-fastapi",),
        next_step="Pass response_model=None to the route's decorator.",
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
        next_step="Replace utcnow() by now(UTC).",
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


def incident() -> CaseFacts:
    """The demo's incident: 5,069 tests, a duplicate index that blocks 3,650 and hides the collision of ``User``."""
    suite, others = _suite()
    return CaseFacts(
        case=CASE,
        stages=stages(),
        inventory=INVENTORY,
        suite=suite.suite(
            collection_errors=(
                CollectionError("backend/tests/test_main.py", FASTAPI),
                CollectionError("backend/tests/test_exports.py", FASTAPI),
            ),
            neutralised=("--maxfail=1 (pyproject.toml: addopts): would have ended the run at the first failure",),
            pytest_version="8.3.4",
            isolation="Batches ran in forks of the collected suite: no threads, sockets or open databases at that moment.",
            seconds=48.7,
        ),
        grouping=_grouping(suite, others),
        causes=_causes(suite),
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


# ------------------------------------------------------------------------------------------------ degenerate cases


def nothing_ran() -> CaseFacts:
    """A case that ended before anything was known."""
    stage = Stage("mapper_registry", "running", CASE.started)
    return CaseFacts(
        replace(CASE, target=replace(TARGET, interpreter=None, revision=None, dirty=None), first_cause_after=None),
        (stage,),
    )


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


def no_inventory() -> CaseFacts:
    """The incident without what the source says: that stage failed."""
    failed = stages(mapper_registry=("failed", 1.2, "the notebook's kernel died"), import_graph=("skipped", None, None))
    return replace(incident(), stages=failed, inventory=None)


def suite_failed() -> CaseFacts:
    """Only what the source says: the suite could not be run."""
    failed = stages(
        test_batches=("failed", 3.0, "pytest is not installed in .venv/bin/python"),
        failure_categories=("skipped", None, None),
    )
    return replace(incident(), stages=failed, suite=None, grouping=None, causes=None)


def no_tests() -> CaseFacts:
    """A target without a test."""
    return replace(clear(), suite=SuiteFacts(problem="No test was collected in backend/tests."), inventory=INVENTORY)


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
HOSTILE = "</script><script>alert(1)</script><!-- \"'&\u2028 {{ 7*7 }} $x_1$ \x00\x1b[31m \ud800 \u202egnp.exe ]]> é漢字🧨 javascript:alert(1)"


def hostile(text: str = HOSTILE) -> CaseFacts:
    """A case whose every text is hostile."""
    test, here = f"a.py::test_{text}", Location(text, 1, text)
    info = ExceptionInfo(
        text, text, text, 99_999, (Frame(text, 1, text, "own", text), Frame(text, 2, text, "library", text))
    )
    failure = Failure(text, "call", (info, replace(info, relation="member")), text, text)
    group = Group(text, Signature(text, text, text, "call"), text, 1, 1, (test,), (test,), (text,), text, text)
    category = Category(text, text, text, text, "javascript:alert(1)")
    party = CollidingClass(
        MappedClass(text, text, text, text, 1, text, text, (text,), (Relationship(text, text),)), 1, True, text
    )
    other = CollidingClass(MappedClass(text, text, text, text, 1, None, None), 0, False, text)
    cause = Cause(
        text, text, text, "unknown", (here,), (test,), 1, (text,), (text,), (Evidence(text, here, text),), text, text, 1
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
