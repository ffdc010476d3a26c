"""pytest refuses to start with the target's own configuration.

https://docs.pytest.org/en/stable/reference/customize.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, enumerated, shortened, then_check
from kit.causes.detector import Detector
from kit.causes.scene.plugin_options import brought_by
from kit.causes.scene.scene import Scene
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.places import Location
from kit.facts.starting import StartRefusal
from kit.facts.wording import counted

KIND: Final = "start-refused"


def _find(scene: Scene, _unexplained: Sequence[Group]) -> Iterator[Cause]:
    refusal = scene.suite.start_refusal
    if refusal is None:
        return
    tests = len(scene.suite.tests)
    ran = f"{counted(tests, 'test')} ran all the same, with these options left out: plain pytest runs none of them"
    yield cause_of(
        (),
        id=f"{KIND}:{refusal.kind}:{' '.join(refusal.named)}",
        kind=KIND,
        title=shortened(f"pytest refuses to start: {refusal.sentence}"),
        state="confirmed",
        locations=[Location(refusal.path, refusal.line)] if refusal.path and refusal.line else (),
        evidence=[
            Evidence(
                f"Plain pytest, with the configuration as it is, exits with {refusal.exit_code} and says: "
                f"{refusal.sentence}"
            ),
            *([Evidence(f"It is set in {refusal.place}")] if refusal.place else []),
            *([Evidence(ran)] if tests else []),
            *(Evidence(f"Left out: {sentence}") for sentence in scene.suite.neutralised if tests),
        ],
        next_step=then_check(_advice(refusal), ("python", "-m", "pytest", "--collect-only")),
    )


def _advice(refusal: StartRefusal) -> str:
    named = " ".join(refusal.named)
    where = f" ({refusal.place})" if refusal.place else ""
    match refusal.kind:
        case "unknown-option":
            return _install(refusal, where)
        case "bad-value":
            return f"Give {named} a value that it takes{where}: pytest says which"
        case "plugin":
            return f"Install {named} in the target's environment, or take -p {named} out{where}"
        case "expression":
            return f"Correct the expression after {named}{where}: names, and, or, not, and parentheses"
        case "warning-filter":
            return (
                f"Correct the filter {named}{where}: action:message:category:module:line, with a category that exists"
            )
        case "own-code":
            return f"Correct {refusal.place}: pytest imports it as it starts, and it raises {shortened(named)}"
        case "path":
            return f"Correct the path {named}{where}, or take it out"
        case "quotes":
            return f"Close the quotation mark{where}"
        case "setting":
            return _setting(refusal, where)
    return f"Do what pytest says{where}"


def _install(refusal: StartRefusal, where: str) -> str:
    plugins = list(dict.fromkeys(filter(None, map(brought_by, refusal.named))))
    options = " ".join(refusal.named)
    if not plugins:
        return f"Install the plugin that brings {options}, or take it out{where}: no installed plugin knows it"
    verb = "brings" if len(plugins) == 1 else "bring"
    return f"Install {enumerated(plugins)}, which {verb} {options}, in the target's environment, or take it out{where}"


def _setting(refusal: StartRefusal, where: str) -> str:
    name = " ".join(refusal.named)
    if name == "required_plugins":
        return f"Install the plugins that required_plugins names{where}, in the versions that it asks for"
    if name == "minversion":
        return f"Install a pytest that is new enough, or lower minversion{where}"
    if "expects a list" in refusal.sentence:
        return f'Write {name} as a list{where}: {name} = ["...", "..."]'
    if "Unknown config option" in refusal.sentence:
        return f"Install the plugin that knows {name}, correct its name, or take it out{where}"
    return f"Correct {name}{where}"


DETECTOR = Detector(rank=1, kind=KIND, find=_find)
