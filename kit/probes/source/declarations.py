"""What declarative SQLAlchemy says in a source file: columns, relationships, tables, indexes (see ``main.py``).

Pure functions from ``ast`` nodes to records; ``kit.inventory.source.records`` describes their shape.
"""

from __future__ import annotations

import ast

from .expressions import callee, dotted, full, is_true, literal, options_of, owner_of, template

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, List, Optional

    from .expressions import Source

    #: a part of the record of a file, see kit.inventory.source.records
    Record = Dict[str, Any]


COLUMN_CALLS = frozenset(("Column", "mapped_column", "Field"))
RELATIONSHIP_CALLS = frozenset(("relationship", "relation", "dynamic_loader", "Relationship"))
MAPPED = frozenset(("Mapped", "DynamicMapped", "WriteOnlyMapped"))
MAPPING_CALLS = frozenset(("Column", "mapped_column")) | RELATIONSHIP_CALLS
#: attributes of a declarative base that a class may refer to, and must not map
RESERVED = frozenset(("registry", "metadata"))
NOT_COLUMNS = frozenset(("column_property", "synonym", "composite", "query_expression", "association_proxy"))
NAMED_CONSTRAINTS = frozenset(("UniqueConstraint", "CheckConstraint", "ForeignKeyConstraint", "PrimaryKeyConstraint"))
#: string arguments of relationship() that SQLAlchemy evaluates, looking class names up in the registry
EVALUATED = frozenset(("primaryjoin", "secondaryjoin", "secondary", "foreign_keys", "remote_side", "order_by"))


def is_mapped(annotation: Optional[ast.AST]) -> bool:
    """Whether an annotation is ``Mapped[...]``, also as a string."""
    head = dotted(annotation) or (literal(annotation) or "").partition("[")[0]
    return head.rpartition(".")[2] in MAPPED


def new_class(node: ast.ClassDef, qualname: str, scope: str) -> Record:
    return {
        "name": node.name,
        "qualname": qualname,
        "line": node.lineno,
        "end_line": node.end_lineno,
        "scope": scope,
        "bases": [name for name in map(dotted, node.bases) if name],
        "decorators": [name for name in map(dotted, node.decorator_list) if name],
        "metaclass": next((dotted(keyword.value) for keyword in node.keywords if keyword.arg == "metaclass"), None),
        "is_table": any(keyword.arg == "table" and is_true(keyword.value) for keyword in node.keywords),
        "references": {},
        "columns": [],
        "relationships": [],
        "indexes": [],
        "others": [],
        "slips": [],
    }


def add_attribute(
    owner: Record, source: Source, node: ast.stmt, name: str, value: Any, annotation: Optional[ast.AST]
) -> None:
    """Take the class attribute ``name: annotation = value`` into the class record ``owner``."""
    if name == "__tablename__":
        owner["table"], owner["has_table"] = template(value), True
    elif name == "__bind_key__":
        owner["bind_key"] = template(value)
    elif name == "__table__":
        add_own_table(owner, source, value)
    elif name == "__table_args__":
        owner["others"].append(name)
        add_table_arguments(owner, value)
        if callee(value) in NAMED_CONSTRAINTS or callee(value) == "Index":
            owner["slips"].append([name, value.lineno, "no tuple"])
    elif name == "__abstract__":
        owner["abstract"] = is_true(value)
    elif name in RESERVED and dotted(value) and callee(value) not in MAPPING_CALLS:
        owner["references"][name] = dotted(value)
    else:
        add_mapped_attribute(owner, source, node, name, value, annotation)


def add_own_table(owner: Record, source: Source, value: Any) -> None:
    owner["has_table"] = True
    if callee(value) == "Table":
        table = table_record(source, "", value)
        for key in ("table", "schema", "columns", "indexes", "extend_existing"):
            if key in table:
                owner[key] = table[key]
    elif dotted(value):
        owner["references"]["__table__"] = dotted(value)


