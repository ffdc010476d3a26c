"""Says of each test module whether it can configure its mappers when pytest runs it alone: one JSON object a module.

Runs in the target's interpreter (Python 3.8 to 3.14), in a scratch copy. Each module is collected by pytest in a fork
of a process that has imported nothing of the target, so that no module profits from another's imports.
``kit.inventory.registry.canary`` describes the records.

    mappers.alone REQUEST_FD RECORDS_FD
    request: {"tests": ["tests/test_a.py", ...], "paths": ["/import/root", ...], "each_s": for one module}
"""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import sys
import time

from ..system import forks

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List


#: the target's configuration must not change what is collected, or how much is printed
OPTIONS = ["--collect-only", "-q", "-p", "no:cacheprovider", "-o", "addopts="]


def import_as_fixtures_do(test: str) -> None:
    """Run the imports in the functions of the test module's conftests: fixtures run before any mapper is used."""
    loaded = {getattr(module, "__file__", None): module for module in list(sys.modules.values())}
    folder = os.path.dirname(os.path.abspath(test))
    while folder.startswith(os.getcwd()):
        conftest = os.path.join(folder, "conftest.py")
        if conftest in loaded:
            with open(conftest, "rb") as stream:
                tree = ast.parse(stream.read())
            functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
            for node in {inner for function in functions for inner in ast.walk(function)}:
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    with contextlib.suppress(ImportError):
                        exec(compile(ast.Module([node], []), conftest, "exec"), dict(vars(loaded[conftest])))  # noqa: S102
        folder = os.path.dirname(folder)


def metadatas() -> List[Any]:
    """Every MetaData that is alive."""
    kind = sys.modules["sqlalchemy"].MetaData
    return [one for one in gc.get_objects() if isinstance(one, kind)]


def collect_and_configure(test: str) -> List[str]:
    """``[outcome, message]``."""
    import pytest

    code = int(pytest.main([*OPTIONS, test]))
    if code not in (0, 5):  # 5: a module without a test
        return ["not collected", "pytest ended with %d" % code]
    import_as_fixtures_do(test)
    if "sqlalchemy.orm" in sys.modules:
        try:
            sys.modules["sqlalchemy.orm"].configure_mappers()
            for metadata in metadatas():
                list(metadata.sorted_tables)  # follows every foreign key, as create_all() does
        except Exception as error:
            return ["fails", "%s: %s" % (type(error).__name__, error)]
    return ["configures", ""]


def in_a_fork(test: str, limit: int) -> List[str]:
    """What a child says of the test, or how it ended without a word."""
    if not forks.CAN_FORK:
        return ["not collected", "this system cannot fork a process"]
    reading, writing = os.pipe()
    child = forks.fork()
    if child == 0:
        forks.end_after(limit)
        os.close(reading)
        try:
            said = collect_and_configure(test)
        except BaseException as error:  # whatever it raises is data
            said = ["not collected", type(error).__name__]
        os.write(writing, json.dumps(said).encode()[:60000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    try:
        told: List[str] = json.loads(answer.decode())
        return told
    except ValueError:
        return ["not collected", "ended with status %d" % status]


def main(request_fd: str, records_fd: str) -> None:
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    sys.path[:] = request["paths"] + sys.path
    sys.argv[1:] = []
    try:
        import pytest  # noqa: F401 (once, for all)
        import sqlalchemy.orm  # noqa: F401
    except ImportError:
        pass  # then nothing can be collected, or nothing be configured, and each says so
    with os.fdopen(int(records_fd), "w") as out:
        for test in request["tests"]:
            began = time.monotonic()
            outcome, said = in_a_fork(test, request["each_s"])
            record = {"path": test, "outcome": outcome, "said": said, "seconds": time.monotonic() - began}
            out.write(json.dumps(record) + "\n")
            out.flush()
