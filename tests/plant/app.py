"""The source of an app that faults are planted in, and the edits that plant them."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

#: folders that hold no source of the app
_FOREIGN = frozenset({".venv", ".git", "__pycache__", "node_modules", "build"})


@dataclass(frozen=True)
class File:
    """One source file; ``module`` is the dotted name that it is imported by."""

    path: str
    text: str
    module: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.text)

    @property
    def is_test(self) -> bool:
        """Whether pytest reads it: a test file, a conftest.py, or what lies beside them."""
        *folders, name = Path(self.path).parts
        stem = name.removesuffix(".py")
        return (
            "tests" in folders or stem == "conftest" or stem.startswith("test_") or stem.endswith(("_test", "_tests"))
        )

    def nodes(self, *types: type[ast.AST]) -> Iterator[ast.AST]:
        """All nodes of these types, in the order of the text."""
        found = (node for node in ast.walk(self.tree) if isinstance(node, types))
        return iter(sorted(found, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))))

    @property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """All functions and methods, in the order of the text."""
        types = (ast.FunctionDef, ast.AsyncFunctionDef)
        return [node for node in self.nodes(*types) if isinstance(node, types)]

    @property
    def after_imports(self) -> int:
        """The line before which a statement of the module goes that needs its imports."""
        imports = [node.end_lineno or 0 for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        return max([*imports, self.before_imports - 1]) + 1

    @property
    def before_imports(self) -> int:
        """The line before which a first import goes: behind the docstring and what is imported from the future."""
        first = 1
        for node in self.tree.body:
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            if not (is_docstring or is_future):
                break
            first = (node.end_lineno or 0) + 1
        return first

    def with_node(self, node: ast.AST, new: str) -> str:
        """The text with ``new`` in place of a node."""
        start, end = self._span(node)
        data = self.text.encode()
        return (data[:start] + new.encode() + data[end:]).decode()

    def with_lines(self, before: int, *lines: str) -> str:
        """The text with ``lines`` before line ``before`` (from 1)."""
        old = self.text.splitlines()
        return "\n".join([*old[: before - 1], *lines, *old[before - 1 :]]) + "\n"

    def source(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self._span(node)
        return self.text.encode()[start:end].decode()

    def _span(self, node: ast.AST) -> tuple[int, int]:
        starts = [0]
        for line in self.text.encode().splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        where = [getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")]
        return starts[where[0] - 1] + where[1], starts[where[2] - 1] + where[3]


@dataclass(frozen=True)
class App:
    """An app by name, with its files by path."""

    name: str
    files: Mapping[str, File]

    @classmethod
    def read(cls, name: str, folder: Path, roots: Sequence[str] = ()) -> App:
        """Read what is below ``folder``. ``roots`` are its import roots beside the folder itself."""
        files = {}
        for path in sorted(folder.rglob("*.py")):
            relative = path.relative_to(folder)
            if not _FOREIGN & set(relative.parts):
                file = File(relative.as_posix(), path.read_text(), _module(relative, roots))
                files[file.path] = file
        return cls(name, files)

    @property
    def production(self) -> list[File]:
        """The app itself."""
        return [file for file in self.files.values() if not file.is_test]

    @property
    def tests(self) -> list[File]:
        """What pytest reads of it."""
        return [file for file in self.files.values() if file.is_test]

    def module(self, name: str) -> File | None:
        """The production file of a module."""
        return next((file for file in self.production if file.module == name), None)

    def imports(self) -> Iterator[tuple[File, ast.ImportFrom, File]]:
        """Each ``from … import`` of a production module: who, the statement, whom."""
        for file in self.files.values():
            for node in file.nodes(ast.ImportFrom):
                assert isinstance(node, ast.ImportFrom)
                if found := self.module(_absolute(file, node)):
                    yield file, node, found


@dataclass(frozen=True)
class Place:
    """A line of the edited file where the defect is."""

    path: str
    line: int


@dataclass(frozen=True)
class Planting:
    """A fault at its places. ``edits`` are whole texts by path, ``None`` for a file that goes; ``what`` says it to a
    reader.
    """

    kind: str
    app: str
    what: str
    places: tuple[Place, ...]
    edits: tuple[tuple[str, str | None], ...]

    @property
    def id(self) -> str:
        """The same in every run."""
        return f"{self.app}/{self.kind}/{self.places[0].path}:{self.places[0].line}"

    @property
    def paths(self) -> frozenset[str]:
        """The files that it edits."""
        return frozenset(path for path, _ in self.edits)

    def write(self, folder: Path) -> None:
        """Make the edits below ``folder``."""
        for path, text in self.edits:
            if text is None:
                (folder / path).unlink()
                continue
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)


#: finds all places of one kind in an app, in a fixed order
Planter = Callable[[App], Iterator[Planting]]


def in_one_file(kind: str, app: App, file: File, line: int, text: str, what: str) -> Planting:
    """A planting that edits one file."""
    return Planting(kind, app.name, what, (Place(file.path, line),), ((file.path, text),))


def held_out(identity: str) -> bool:
    """Whether a planting is in the third that nothing is tuned on."""
    return hashlib.sha256(identity.encode()).digest()[0] % 3 == 0


def header_end(file: File, function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, int]:
    """Line (from 1) and column of the colon that ends the header of a function."""
    depth = 0
    rest = "\n".join(file.text.splitlines()[function.lineno - 1 :])
    for token in tokenize.generate_tokens(io.StringIO(rest).readline):
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        if token.type == tokenize.OP and token.string == ":" and depth == 0:
            return function.lineno + token.start[0] - 1, token.start[1]
    raise ValueError(f"{file.path}:{function.lineno}: a function without a colon")


def body_start(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[int, str]:
    """The line of the first statement behind the docstring, and its indentation; line 0 for a body on the header's."""
    statements = [*function.body]
    first = statements[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(statements) > 1:
        first = statements[1]
    line = min([first.lineno, *(node.lineno for node in getattr(first, "decorator_list", []))])
    return (line if line > function.lineno else 0), " " * first.col_offset


def _module(path: Path, roots: Sequence[str]) -> str:
    for root in roots:
        if path.is_relative_to(root):
            path = path.relative_to(root)
            break
    parts = [*path.parent.parts, *([path.stem] if path.stem != "__init__" else [])]
    return ".".join(parts)


def _absolute(file: File, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = file.module.split(".")
    up = node.level - (Path(file.path).name == "__init__.py")
    base = package[: len(package) - up] if up else package
    return ".".join([*base, *([node.module] if node.module else [])])
