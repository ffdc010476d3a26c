"""An extension of Flask whose ``init_app`` was not called for the app that tests use, or a second instance of it.

https://flask.palletsprojects.com/en/stable/extensiondev/#the-extension-class-and-initialization
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, saying
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location

KIND: Final = "extension-without-app"
_NOT_REGISTERED = re.compile(r"Flask app is not registered with this '(?P<kind>\w+)' instance")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    met: dict[str, list[Group]] = {}
    for group, found in saying(unexplained, _NOT_REGISTERED) if scene.has_source else ():
        met.setdefault(found["kind"], []).append(group)
    for kind, groups in met.items():
        if made := scene.declarations.flask_extensions.instances(kind):
            yield _cause(scene, kind, made, groups)


def _cause(scene: Scene, kind: str, made: dict[str, Location], groups: list[Group]) -> Cause:
    extensions = scene.declarations.flask_extensions
    without = [name for name in made if name not in extensions.registered]
    calls = [(name, place) for name in made for place in extensions.registered.get(name, ())]
    apps = extensions.apps
    if without and calls:
        title = f"{enumerated(without)} is a further {kind}, and no app is registered with it"
        advice = f"Use one {kind} everywhere: import {calls[0][0]} in place of making another"
        places = [made[without[0]], *(made[name] for name, _ in calls[:1])]
    elif without:
        title = f"Nothing calls init_app of {enumerated(without)}, so no app is registered with it"
        advice = f"Call {without[0].rpartition('.')[2]}.init_app(app) where the app is made"
        places = [*apps[:1], made[without[0]]]
    else:
        title = f"The app that these tests use is not registered with {calls[0][0]}"
        advice = f"Make the app of the tests as the code at {calls[0][1]} does, or call init_app for it too"
        in_tests = [place for place in apps if place.path in {result.path for result in scene.results(*groups)}]
        places = [*(in_tests or apps)[:1], *(place for _, place in calls)]
    return cause_of(
        groups,
        id=f"{KIND}:{places[0]}",
        kind=KIND,
        title=title,
        state="consistent",
        locations=(*places, *scene.spots(*groups)),
        evidence=[
            *(Evidence(f"{name} is made without an app", place) for name, place in made.items()),
            *(Evidence(f"An app is registered with {name} here", place) for name, place in calls),
            *(Evidence("An app is made here", place) for place in apps),
        ],
        next_step=then_check(advice, check_command(groups)),
    )


DETECTOR = Detector(rank=66, kind=KIND, find=_find)
