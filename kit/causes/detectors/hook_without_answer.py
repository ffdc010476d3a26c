"""A function around each request that returns nothing, where the application takes what it returns for the answer.

https://flask.palletsprojects.com/en/stable/api/#flask.Flask.after_request
https://fastapi.tiangolo.com/tutorial/middleware/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group

KIND: Final = "hook-without-answer"
_NOTHING = re.compile(r"^'NoneType' object |^No response returned\.")
_FRAMEWORK = re.compile(r"/(?:starlette|fastapi|flask|werkzeug|quart)/")


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    groups = [group for group in unexplained if _NOTHING.search(group.example) and _in_framework(scene, group)]
    hooks = scene.declarations.answers.hooks_without_answer() if groups else ()
    if hooks:
        yield cause_of(
            groups,
            id=f"{KIND}:{hooks[0]}",
            kind=KIND,
            title=f"The function around each request that ends at {hooks[0]} returns no answer",
            state="consistent",
            locations=[*hooks, *scene.spots(*groups)],
            evidence=[
                Evidence("The framework uses what this function returns, and no line of it returns anything", place)
                for place in hooks
            ],
            next_step=then_check("Return the response at its end", check_command(groups)),
        )


def _in_framework(scene: Scene, group: Group) -> bool:
    """Whether it is the framework that stumbled over nothing, and not code of the target."""
    roots = scene.roots(group)
    return bool(roots) and all(root.frames and _FRAMEWORK.search(root.frames[-1].path) for root in roots)


DETECTOR = Detector(rank=47, kind=KIND, find=_find)
