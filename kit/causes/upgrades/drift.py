"""What has moved in an environment since its lock file was written, and since all tests last passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from packaging.version import InvalidVersion, Version

from kit.facts.inventory import Pin
from kit.facts.target import Target
from kit.facts.upgrades import Environment, Move


def environment_of(target: Target, last_green: Mapping[str, str] | None = None, green_case: str = "") -> Environment:
    """The environment of a target, and what was installed in the case in which all tests last passed."""
    interpreter, config = target.interpreter, target.config
    return Environment(
        distributions=interpreter.distributions if interpreter else (),
        filters=(*config.filterwarnings, *_of_options(config.addopts)),
        config_path=config.path,
        last_green=last_green or {},
        green_case=green_case,
        python=interpreter.version.rstrip("+") if interpreter else "",  # a build from source has one
    )


def _of_options(options: Iterable[str]) -> Iterator[str]:
    """Filters that are options of pytest: ``-W error``, ``-Werror``."""
    words = iter(options)
    for word in words:
        if word in ("-W", "--pythonwarnings"):
            yield from (one for one in [next(words, "")] if one)
        elif word.startswith("-W"):
            yield word.removeprefix("-W")


def moves(environment: Environment, pins: Iterable[Pin]) -> dict[str, Move]:
    """By name: each installed distribution whose version is not the pinned one; where nothing pins it, not the one with
    which all tests last passed.
    """
    installed = environment.installed
    found = {
        name: Move(name, version, installed[name], environment.green_case)
        for name, version in environment.last_green.items()
        if name in installed and not _same(version, installed[name])
    }
    for pin in pins:
        if pin.name in installed and not _same(pin.version, installed[pin.name]):
            found[pin.name] = Move(pin.name, pin.version, installed[pin.name], f"{pin.path}:{pin.line}")
    return dict(sorted(found.items()))


def _same(one: str, other: str) -> bool:
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other
