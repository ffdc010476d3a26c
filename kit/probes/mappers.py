"""Imports the modules that hold mappers and says what SQLAlchemy's registries then know: one JSON object a line.

Runs in the target's interpreter (Python 3.8 to 3.14, SQLAlchemy 1.4 to 2.1), in a scratch copy. Nothing is configured
in this process; that is tried last, in a fork. A private name of SQLAlchemy is used only where no public one exists,
and what goes missing without it is said in a record. ``kit.inventory.runtime`` describes the records.

    mappers.py REQUEST_FD RECORDS_FD
    request: {"modules": ["a.b", ...], "paths": ["/import/root", ...], "known": [["a.b", "User"], ...],
              "configure_s": how long configure_mappers() may take}
"""

import gc
import importlib
import inspect
import json
import os
import signal
import sys
import time
import traceback

LONGEST_MESSAGE = 10000


class Out:
    """The record pipe. The target must neither inherit it nor find it among its standard streams."""

    def __init__(self, descriptor):
        os.set_inheritable(descriptor, False)
        self.descriptor = descriptor
        self.missing = set()

    def say(self, kind, **record):
        text = json.dumps(dict(record, kind=kind), ensure_ascii=False)  # what is no character is replaced
        data = text.encode("utf-8", "replace") + b"\n"
        while data:
            data = data[os.write(self.descriptor, data) :]

    def private(self, owner, name, default=None):
        """An attribute that SQLAlchemy does not promise; when it is gone, that is said once."""
        found = getattr(owner, name, self)
        if found is self:
            if name not in self.missing:
                self.missing.add(name)
                self.say("missing", name=name)
            return default
        return found


class Place:
    """Paths as the target's tree has them: relative to its root where they lie in it."""

    def __init__(self, root):
        self.root = os.path.realpath(root)

    def of_file(self, path):
        real = os.path.realpath(path)
        inside = real.startswith(self.root + os.sep)
        return os.path.relpath(real, self.root).replace(os.sep, "/") if inside else real

    def of_class(self, cls, wants_line):
        """Path and line of a class; what cannot be told is ``None``."""
        file = getattr(sys.modules.get(cls.__module__), "__file__", None)
        line = cls.__dict__.get("__firstlineno__")
        if wants_line and line is None:
            try:
                line = inspect.getsourcelines(cls)[1]
            except Exception:
                line = None
        return (self.of_file(file) if file else None), line

    def of_error(self, error):
        """The last frame of the target's own code, or the place of a syntax error in it."""
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
        if isinstance(error, SyntaxError) and error.filename:
            frames.append((error.filename, error.lineno or 1))
        own = [(self.of_file(path), line) for path, line in frames if not path.startswith("<")]
        own = [place for place in own if not os.path.isabs(place[0]) and "site-packages" not in place[0]]
        return own[-1] if own else (None, None)


def error_record(error, place):
    path, line = place.of_error(error)
    try:
        message = str(error)
    except Exception:
        message = "(its text could not be made)"
    return {
        "exception": "%s.%s" % (type(error).__module__, type(error).__qualname__),
        "message": message[:LONGEST_MESSAGE],
        "path": path,
        "line": line,
    }


def import_all(modules, out, place):
    for module in modules:
        out.say("importing", module=module)
        try:
            importlib.import_module(module)
        except BaseException as error:  # SystemExit, pytest's Skipped, ...: whatever it raises is data
            out.say("failed", module=module, **error_record(error, place))


# -- what the registries know ---------------------------------------------------------------------------------------


def registries(out):
    from sqlalchemy.orm import registry

    mapperlib = sys.modules["sqlalchemy.orm.mapper"]  # the name in sqlalchemy.orm is a function
    every = out.private(mapperlib, "_all_registries")
    found = every() if every else [item for item in gc.get_objects() if isinstance(item, registry)]
    return list(found)


def mappers_of(registry, out):
    """The mappers of a registry. A class whose declaration raised stays in it half-built, and is left out."""
    managers = out.private(registry, "_managers")
    if managers is None:
        found = list(registry.mappers)
    else:
        found = [manager.__dict__["mapper"] for manager in list(managers) if "mapper" in manager.__dict__]
    return [mapper for mapper in found if getattr(mapper, "_ready_for_configure", True)]


