"""Reads source files and says what they import, bind, map and route: one JSON object a file.

Runs in the target's interpreter, since another Python's ``ast`` rejects newer (or older) syntax. Nothing is imported
or executed. ``kit.inventory.source.records`` describes the shape of what comes out; a key whose value is empty is left
out.

    source.main REQUEST_FD RECORDS_FD        request: {"root": "/abs", "files": ["a/b.py", ...]}
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import tokenize
import warnings

from . import statements

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List


TRIPLE_QUOTED = re.compile(r"(\"\"\"|''')(?:\\.|(?!\1)[^\\])*\1", re.DOTALL)
IMPORT = re.compile(
    r"^(?P<indent>[ \t]*)(?:"
    r"from[ \t]+(?P<module>\.*[\w.]*)(?:[ \t]|\\\n)+import[ \t]*(?P<names>\([^)]*\)|(?:\\\n|[^\n;])+)"
    r"|import[ \t]+(?P<modules>(?:\\\n|[^\n;])+))",
    re.MULTILINE,
)
#: begins where a name does: else a long one that no comma follows would be tried from each of its letters
IMPORTED = re.compile(r"(?<![\w.])([\w.]+|\*)(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:,|$)")


def decode(data: bytes) -> str:
    """The text of a source file, its line ends as ``\\n``, whatever its coding cookie or BOM say."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return normal_lines(data.decode(encoding))


def normal_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parsed(data: bytes) -> Dict[str, Any]:
    """The record of one file's bytes; raises what parsing raises."""
    return statements.extract(decode(data))


def read(data: bytes) -> Dict[str, Any]:
    """The record of one file's bytes; one that cannot be parsed is scanned for imports and marked approximate."""
    try:
        return parsed(data)
    except Exception as error:
        text = normal_lines(data.decode("utf-8-sig", "replace").replace("\0", " "))
        return {"error": describe(error), "approximate": True, "imports": scan(text)}


def describe(error: Exception) -> List[Any]:
    """``[line, "SyntaxError: invalid syntax"]``; line 1 where the parser gave none."""
    message = getattr(error, "msg", None) or str(error)
    return [getattr(error, "lineno", None) or 1, "%s: %s" % (type(error).__name__, message)]


def scan(text: str) -> List[List[Any]]:
    """Imports found by line, for a file that no parser takes. Strings of several lines are blanked first."""
    text = TRIPLE_QUOTED.sub(lambda match: "\n" * match.group().count("\n"), text)
    imports = []
    for match in IMPORT.finditer(text):
        names = (match.group("names") or match.group("modules")).replace("\\\n", " ")
        names = re.sub(r"#[^\n]*", "", names).strip("() \t\n")
        pairs = [[name, alias or None] for name, alias in IMPORTED.findall(re.sub(r"\s+", " ", names))]
        if not pairs:
            continue
        line = text.count("\n", 0, match.start()) + 1
        last_line = line + match.group().count("\n")
        scope = "function" if match.group("indent") else "module"
        if match.group("modules"):
            imports.append([line, last_line, "import", 0, None, pairs, scope])
        else:
            module = match.group("module").lstrip(".")
            level = len(match.group("module")) - len(module)
            imports.append([line, last_line, "from", level, module or None, pairs, scope])
    return imports


def main(request_fd: str, records_fd: str) -> None:
    gc.disable()  # records only grow, and the process ends with them
    warnings.simplefilter("ignore")  # an invalid escape in the target's source is not news
    with os.fdopen(int(request_fd), encoding="utf-8") as stream:
        request = json.loads(stream.readline())
    # a string literal may hold half a surrogate pair, which no other program could read
    with os.fdopen(int(records_fd), "w", encoding="utf-8", errors="replace") as out:
        for path in request["files"]:
            try:
                with io.open(os.path.join(request["root"], path), "rb") as stream:
                    record = read(stream.read())
            except OSError as error:
                record = {"error": [1, "%s: %s" % (type(error).__name__, error.strerror)], "approximate": True}
            record["path"] = path
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
