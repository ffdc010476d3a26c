"""An answer that FastAPI's model of it refuses: which field of which model, and what the view gave for it.

https://fastapi.tiangolo.com/tutorial/response-model/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kit.causes.building import cause_of, check_command, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "response-refused"
_ERROR = re.compile(
    r"\{'type': '(?P<type>\w+)', 'loc': \('response', (?P<loc>[^()]*)\), "
    r"'msg': (?P<quote>['\"])(?P<said>.*?)(?P=quote), "
)
_PART = re.compile(r"'([^']+)'")
_VIEW = re.compile(r'^ *File "(?P<path>[^"]+)", line (?P<line>\d+), in (?P<function>\w+)', re.MULTILINE)
_INPUT = re.compile(r"'input': <(?:[\w.]+\.)?(?P<owner>\w+) object at ")
_NOT_LOADED = re.compile(r"MissingGreenlet|DetachedInstanceError|is not bound to a Session|not available due to lazy=")


@dataclass(frozen=True)
class _Refusal:
    """What an error says: the names that lead to the field, what is wrong with it, and the view."""

    parts: tuple[str, ...]
    missing: bool
    said: str
    view: Location
    function: str
    owner: str

    @property
    def unloaded(self) -> bool:
        """Whether the session is not there any more that would load the field."""
        return _NOT_LOADED.search(self.said) is not None


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[tuple[str, object], tuple[_Refusal, Location | None, list[Group]]] = {}
    for group in unexplained:
        if group.signature.exception == "ResponseValidationError" and (refusal := _read(group.example)):
            field = scene.declarations.answers.field(refusal.view, refusal.parts)
            key = refusal.parts[-1], refusal.view if refusal.unloaded else field
            met.setdefault(key, (refusal, field, []))[-1].append(group)
    for refusal, field, groups in met.values():
        yield _cause(scene, refusal, field, groups)


def _read(message: str) -> _Refusal | None:
    error, view = _ERROR.search(message), _VIEW.search(message)
    parts = tuple(_PART.findall(error["loc"])) if error else ()
    if error is None or view is None or not parts:
        return None
    given = _INPUT.search(message)
    owner = given["owner"] if given else ""
    place = Location(view["path"], int(view["line"]), "view")
    return _Refusal(parts, error["type"] == "missing", error["said"], place, view["function"], owner)


def _cause(scene: Scene, refusal: _Refusal, field: Location | None, groups: list[Group]) -> Cause:
    name, unloaded = refusal.parts[-1], refusal.unloaded
    queries = (
        scene.declarations.answers.queries(refusal.view, refusal.owner, name) if unloaded and refusal.owner else ()
    )
    given = () if unloaded or refusal.missing else _given(scene, name)
    told = [field] if field else []
    if unloaded:
        what = f"{refusal.function} answers with {refusal.owner or 'an object'}.{name}, which its query has not loaded"
        advice = f"Load {name} in the query (selectinload, joinedload), or leave it out of the model of the answer"
    else:
        what = f'{refusal.function} answers with a "{name}" that its model refuses: {refusal.said}'
        advice = "Give what the model asks for, or let the model take what is given"
    return cause_of(
        groups,
        id=f"{KIND}:{refusal.view}:{name}",
        kind=KIND,
        title=shortened(what),
        state="consistent",
        locations=[*(queries or given), *told, refusal.view, *scene.spots(*groups)],
        evidence=[
            *(Evidence(f"The field of the model: {scene.declarations.line(one).strip()}", one) for one in told),
            *(Evidence(f'A query that does not load "{name}"', one) for one in queries),
            *(Evidence(f'"{name}" of a mapped class', one) for one in given),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


def _given(scene: Scene, name: str) -> tuple[Location, ...]:
    """What mapped classes have under the name of a field."""
    owners = dict.fromkeys(one.name for one in scene.inventory.mapped_classes)
    computed = next((place for owner in owners if (place := scene.declarations.method(owner, name))), None)
    if computed:
        return scene.declarations.reading.returned(computed) or (computed,)
    return next((found[:1] for owner in owners if (found := scene.declarations.in_class(owner, name))), ())


DETECTOR = Detector(rank=49, kind=KIND, find=_find)
