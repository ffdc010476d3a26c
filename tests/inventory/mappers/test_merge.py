"""One table of mapped classes from source and from the running target."""

from __future__ import annotations

from kit.inventory.mappers.from_source import Mapper
from kit.inventory.mappers.merge import merge
from kit.inventory.mappers.records import RuntimeMapper
from tests.inventory.projects import Source

MODEL = """from sqlalchemy.orm import DeclarativeBase
class {base}(DeclarativeBase): ...
class User({base}): __tablename__ = 'u'
"""
SOURCE = Source({"m.py": MODEL.format(base="Base")}).mappers


def running(
    module: str = "m", name: str = "User", registry: int = 1, path: str | None = "m.py", **more: object
) -> RuntimeMapper:
    return RuntimeMapper(name, module, name, registry, 7, path, **more)  # type: ignore[arg-type]


def sides(mappers: tuple[Mapper, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(mapper.fact.module, mapper.registry, mapper.fact.sides) for mapper in mappers]


def test_a_class_that_both_sides_know_is_one() -> None:
    (user,) = merge(SOURCE, [running(columns=("id", "made"), table="u")])
    assert (user.fact.sides, user.registry, user.fact.line) == (("source", "runtime"), "m.Base", 3)


def test_what_source_does_not_tell_is_taken_from_the_running_target() -> None:
    text = MODEL.format(base="Base").replace("__tablename__ = 'u'", "__tablename__ = name()")
    (user,) = merge(Source({"m.py": text}).mappers, [running(columns=("id",), table="made")])
    assert (user.fact.table, user.fact.columns) == ("made", ("id",))


def test_a_class_that_was_never_imported_stays_with_source() -> None:
    assert sides(merge(SOURCE, [])) == [("m", "m.Base", ("source",))]


def test_a_class_that_only_the_running_target_knows() -> None:
    made = running("made", "Made", path="made.py", line=4, relationships=(("user", "User"),), base="m.Base")
    user, other = merge(SOURCE, [running(), made])
    assert (other.fact.sides, other.registry, other.fact.relationships[0].target) == (("runtime",), "m.Base", "User")
    assert user.fact.sides == ("source", "runtime")


def test_a_file_under_another_module_name_is_the_same_class_and_a_second_name_another() -> None:
    assert sides(merge(SOURCE, [running("app.m")])) == [("m", "m.Base", ("source", "runtime"))]
    both = merge(SOURCE, [running(), running("app.m", line=3)])
    assert sides(both) == [("app.m", "m.Base", ("runtime",)), ("m", "m.Base", ("source", "runtime"))]


def test_a_class_made_again_under_its_name_replaces_the_first() -> None:
    assert len(merge(SOURCE, [running(), running()])) == 1


def test_bases_that_turn_out_to_share_a_registry_are_one() -> None:
    mappers = Source({"m.py": MODEL.format(base="Base"), "n.py": MODEL.format(base="Other")}).mappers
    merged = merge(mappers, [running(), running("n", path="n.py")])
    assert {mapper.registry for mapper in merged} == {"m.Base"}


def test_one_base_that_turns_out_to_be_two_is_two() -> None:
    text = "from db import Base\nclass User(Base): __tablename__ = 'u'"
    db = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ..."
    mappers = Source({"db.py": db, "m.py": text, "n.py": text}).mappers
    merged = merge(mappers, [running(), running("n", registry=2, path="n.py")])
    assert [mapper.registry for mapper in merged] == ["db.Base", "db.Base#2"]
