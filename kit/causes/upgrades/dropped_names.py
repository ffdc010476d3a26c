"""What releases of libraries no longer have, as their own source shows (``tests/bench/dropped_names`` reads it), and
which of it an error names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from kit.causes.upgrades.ranges import is_bad
from kit.facts.upgrades import Breakage, BreakageKind

_FOLDER: Final = Path(__file__).with_name("dropped")


@dataclass(frozen=True)
class ReleaseStep:
    """What ``last`` has and ``first``, the next release that was read, lacks: by module, except ``modules``. Modules
    and names have where the newer release holds the same, or an empty text. That is ``package:name`` for a module whose
    package may still bind its name, and for another name than before. ``members`` are pairs of classes and
    of what all of them lack; ``positional`` has how many arguments a function took and takes by position.
    """

    last: str
    first: str
    modules: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    members: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = field(default_factory=dict)
    read_only: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    required: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    positional: Mapping[str, Mapping[str, tuple[int, int]]] = field(default_factory=dict)

    @property
    def imported(self) -> Iterator[str]:
        """The dotted names that nothing stands for any more: the modules first, whose names are lost with them."""
        yield from (name for name, instead in self.modules.items() if ":" not in instead)
        for module, names in self.names.items():
            yield from (f"{module}.{name}" for name in names)


@dataclass(frozen=True)
class Dropped:
    """What an error says is missing, and a release dropped. ``owner`` is the class that had it, where the error names
    only a class or a function and not the module that it is in: another class may have that name too.
    """

    entry: Breakage
    is_vague: bool = False
    owner: str = ""


@dataclass(frozen=True)
class _Gone:
    what: str
    cause: str
    uses: tuple[str, ...] = ()
    instead: str = ""
    kind: BreakageKind = "name-gone"
    is_vague: bool = False
    owner: str = ""


def known_libraries() -> tuple[str, ...]:
    """The libraries whose releases were read."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@cache
def steps_of(library: str) -> tuple[ReleaseStep, ...]:
    """What the releases of a library dropped, the oldest first."""
    path = _FOLDER / f"{library}.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[ReleaseStep, ...]) if path.exists() else ()


def dropped_by(said: str, installed: Mapping[str, str], *, derived: Collection[str] = ()) -> Iterator[Dropped]:
    """What an error (``"TypeError: ..."``) names that an installed release lacks and an earlier one had. ``derived``:
    classes of the code under test that are named in it can be derived from any class of a library.
    """
    told = [(found, look) for pattern, look in _LOOKS if (found := pattern.search(said))]
    for library, version in sorted(installed.items()) if told else ():
        for step in reversed(steps_of(library)):
            for found, look in told:
                for gone in look(found, step, derived):
                    entry = _entry(library, step, gone, found.group())
                    if is_bad(entry, version):
                        yield Dropped(entry, gone.is_vague, gone.owner)


def entry_of_name(library: str, step: ReleaseStep, whole: str) -> Breakage:
    """The entry of a module, or of a name in a module, that a step drops: of its dotted name."""
    module, _, name = whole.rpartition(".")
    gone = _gone_module(whole, step) if whole in step.modules else _gone_name(module, name, step)
    return _entry(library, step, gone, whole)


def _entry(library: str, step: ReleaseStep, gone: _Gone, said: str) -> Breakage:
    private = gone.kind == "name-gone" and any(part.startswith("_") for part in gone.what.split("."))
    return Breakage(
        id=f"{library}-{step.first}-{gone.what}",
        library=library,
        last_good=step.last,
        first_bad=step.first,
        kind="private-name" if private else gone.kind,
        error=re.escape(said),
        cause=gone.cause,
        before=gone.what,
        after=gone.instead,
        both=False,
        uses=gone.uses,
        modules=(gone.what.partition(".")[0],),
        compared=True,
    )


def _of_module(found: re.Match[str], step: ReleaseStep, _: Collection[str]) -> Iterator[_Gone]:
    name = found["module"]
    if name in step.modules:
        yield _gone_module(name, step)


def _gone_module(name: str, step: ReleaseStep) -> _Gone:
    return _Gone(
        name, f"there is no longer a module `{name}`", (name, f"{name}.*"), step.modules[name].replace(":", ".")
    )


def _of_name(found: re.Match[str], step: ReleaseStep, _: Collection[str]) -> Iterator[_Gone]:
    module, name = found["module"], found["name"]
    whole = f"{module}.{name}"
    if whole in step.modules:
        yield _gone_module(whole, step)
    elif name in step.names.get(module, ()):
        yield _gone_name(module, name, step)


def _gone_name(module: str, name: str, step: ReleaseStep) -> _Gone:
    whole = f"{module}.{name}"
    source, _, other = step.names[module][name].partition(":")
    instead = f"{source}.{other or name}" if source else ""
    return _Gone(whole, f"`{module}` no longer has the name `{name}`", (whole, f"{whole}.*"), instead)


