"""What an app is like at run time, before and after a patch, in the target's own interpreter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kit.facts.fixes import Check
from kit.fixes.patching.diff import Edit, make_patch
from kit.fixes.trials.effects import Effects, checks_of, read_effects, stopper
from kit.fixes.trials.trial_copy import TrialCopy
from kit.suite import RunOptions
from kit.target import find_target
from tests.fixes.apps import BASE
from tests.helpers import write_project

pytestmark = pytest.mark.slow

MODELS = """
from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Trade(Base):
    __tablename__ = "trades"
    __table_args__ = (Index("ix_trades_symbol", "symbol"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(index=True)
"""
WEB = """
from fastapi import FastAPI

from app.models import Trade

app = FastAPI()


@app.get("/trades")
def trades():
    return []
"""
#: as with Flask: a proxy that answers within a request only, and a base that no module holds
NOTES = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Request:
    def __getattribute__(self, name):
        raise RuntimeError("Working outside of request context")


class Extension:
    def __init__(self):
        self.Model = type("Model", (DeclarativeBase,), {})


request, db = Request(), Extension()


class Note(db.Model):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
MODULES = ["app.models", "app.notes", "app.web", "app.broken"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrialCopy]:
    files: dict[str, str | bytes] = {
        "app/__init__.py": "",
        "app/base.py": BASE,
        "app/models.py": MODELS,
        "app/notes.py": NOTES,
        "app/web.py": WEB,
        "app/broken.py": "raise SystemExit('no')\n",
        "tests/test_a.py": "def test_a(): pass\n",
    }
    target = find_target(write_project(tmp_path_factory.mktemp("effects") / "shop", files))
    with TrialCopy(target, RunOptions()) as copy:
        yield copy


@pytest.fixture(scope="module")
def before(copy: TrialCopy) -> Effects:
    return read_effects(copy, MODULES, ["app/models.py"])


def after(copy: TrialCopy, path: str, old: str, new: str) -> Effects:
    text = (copy.root / path).read_text()
    assert old in text
    patch = make_patch([Edit(path, text, text.replace(old, new))])
    copy.apply(patch)
    try:
        return read_effects(copy, MODULES, [path])
    finally:
        copy.apply(patch, reverse=True)


def checks(before: Effects, after: Effects) -> dict[str, Check]:
    return {check.name: check for check in checks_of(before, after)}


def test_the_app_is_read_as_it_is(before: Effects) -> None:
    assert before.imported == {"app.broken": "SystemExit: no", "app.models": None, "app.notes": None, "app.web": None}
    assert before.compiled == {"app/models.py": None}
    assert before.mappers is None
    assert before.statements is not None
    assert sum("CREATE INDEX ix_trades_symbol" in statement for statement in before.statements) == 2
    assert "GET /trades" in before.routes


def test_the_table_of_a_base_that_no_module_holds_is_seen_and_a_proxy_hides_none(
    copy: TrialCopy, before: Effects
) -> None:
    assert before.ddl_error is None
    found = checks(before, after(copy, "app/notes.py", '"notes"', '"remarks"'))["schema"]

    assert found.holds is False
    assert found.detail.startswith("gone: CREATE TABLE notes")


@pytest.mark.parametrize(
    ("was", "becomes", "holds", "detail"),
    [
        (Effects(statements=()), Effects(statements=()), None, ""),
        (Effects(statements=(), ddl_error="E: x"), Effects(statements=(), ddl_error="E: x"), None, "E: x"),
        (Effects(statements=(), ddl_error="E: x"), Effects(statements=("CREATE",)), None, "E: x"),
        (Effects(statements=("CREATE",)), Effects(statements=(), ddl_error="E: x"), False, "E: x"),
        (Effects(statements=("CREATE",)), Effects(statements=("CREATE",)), True, "the same 1 statement"),
    ],
)
def test_a_schema_that_was_not_read_is_not_called_the_same(
    was: Effects, becomes: Effects, holds: bool | None, detail: str
) -> None:
    found = checks(was, becomes)["schema"]
    assert (found.holds, found.detail) == (holds, detail)


def test_a_patch_that_changes_nothing_of_it_holds_every_check(copy: TrialCopy, before: Effects) -> None:
    found = checks(before, after(copy, "app/models.py", "index=True", ""))

    assert {name: check.holds for name, check in found.items()} == {
        "compiles": True,
        "imports": True,
        "mappers": True,
        "schema": True,
        "routes": True,
    }
    assert found["schema"].detail == "1 statement less that stood there twice"
    assert stopper(tuple(found.values())) is None


def test_a_patch_that_does_not_compile_stops_the_trial(copy: TrialCopy, before: Effects) -> None:
    found = checks(before, after(copy, "app/models.py", "class Trade(Base):", "class Trade(Base:"))

    assert found["compiles"].holds is False
    assert "app/models.py: SyntaxError" in str(stopper(tuple(found.values())))


def test_a_module_that_imports_no_more_stops_the_trial_and_one_that_never_did_does_not(
    copy: TrialCopy, before: Effects
) -> None:
    found = checks(before, after(copy, "app/models.py", "class Trade(Base):", "class Deal(Base):"))

    assert found["imports"].holds is False
    assert "app.web: ImportError" in found["imports"].detail
    assert "app.broken" not in found["imports"].detail


def test_a_changed_table_and_a_changed_route_are_named(copy: TrialCopy, before: Effects) -> None:
    table = checks(before, after(copy, "app/models.py", "symbol: Mapped[str]", "sign: Mapped[str]"))
    route = checks(before, after(copy, "app/web.py", '"/trades"', '"/deals"'))

    assert table["schema"].holds is False
    assert "gone: CREATE TABLE trades" in table["schema"].detail
    assert route["routes"].holds is False
    assert route["routes"].detail == "gone: GET /trades; new: GET /deals"


def test_a_process_that_has_the_libraries_already_says_the_same(copy: TrialCopy, before: Effects) -> None:
    copy.run()

    warm = read_effects(copy, MODULES, ["app/models.py"])

    assert copy.server.is_warm
    assert warm == replace(before, is_warm=True)
