"""Says what an app is like at run time: what compiles and imports, whether mappers configure, its DDL and its routes.

Runs in the target's interpreter (Python 3.8 to 3.14), in a scratch copy; kit compares what it says before and after a
patch. https://docs.sqlalchemy.org/en/20/core/engines.html#sqlalchemy.create_mock_engine

    effects.main REQUEST_FD RECORDS_FD
    request: {"compile": ["a/b.py", ...], "modules": ["a.b", ...], "paths": ["/import/root", ...]}
    records: {"kind": "compiled" | "imported" | "mappers" | "ddl" | "routes", ...}
"""

from __future__ import annotations

import importlib
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterator, List, Optional, Set


class LineWriter:
    """Writes a JSON object a line."""

    def __init__(self, descriptor: int) -> None:
        self._stream = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")

    def say(self, kind: str, **record: Any) -> None:
        record["kind"] = kind
        self._stream.write(json.dumps(record) + "\n")
        self._stream.flush()


def error_of(work: Callable[..., Any], *arguments: str) -> Optional[str]:
    """What ``work`` raises, as ``Type: first line of the message``; ``None`` when it raises nothing."""
    try:
        work(*arguments)
    except BaseException as error:  # SystemExit, pytest's Skipped, ...: whatever it raises is data
        lines = str(error).splitlines()
        return "%s: %s" % (type(error).__name__, lines[0] if lines else "")
    return None


def compile_file(path: str) -> None:
    with open(path, "rb") as stream:
        compile(stream.read(), path, "exec", dont_inherit=True)


def metadatas() -> List[Any]:
    """Every MetaData that a loaded module, or a base or a mapped class in it, holds, in a stable order."""
    found: Dict[int, Any] = {}
    for name, module in sorted(sys.modules.items()):
        if not name.startswith("sqlalchemy"):
            for value in list(getattr(module, "__dict__", {}).values()):
                found.update((id(held), held) for held in held_by(value) if id(held) not in found)
    return list(found.values())


def held_by(value: Any) -> List[Any]:
    """The MetaData that a value is, has, or maps its table in: no module has the base of Flask-SQLAlchemy's models."""
    from sqlalchemy import MetaData

    try:
        own = getattr(value, "__dict__", {})
        candidates = [value, own.get("metadata"), getattr(own.get("__table__"), "metadata", None)]
        return [one for one in candidates if isinstance(one, MetaData)]
    except Exception:  # a proxy raises whatever it likes where its object is not there, as Flask's request does
        return []


def statements() -> List[str]:
    """What ``create_all`` would send to a SQLite database, sorted."""
    from sqlalchemy import create_mock_engine

    said: List[str] = []

    def send(statement: Any, *_: Any, **__: Any) -> None:
        said.append(" ".join(str(statement.compile(dialect=engine.dialect)).split()))

    engine = create_mock_engine("sqlite://", send)
    for metadata in metadatas():
        metadata.create_all(engine, checkfirst=False)
    return sorted(said)


def routes() -> List[str]:
    """The routes of every FastAPI, Starlette and Flask app that a loaded module holds, as ``METHOD path``."""
    found: Set[str] = set()
    for module in list(sys.modules.values()):
        for value in list(getattr(module, "__dict__", {}).values()):
            package = str(type(value).__module__).partition(".")[0]
            if package in ("fastapi", "starlette") and hasattr(value, "routes"):
                found.update(of_starlette(value))
            elif package == "flask" and hasattr(value, "url_map"):
                found.update("%s %s" % (method, rule) for rule in value.url_map.iter_rules() for method in rule.methods)
    return sorted(found)


def of_starlette(app: Any) -> Iterator[str]:
    for route in app.routes:
        for method in sorted(getattr(route, "methods", None) or ()):
            yield "%s %s" % (method, getattr(route, "path", ""))


def say_effects(request: Dict[str, Any], out: LineWriter) -> None:
    for path in request["compile"]:
        out.say("compiled", path=path, error=error_of(compile_file, path))
    for module in request["modules"]:
        out.say("imported", module=module, error=error_of(importlib.import_module, module))
    if "sqlalchemy" in sys.modules:
        from sqlalchemy.orm import configure_mappers

        out.say("mappers", error=error_of(configure_mappers))
        said: List[str] = []
        error = error_of(lambda: said.extend(statements()))
        out.say("ddl", statements=said, error=error)
    out.say("routes", routes=routes())


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    sys.path[:] = request["paths"] + sys.path
    sys.argv[1:] = []
    say_effects(request, LineWriter(int(records_fd)))
    sys.stdout.flush()
    os._exit(0)  # threads that the target started, and its exit handlers, have nothing to do here
