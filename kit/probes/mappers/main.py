"""Imports the modules that hold mappers and says what SQLAlchemy's registries then know: one JSON object a line.

Runs in the target's interpreter (Python 3.8 to 3.14, SQLAlchemy 1.4 to 2.1), in a scratch copy. Nothing is configured
in this process; that is tried last, in a fork. A private name of SQLAlchemy is used only where no public one exists,
and a record says what is missing without it. ``kit.inventory.mappers.from_runtime`` describes the records.

    mappers.main REQUEST_FD RECORDS_FD
    request: {"modules": ["a.b", ...], "paths": ["/import/root", ...], "known": [["a.b", "User"], ...],
              "configure_s": how long configure_mappers() may take,
              "tests": folders of tests, whose conftest files pytest imports first; none to go without}
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time

from ..system import forks
from .configuring import relationship_type, say_every_error, say_first_error
from .records import RecordPipe, TargetPaths, error_record, qualified
from .tables import say_tables
from .tracing import Trace, say_files

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Set, Tuple


#: how many more objects are made before the garbage collector looks for cycles: mappers stay, and looking at them
#: again and again takes a quarter of the time of importing them
OBJECTS = 100000


def import_all(modules: Iterable[str], out: RecordPipe, place: TargetPaths) -> None:
    for module in modules:
        out.say("importing", module=module)
        try:
            importlib.import_module(module)
        except BaseException as error:  # SystemExit, pytest's Skipped, ...: whatever it raises is data
            out.say("failed", module=module, **error_record(error, place))


def after_conftests(folders: List[str], look: Callable[[], None]) -> None:
    """Call ``look`` where pytest would collect: its hooks and the tests' conftest files have set up what they do."""
    import pytest

    class Plugin:
        @pytest.hookimpl(tryfirst=True)
        def pytest_collection(self) -> bool:
            look()
            return True  # nothing is collected

    pytest.main(["-q", "-p", "no:cacheprovider", "-o", "addopts=", *folders], plugins=[Plugin()])


# -- what the registries know ---------------------------------------------------------------------------------------


def registries(out: RecordPipe) -> List[Any]:
    from sqlalchemy.orm import registry

    mapperlib = sys.modules["sqlalchemy.orm.mapper"]  # the name in sqlalchemy.orm is a function
    every = out.private(mapperlib, "_all_registries")
    found = every() if every else [item for item in gc.get_objects() if isinstance(item, registry)]
    return list(found)


def mappers_of(registry: Any, out: RecordPipe) -> List[Any]:
    """The mappers of a registry. A class whose declaration raised stays in it half-built, and is left out."""
    managers = out.private(registry, "_managers")
    if managers is None:
        found = list(registry.mappers)
    else:
        found = [manager.__dict__["mapper"] for manager in list(managers) if "mapper" in manager.__dict__]
    return [mapper for mapper in found if getattr(mapper, "_ready_for_configure", True)]


def say_mapper(
    mapper: Any, registry: Any, known: Set[Tuple[str, str]], out: RecordPipe, place: TargetPaths, trace: Trace
) -> None:
    cls = mapper.class_
    path, line = place.of_class(cls, (cls.__module__, cls.__qualname__) not in known)
    table = mapper.local_table
    out.say(
        "mapper",
        name=cls.__name__,
        module=cls.__module__,
        qualname=cls.__qualname__,
        path=path,
        line=line,
        registry=id(out.private(registry, "_class_registry", registry)),
        base=base_of(cls),
        table=table.name if isinstance(table, table_type()) else None,  # it may be a query
        table_id=id(table),
        schema=getattr(table, "schema", None),
        metadata=id(table.metadata) if isinstance(table, table_type()) else 0,
        stale=is_stale(cls),
        imported_through=trace.chain(mapper),
        inherits=qualified(mapper.inherits.class_) if mapper.inherits is not None else None,
        columns=list(map(str, mapper.columns.keys())),
        relationships=list(relationships_of(mapper, out)),
    )


def table_type() -> Any:
    import sqlalchemy

    return sqlalchemy.Table


def is_stale(cls: Any) -> bool:
    """Whether its module has another class under its name by now: it was defined twice, and this one stays mapped."""
    found = sys.modules.get(cls.__module__)
    for name in cls.__qualname__.split("."):
        found = getattr(found, name, None)
    return isinstance(found, type) and found is not cls and hasattr(found, "__mapper__")


