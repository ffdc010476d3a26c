"""Give the duplicate of a collision a registry of its own: its name means nothing to the classes of the other one.

https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.registry
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.facts.inventory import MappedClass
from kit.fixes.options.shared.duplicates import Pair, classes_of, pairs_of
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.imports import ImportBinding, with_import
from kit.fixes.source.texts import NotEditableError
from kit.fixes.source.tree import code_of, parse, top_class

CAUSES = frozenset({"mapper-collision"})
KIND = "separate-base"
_URL = "https://docs.sqlalchemy.org/en/20/orm/mapping_api.html#sqlalchemy.orm.registry"
_BASE = "DeclarativeBase"
_DOCSTRING = '"""A registry of its own: other mapped classes have the same name."""'


def find(cause: Cause, scene: FixScene) -> Iterator[FixOption]:
    """One option, for a duplicate without relationships: their strings are looked up within a registry."""
    classes = classes_of(cause, scene)
    if classes is None or len(classes[1]) != 1:
        return
    primary, (duplicate,) = classes
    if _is_related(duplicate, scene):
        return
    title = f"Give {duplicate.module}.{duplicate.name} a declarative base of its own, with the same MetaData"
    try:
        pairs = pairs_of(scene, primary, (duplicate,))
        text = _with_base(pairs[0], scene) if pairs else None
    except NotEditableError as error:
        yield without_patch(cause, KIND, title, error)
        return
    if text is None:
        return
    why = f'"{primary.name}" means the one class of each registry then, and the tables stay in one MetaData'
    losses: tuple[str, ...] = ("relationships between the two registries have to name classes, not strings",)
    if duplicate.table_key == primary.table_key:
        losses += (f"two classes stay mapped to the table {primary.table}: what one changes, the other does not see",)
    yield option_of(cause, scene, Proposal(KIND, title, why, {duplicate.path: text}, losses, documentation=_URL))


def _is_related(duplicate: MappedClass, scene: FixScene) -> bool:
    """Whether the duplicate has relationships, or a class of its module relates to it: those would look for names in
    the wrong registry.
    """
    beside = [
        one for one in scene.inventory.mapped_classes if one.path == duplicate.path and one.name != duplicate.name
    ]
    related = (relation for one in beside for relation in one.relationships)
    return bool(duplicate.relationships) or any(relation.points_at == duplicate.name for relation in related)


def _with_base(pair: Pair, scene: FixScene) -> str | None:
    """The duplicate's module with a base of its own; ``None`` unless its base is a plain ``DeclarativeBase``."""
    bases = [code_of(one.value) for one in pair.duplicate_class.bases if one.keyword is None]
    own = pair.duplicate.base
    if own is None or len(bases) != 1 or bases[0] != own.rpartition(".")[2] or not _is_plain(own, scene):
        return None
    name = f"{pair.duplicate.name}Base"
    if top_class(pair.duplicate_module, name):
        return None
    lines = f"class {name}({_BASE}):\n    {_DOCSTRING}\n\n    metadata = {bases[0]}.metadata\n"
    base = cst.parse_statement(lines, config=pair.duplicate_module.config_for_parsing)
    assert isinstance(base, cst.ClassDef)
    moved = pair.duplicate_class.with_changes(
        bases=[cst.Arg(cst.Name(name))], leading_lines=[cst.EmptyLine(indent=False), cst.EmptyLine(indent=False)]
    )
    body = list(pair.duplicate_module.body)
    at = body.index(pair.duplicate_class)
    body[at : at + 1] = [base.with_changes(leading_lines=pair.duplicate_class.leading_lines), moved]
    module = pair.duplicate_module.with_changes(body=body)
    return with_import(module, ImportBinding("sqlalchemy.orm", _BASE, _BASE, for_types=False)).code


def _is_plain(base: str, scene: FixScene) -> bool:
    """Whether a class derives from ``DeclarativeBase`` alone and adds nothing of its own."""
    module, _, name = base.rpartition(".")
    places = scene.declarations.classes(name)
    for place in places:
        if place.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".").endswith(module):
            found = top_class(parse(scene.text(place.path), place.path), name)
            if found is None or [code_of(one.value).rpartition(".")[2] for one in found.bases] != [_BASE]:
                return False
            return all(_is_empty(one) for one in found.body.body)
    return False


def _is_empty(statement: cst.CSTNode) -> bool:
    """Whether a statement of a class body is a docstring or ``pass``."""
    if isinstance(statement, cst.SimpleStatementLine):
        return all(isinstance(small, cst.Pass | cst.Expr) for small in statement.body)
    return isinstance(statement, cst.Pass | cst.Expr)