def add_table_arguments(owner: Record, value: Any) -> None:
    """``__table_args__`` in each of its shapes: tuple, dict, a tuple that ends in a dict, a sum of tuples."""
    if isinstance(value, ast.BinOp):
        add_table_arguments(owner, value.left)
        add_table_arguments(owner, value.right)
    elif isinstance(value, (ast.Tuple, ast.List)):
        for element in value.elts:
            add_table_arguments(owner, element)
    elif isinstance(value, ast.Dict):
        names = [literal(key) for key in value.keys]
        add_table_options(owner, {name: value.values[at] for at, name in enumerate(names) if name})
    elif callee(value) == "dict":
        add_table_options(owner, options_of(value))
    elif callee(value) == "Index":
        owner["indexes"].append(index_record(value))
    elif callee(value) in NAMED_CONSTRAINTS and literal(options_of(value).get("name")):
        owner["indexes"].append([literal(options_of(value)["name"]), value.lineno, [], "constraint"])


def add_table_options(owner: Record, options: Dict[str, ast.expr]) -> None:
    if is_true(options.get("extend_existing")):
        owner["extend_existing"] = True
    if template(options.get("schema")):
        owner["schema"] = template(options["schema"])
    add_info(owner, options.get("info"))


def add_info(owner: Record, value: Any) -> None:
    """``{"bind_key": "east"}``, as Flask-SQLAlchemy before 3.0 takes it."""
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values):  # noqa: B905 (Python 3.8 has no strict)
            if literal(key) == "bind_key":
                owner["bind_key"] = template(item)


def add_mapped_attribute(
    owner: Record, source: Source, node: ast.stmt, name: str, value: Any, annotation: Optional[ast.AST]
) -> None:
    if callee(value) == "deferred" and value.args:
        value = value.args[0]
    call = callee(value)
    is_field = (source.mentions_sqlmodel or owner["is_table"]) and is_sqlmodel_field(name, annotation)
    if call in RELATIONSHIP_CALLS:
        owner["relationships"].append(relationship_record(source, node, name, value, annotation))
    elif call == "Index":
        owner["indexes"].append(index_record(value))
    elif call in ("Column", "mapped_column") or (call not in NOT_COLUMNS and (is_mapped(annotation) or is_field)):
        owner["columns"].append(column_record(source, node.lineno, name, value, annotation))
    else:
        owner["others"].append(name + ("()" if isinstance(value, ast.Call) else ""))
        if isinstance(value, ast.Tuple) and len(value.elts) == 1 and callee(value.elts[0]) in MAPPING_CALLS:
            owner["slips"].append([name, node.lineno, "tuple"])


def is_sqlmodel_field(name: str, annotation: Optional[ast.AST]) -> bool:
    head = dotted(annotation) or ""
    return bool(annotation) and not name.startswith(("_", "model_config")) and not head.endswith("ClassVar")


def column_record(source: Source, line: int, name: str, value: Any, annotation: Optional[ast.AST]) -> Record:
    record = {"name": name, "line": line, "type": source.text(annotation)}
    if callee(value) in COLUMN_CALLS:
        record.update(column_arguments(source, value))
    elif isinstance(value, ast.Call):
        record["opaque"] = True
    return full(record)


def column_arguments(source: Source, call: Any) -> Record:
    options = options_of(call)
    arguments: List[Any] = list(call.args)
    record: Record = {
        "index": is_true(options.get("index")),
        "unique": is_true(options.get("unique")),
        "primary_key": is_true(options.get("primary_key")),
        "column": literal(options.get("name")),
    }
    if arguments and literal(arguments[0]) is not None:
        record["column"] = literal(arguments.pop(0))
    keys = [argument for argument in arguments if callee(argument) == "ForeignKey" and argument.args]
    targets = [template(key.args[0]) for key in keys]
    record["foreign_keys"] = [target for target in [*targets, template(options.get("foreign_key"))] if target]
    record["opaque"] = is_opaque(call) or len(record["foreign_keys"]) < len(keys) + ("foreign_key" in options)
    types = [argument for argument in arguments if argument not in keys and not isinstance(argument, ast.Starred)]
    types = types if callee(call) != "Field" else []
    types += [options[name] for name in ("type_", "sa_type") if name in options]
    if types:
        record["type"] = source.text(types[0])
    if callee(options.get("sa_column")) == "Column":
        record.update(full(column_arguments(source, options["sa_column"])))
    return record