def _of_member(found: re.Match[str], step: ReleaseStep, derived: Collection[str]) -> Iterator[_Gone]:
    told, name = found["owner"], found["name"]
    for module, several in step.members.items():
        if found.groupdict().get("module") not in (None, module):
            continue
        for classes, names in several:
            if name not in names:
                continue
            for owner in classes if told in derived else {told}.intersection(classes):
                cause = f"`{owner}` of `{module}` no longer has the attribute `{name}`"
                yield _Gone(f"{module}.{owner}.{name}", cause, is_vague=True, owner=owner)


def _of_setter(found: re.Match[str], step: ReleaseStep, derived: Collection[str]) -> Iterator[_Gone]:
    told, name = found["owner"], found["name"]
    for module, classes in step.read_only.items():
        for owner in classes if told in derived else {told}.intersection(classes):
            if name in classes[owner]:
                cause = f"`{name}` of `{module}.{owner}` can only be read"
                yield _Gone(f"{module}.{owner}.{name}", cause, is_vague=True, owner=owner)


def _of_keyword(found: re.Match[str], step: ReleaseStep, _: Collection[str]) -> Iterator[_Gone]:
    function, name = found["function"], found["name"]
    for module, functions in step.parameters.items():
        if name in functions.get(function, ()):
            cause = f"`{function}()` of `{module}` no longer takes `{name}`"
            yield _changed_call(module, function, f"({name}=)", cause)


def _of_required(found: re.Match[str], step: ReleaseStep, _: Collection[str]) -> Iterator[_Gone]:
    function, wanted = found["function"], re.findall(r"'(\w+)'", found["names"])
    for module, functions in step.required.items():
        if wanted and set(wanted) <= set(functions.get(function, ())):
            listed = " and ".join(f"`{one}`" for one in wanted)
            yield _changed_call(module, function, "()", f"`{function}()` of `{module}` now has to be given {listed}")


def _of_positions(found: re.Match[str], step: ReleaseStep, _: Collection[str]) -> Iterator[_Gone]:
    function, most, given = found["function"], int(found["most"]), int(found["given"])
    for module, functions in step.positional.items():
        took, takes = functions.get(function, (0, 0))
        if takes == most < given <= took:
            cause = f"`{function}()` of `{module}` takes fewer arguments by position than before"
            yield _changed_call(module, function, "()", cause)


def _changed_call(module: str, function: str, arguments: str, cause: str) -> _Gone:
    owner, _, name = function.rpartition(".")
    top = module.partition(".")[0]
    use = f".{name}" if owner and name != "__init__" else f"{top}*.{owner or name}"
    what = f"{module}.{function}"
    return _Gone(what, cause, (f"{use}{arguments}",), kind="signature-changed", is_vague=True, owner=owner)


_Look = Callable[[re.Match[str], ReleaseStep, Collection[str]], Iterator[_Gone]]

#: what the errors of Python, of unittest.mock and of pytest's monkeypatch say
_LOOKS: Final[tuple[tuple[re.Pattern[str], _Look], ...]] = (
    (re.compile(r"ModuleNotFoundError: No module named '(?P<module>[\w.]+)'"), _of_module),
    (re.compile(r"ImportError: cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'"), _of_name),
    (re.compile(r"AttributeError: module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'"), _of_name),
    (
        re.compile(
            r"AttributeError: <module '(?P<module>[\w.]+)' from .*> "
            r"(?:does not have the|has no) attribute '(?P<name>\w+)'"
        ),
        _of_name,
    ),
    (
        re.compile(r"AttributeError: (?:type object )?'(?P<owner>\w+)' (?:object )?has no attribute '(?P<name>\w+)'"),
        _of_member,
    ),
    (
        re.compile(
            r"AttributeError: <class '(?P<module>[\w.]+)\.(?P<owner>\w+)'> "
            r"(?:does not have the|has no) attribute '(?P<name>\w+)'"
        ),
        _of_member,
    ),
    (
        re.compile(r"AttributeError: property '(?P<name>\w+)' of '(?P<owner>\w+)' object has no setter"),
        _of_setter,
    ),
    (
        re.compile(r"TypeError: (?P<function>[\w.]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'"),
        _of_keyword,
    ),
    (
        re.compile(
            r"TypeError: (?P<function>[\w.]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: "
            r"(?P<names>.*)"
        ),
        _of_required,
    ),
    (
        re.compile(
            r"TypeError: (?P<function>[\w.]+)\(\) takes (?:from \d+ to )?(?P<most>\d+) positional arguments? "
            r"but (?P<given>\d+) (?:were|was) given"
        ),
        _of_positions,
    ),
)
