"""Recorded failures of the sample case, and the categories that they fall into."""

from __future__ import annotations

from typing import Any

from kit.facts.failures import Category, ExceptionInfo, Failure, Frame, Owner


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
            "Remove one of the two definitions. Do not add extend_existing: it makes a mapper collision of it.",
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