def is_opaque(call: ast.Call) -> bool:
    """Whether arguments are handed on that only running the code would tell."""
    starred = any(isinstance(argument, ast.Starred) for argument in call.args)
    return starred or any(keyword.arg is None for keyword in call.keywords)


def relationship_record(source: Source, node: ast.stmt, name: str, call: Any, annotation: Optional[ast.AST]) -> Record:
    options = options_of(call)
    argument = call.args[0] if call.args else options.get("argument")
    kind = "annotation"
    if isinstance(argument, ast.Lambda):
        kind, argument = "lambda", argument.body
    elif argument is not None:
        kind = "string" if literal(argument) else "name"
    evaluated = [literal(value) for key, value in options.items() if key in EVALUATED]
    return full(
        {
            "name": name,
            "line": node.lineno,
            "kind": kind,
            "target": literal(argument) or source.text(argument),
            "annotation": source.text(annotation),
            "back_populates": literal(options.get("back_populates")),
            "expressions": [text for text in evaluated if text],
            "options": sorted(options),
        }
    )


def index_record(call: Any) -> List[Any]:
    """``[name, line, columns as written, kind]``; the name is ``None`` where SQLAlchemy generates it, and ``""`` where
    running the code would tell.
    """
    name = getattr(call.args[0], "value", "") if call.args else ""
    name = name if name is None or isinstance(name, str) else ""
    columns = [literal(argument) or dotted(argument) for argument in call.args[1:]]
    return [name, call.lineno, [column for column in columns if column], "index"]


def adds_to_what_is_there(call: ast.Call) -> bool:
    """Whether ``Table(...)`` may name a table that its metadata has already: without columns, SQLAlchemy gives that."""
    options = options_of(call)
    is_reference = len(call.args) == 2 and not isinstance(call.args[1], ast.Starred)
    return is_reference or any(is_true(options.get(name)) for name in ("extend_existing", "keep_existing"))


def table_record(source: Source, name: str, call: ast.Call) -> Record:
    record: Record = {
        "name": name,
        "line": call.lineno,
        "schema": template(options_of(call).get("schema")),
        "table": template(call.args[0]) if call.args else None,
        "bind_key": template(options_of(call).get("bind_key")),
        "metadata": dotted(call.args[1]) if len(call.args) > 1 and not callee(call.args[1]) else owner_of(call),
        "extend_existing": adds_to_what_is_there(call),
        "columns": [],
        "indexes": [],
    }
    for argument in call.args[1:]:
        if callee(argument) == "Column":
            column = column_record(source, argument.lineno, "", argument, None)
            record["columns"].append(dict(column, name=column.get("column", "")))
        elif callee(argument) == "Index":
            record["indexes"].append(index_record(argument))
    return full(record)


def route_record(source: Source, node: Any, decorator: Any, path: Any) -> Record:
    """A path operation: ``@router.get("/path", response_model=...)`` above the function ``node``."""
    model = options_of(decorator).get("response_model")
    return full(
        {
            "function": node.name,
            "line": decorator.lineno,
            "def_line": node.lineno,
            "receiver": dotted(decorator.func.value),
            "method": decorator.func.attr,
            "path": literal(path),
            "response_model": source.text(model),
            "response_model_line": getattr(model, "lineno", None),
            "returns": source.text(node.returns),
            "returns_line": getattr(node.returns, "lineno", None),
        }
    )