def base_of(cls: Any) -> Optional[str]:
    """The declarative base by the name under which a module holds it (the class itself may not know its module)."""
    bases = [one for one in cls.__mro__ if "registry" in one.__dict__ or "_sa_registry" in one.__dict__]
    if not bases:
        return None
    base: Any = bases[-1]
    own_name = "%s.%s" % (base.__module__, base.__qualname__)
    if getattr(sys.modules.get(base.__module__), base.__name__, None) is base:
        return own_name
    for name, module in sorted(sys.modules.items()):
        if getattr(module, "__dict__", {}).get(base.__name__) is base:
            return "%s.%s" % (name, bases[-1].__name__)
    return own_name


def relationships_of(mapper: Any, out: RecordPipe) -> Iterator[List[Optional[str]]]:
    """``[name, argument]`` of each; the argument is a string as SQLAlchemy will look it up, else ``None``."""
    kind = relationship_type()
    for name, prop in sorted((out.private(mapper, "_props") or {}).items()):
        if isinstance(prop, kind) and prop.parent is mapper:
            argument = getattr(prop, "argument", None)
            yield [name, argument if isinstance(argument, str) else None]


def say_indexes(metadatas: Iterable[Any], out: RecordPipe) -> None:
    """Index names that occur more than once in a metadata, with the tables that they are on."""
    for metadata in metadatas:
        places: Dict[Tuple[Any, str], List[str]] = {}
        for table in list(metadata.tables.values()):
            for index in table.indexes:
                if index.name:
                    places.setdefault((table.schema, str(index.name)), []).append(table.name)
        for (_, name), tables in sorted(places.items(), key=str):
            if len(tables) > 1:
                out.say("index", name=name, tables=sorted(tables))


def in_a_fork(work: Callable[[], bool], limit: float) -> Optional[bool]:
    """Run ``work`` in a child, so that what it changes, or how it ends, does not reach this process. Returns whether
    it returned that all is well, or ``None`` when it did not end within ``limit`` seconds.
    """
    if not forks.CAN_FORK:
        return work()
    child = forks.fork()
    if child == 0:
        gc.disable()  # it ends soon, and looking for cycles among what it makes would take as long as making it
        try:
            os._exit(0 if work() else 1)
        finally:
            os._exit(1)
    deadline = time.monotonic() + limit
    while True:
        status = forks.status_of(child)
        if status is not None:
            return status == 0
        if time.monotonic() > deadline:
            forks.end(child)
            return None
        time.sleep(0.01)


def inspect_registries(request: Dict[str, Any], out: RecordPipe, place: TargetPaths, trace: Trace) -> None:
    known = {tuple(key) for key in request["known"]}
    every = [(registry, mappers_of(registry, out)) for registry in registries(out)]
    metadatas: Dict[int, Any] = {}
    for registry, mappers in every:
        owners = [registry] + [mapper.local_table for mapper in mappers]
        metadatas.update((id(owner.metadata), owner.metadata) for owner in owners if hasattr(owner, "metadata"))
        for mapper in mappers:
            try:
                say_mapper(mapper, registry, known, out, place, trace)
            except Exception as error:
                out.say("unreadable", mapper=qualified(mapper.class_), **error_record(error, place))
    say_indexes(metadatas.values(), out)
    say_tables(metadatas.values(), out, trace)
    say_files(out, place)
    is_well = in_a_fork(lambda: say_first_error(every, out, place), request["configure_s"])
    if is_well is False:
        is_well = in_a_fork(lambda: say_every_error(every, out, place), request["configure_s"])
    if is_well is None:
        out.say("not_configured", seconds=request["configure_s"])


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    out, place = RecordPipe(int(records_fd)), TargetPaths(os.getcwd())
    sys.path[:] = request["paths"] + sys.path
    sys.argv[1:] = []
    trace = Trace(out, place)
    if hasattr(gc, "set_threshold"):  # PyPy collects in its own way
        gc.set_threshold(OBJECTS)
    try:
        import sqlalchemy

        trace.listen()
    except Exception as error:
        out.say("no_sqlalchemy", **error_record(error, place))
    else:
        out.say("sqlalchemy", version=sqlalchemy.__version__)

        def look() -> None:
            import_all(request["modules"], out, place)
            inspect_registries(request, out, place, trace)
            out.say("done")

        if request.get("tests"):
            after_conftests(request["tests"], look)
        else:
            look()
    sys.stdout.flush()
    os._exit(0)  # threads that the target started, and its exit handlers, have nothing to do here
