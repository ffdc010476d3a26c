"""Configures the mappers and says everything that goes wrong (see ``main.py``). It is run in forks: what it does to
the mappers cannot be undone.
"""

from __future__ import annotations

import sys

from .records import error_record, qualified

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Dict, Iterator, List, Set, Tuple

    from .records import RecordPipe, TargetPaths

    #: each registry with its mappers
    Registries = List[Tuple[Any, List[Any]]]


def say_first_error(every: Registries, out: RecordPipe, place: TargetPaths) -> bool:
    """Say the first error of ``configure_mappers()`` with the mapper that it came from; when there is none, what the
    relationships are. Returns whether there is none.
    """
    from sqlalchemy.orm import configure_mappers

    try:
        configure_mappers()
    except BaseException as error:
        failed = [m for _, mapper_list in every for m in mapper_list if getattr(m, "_configure_failed", None) is error]
        classes = [qualified(mapper.class_) for mapper in failed[:1]]
        out.say("configuration", mapper=classes[0] if classes else None, **error_record(error, place))
        return False
    say_resolved(every, out)
    return True


def say_every_error(every: Registries, out: RecordPipe, place: TargetPaths) -> bool:
    """Record every error, relationship by relationship. An error that several meet is recorded once, for the one that
    it names. Returns that it finished.
    """
    mapperlib: Any = sys.modules["sqlalchemy.orm.mapper"]
    if out.private(mapperlib, "_already_compiling") is None:
        return True
    mapperlib._already_compiling = True  # or the first use of a column would configure everything, and fail again
    met: Dict[Tuple[str, str], List[Tuple[Any, str, Dict[str, Any]]]] = {}
    for mapper, prop in uninitialised(every, out):
        try:
            prop.init()
        except BaseException as error:
            record = error_record(error, place)
            met.setdefault((record["exception"], record["message"]), []).append((mapper, prop.key, record))
    for (_, message), places in met.items():
        named = [one for one in places if str(one[0]) in message or "%s.%s" % name_of(one) in message]
        mapper, key, record = (named or places)[0]
        others = [[*qualified(other.class_), name] for other, name, _ in places if (other, name) != (mapper, key)]
        out.say("configuration", mapper=qualified(mapper.class_), relationship=key, others=others, **record)
    say_resolved(every, out)
    return True


def name_of(place: Tuple[Any, str, Dict[str, Any]]) -> Tuple[str, str]:
    """``("Order", "user")``."""
    return place[0].class_.__name__, place[1]


def uninitialised(every: Registries, out: RecordPipe) -> Iterator[Tuple[Any, Any]]:
    """Each relationship that was not initialised yet, those that a ``backref`` adds meanwhile included."""
    seen: Set[Any] = set()
    found = list(relationships(every, out))
    while found:
        found = [item for item in relationships(every, out) if item[1] not in seen]
        for mapper, prop in found:
            seen.add(prop)
            if not getattr(prop, "_configure_started", False):
                yield mapper, prop


def relationships(every: Registries, out: RecordPipe) -> Iterator[Tuple[Any, Any]]:
    """``(mapper, relationship)`` of all, each at the mapper that it was made for."""
    kind = relationship_type()
    for _, mappers in every:
        for mapper in mappers:
            for prop in list((out.private(mapper, "_props") or {}).values()):
                if isinstance(prop, kind) and prop.parent is mapper:
                    yield mapper, prop


def relationship_type() -> Any:
    import sqlalchemy.orm as orm

    return getattr(orm, "RelationshipProperty", None) or orm.Relationship


def say_resolved(every: Registries, out: RecordPipe) -> None:
    """What each relationship turned out to be: its target, its direction, whether writing follows it."""
    found: Dict[Any, List[List[Any]]] = {}
    for mapper, prop in relationships(every, out):
        if getattr(prop, "_configure_finished", False):
            writes = not (prop.viewonly or prop.post_update)
            record = [prop.key, qualified(prop.mapper.class_), prop.direction.name, writes]
            found.setdefault(mapper, []).append(record)
    for mapper, records in found.items():
        out.say("resolved", mapper=qualified(mapper.class_), relationships=records)