def say_mapper(mapper, registry, known, out, place):
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
        table=getattr(table, "name", None),
        table_id=id(table),
        inherits=qualified(mapper.inherits.class_) if mapper.inherits is not None else None,
        columns=list(map(str, mapper.columns.keys())),
        relationships=list(relationships_of(mapper, out)),
    )


def qualified(cls):
    return [cls.__module__, cls.__qualname__]


def base_of(cls):
    """The declarative base by the name under which a module holds it (the class itself may not know its module)."""
    bases = [base for base in cls.__mro__ if "registry" in base.__dict__ or "_sa_registry" in base.__dict__]
    if not bases:
        return None
    base = bases[-1]
    if getattr(sys.modules.get(base.__module__), base.__name__, None) is base:
        return "%s.%s" % (base.__module__, base.__qualname__)
    for name, module in sorted(sys.modules.items()):
        if getattr(module, "__dict__", {}).get(base.__name__) is base:
            return "%s.%s" % (name, base.__name__)
    return "%s.%s" % (base.__module__, base.__qualname__)


def relationships_of(mapper, out):
    """``[name, argument]`` of each; the argument is a string as SQLAlchemy will look it up, else ``None``."""
    kind = relationship_type()
    for name, prop in sorted((out.private(mapper, "_props") or {}).items()):
        if isinstance(prop, kind) and prop.parent is mapper:
            argument = getattr(prop, "argument", None)
            yield [name, argument if isinstance(argument, str) else None]


def relationship_type():
    import sqlalchemy.orm as orm

    return getattr(orm, "RelationshipProperty", None) or orm.Relationship


def say_indexes(metadatas, out):
    """Index names that occur more than once in a metadata, with the tables that they are on."""
    for metadata in metadatas:
        places = {}
        for table in list(metadata.tables.values()):
            for index in table.indexes:
                if index.name:
                    places.setdefault((table.schema, str(index.name)), []).append(table.name)
        for (_, name), tables in sorted(places.items(), key=str):
            if len(tables) > 1:
                out.say("index", name=name, tables=sorted(tables))


def say_configuration(every, out, place):
    """The first error of ``configure_mappers()``, and the mapper that it came from."""
    from sqlalchemy.orm import configure_mappers

    try:
        configure_mappers()
    except BaseException as error:
        failed = [m for _, mapper_list in every for m in mapper_list if getattr(m, "_configure_failed", None) is error]
        classes = [qualified(mapper.class_) for mapper in failed[:1]]
        out.say("configuration", mapper=classes[0] if classes else None, **error_record(error, place))


def in_a_fork(work, limit):
    """Run ``work`` in a child, so that what it changes, or how it ends, does not reach this process. Returns whether
    it came to an end in ``limit`` seconds.
    """
    if not hasattr(os, "fork"):
        work()
        return True
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    deadline = time.monotonic() + limit
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.01)
    return True


def inspect_registries(request, out, place):
    known = {tuple(key) for key in request["known"]}
    every = [(registry, mappers_of(registry, out)) for registry in registries(out)]
    metadatas = {}
    for registry, mappers in every:
        owners = [registry] + [mapper.local_table for mapper in mappers]
        metadatas.update((id(owner.metadata), owner.metadata) for owner in owners if hasattr(owner, "metadata"))
        for mapper in mappers:
            try:
                say_mapper(mapper, registry, known, out, place)
            except Exception as error:
                out.say("unreadable", mapper=qualified(mapper.class_), **error_record(error, place))
    say_indexes(metadatas.values(), out)
    if not in_a_fork(lambda: say_configuration(every, out, place), request["configure_s"]):
        out.say("not_configured", seconds=request["configure_s"])


def main(request_fd, records_fd):
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    out, place = Out(int(records_fd)), Place(os.getcwd())
    sys.path[:1] = request["paths"]  # the first entry is this file's folder, of no business to the target
    sys.argv[1:] = []
    try:
        import sqlalchemy
    except Exception as error:
        out.say("no_sqlalchemy", **error_record(error, place))
    else:
        out.say("sqlalchemy", version=sqlalchemy.__version__)
        import_all(request["modules"], out, place)
        inspect_registries(request, out, place)
        out.say("done")
    sys.stdout.flush()
    os._exit(0)  # threads that the target started, and its exit handlers, have nothing to do here


if __name__ == "__main__":
    main(*sys.argv[1:3])
