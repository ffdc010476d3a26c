"""What an earlier file left in an object of a library fails a test as in plain pytest: the library itself reads it."""

from __future__ import annotations

import random
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from kit.probes.state.library_states import of_faker
from tests.suite.conftest import Run
from tests.suite.projects import outcomes

WEB = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

def page(request):
    return PlainTextResponse(str(getattr(request.app.state, "title", "none")))

async def home(request):
    return page(request)

async def gone(request, error):
    return PlainTextResponse("gone", 404)

app = Starlette()
app.add_route("/", home)

def answer(path):
    return TestClient(app).get(path).text
"""
MODELS = """
import sqlite3
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

KEPT = []
URI = "file:of_models?mode=memory&cache=shared"
FIRST = sqlite3.connect(URI, uri=True)
FIRST.execute("create table users (name)")
OPTIONS = sa.util.OrderedDict()

def names():
    return sqlite3.connect(URI, uri=True).execute("select name from users").fetchall()

def add(name):
    connection = sqlite3.connect(URI, uri=True)
    connection.execute("insert into users values (?)", (name,))
    connection.commit()
    connection.close()

def two(connection, cursor, statement, parameters, context, many):
    return "select 2", parameters

def one():
    with sa.create_engine("sqlite://").connect() as connection:
        return connection.scalar(sa.text("select 1"))

def map_another():
    class Another(Base):
        __tablename__ = "another"
        id: Mapped[int] = mapped_column(primary_key=True)
    KEPT.append(Another)
"""
LATER = """
import threading, time
STATE = "new"

def change():
    global STATE
    time.sleep(0.3)
    STATE = "old"

def begin():
    threading.Thread(target=change, daemon=True).start()

def wait():
    time.sleep(1)
    return STATE
"""

#: the app; what a test of one file does, and what one of a later file asserts
PAIRS = {
    "state": (WEB, "app.app.state.title = 'x'", "app.answer('/') == 'none'"),
    "handlers": (WEB, "app.app.exception_handlers[404] = app.gone", "app.answer('/lost') == 'Not Found'"),
    "routes": (WEB, "app.app.router.routes.clear()", "app.answer('/') == 'none'"),
    "listener": (
        MODELS,
        "app.sa.event.listen(app.Engine, 'before_cursor_execute', app.two, retval=True)",
        "app.one() == 1",
    ),
    "tables": (MODELS, "app.map_another()", "list(app.Base.metadata.tables) == []"),
    "dictionary of a library": (MODELS, "app.OPTIONS.update(a=1)", "not app.OPTIONS"),
    "shared database": (MODELS, "app.add('ada')", "app.names() == []"),
    "thread": (LATER, "app.begin()", "app.wait() == 'new'"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("app", "changes", "holds"), PAIRS.values(), ids=PAIRS)
def test_plain_order_counts(run: Run, app: str, changes: str, holds: str) -> None:
    files = {
        "app.py": app,
        "test_a.py": f"import app\n\ndef test_changes():\n    {changes}\n",
        "test_b.py": f"import app\n\ndef test_reads():\n    assert {holds}\n",
    }

    facts = run(files, isolation="file")

    assert outcomes(facts) == {"test_a.py::test_changes": "passed", "test_b.py::test_reads": "failed"}
    assert [one.polluters for one in facts.polluted] == [("test_a.py::test_changes",)]


@pytest.mark.slow
def test_a_thread_of_a_library_makes_nobody_a_suspect(run: Run) -> None:
    app = "from concurrent.futures import ThreadPoolExecutor\nPOOL = ThreadPoolExecutor(1)\n"
    test = "import app\n\ndef test_it():\n    assert app.POOL.submit(len, 'a').result() == 1\n"

    facts = run({"app.py": app, "test_a.py": test, "test_b.py": test}, isolation="file")

    assert (facts.is_fine, facts.polluted) == (True, ())


@pytest.mark.parametrize("by", ["faker", "factory_boy"])
def test_the_numbers_of_faker_count_once_a_seed_was_given(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance: Any = random.Random(1)
    module = SimpleNamespace(random=chance, Generator=SimpleNamespace(_is_seeded=False))
    monkeypatch.setitem(sys.modules, "faker.generator", module)
    (watched,) = of_faker()
    unseeded = watched.read()

    if by == "faker":
        module.Generator._is_seeded = True
    else:
        chance.state_set = True
    first = watched.read()
    chance.random()
    second = watched.read()
    watched.restore(None, first)

    assert unseeded is None
    assert first != second
    assert watched.read() == first
