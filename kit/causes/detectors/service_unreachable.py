"""A service that tests need and that does not answer: which host and port.

https://docs.python.org/3/library/exceptions.html#ConnectionRefusedError
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kit.causes.building import cause_of, check_command, enumerated, then_check
from kit.causes.detector import Detector
from kit.causes.scene.scene import Scene, is_in
from kit.facts.causes import Cause, Evidence
from kit.facts.failures import Group
from kit.facts.kinds import CategoryKey

KIND: Final = "service-unreachable"
_CATEGORIES: tuple[CategoryKey, ...] = ("network", "database-connection")
_UNREACHED = re.compile(
    r"refused|[Cc]onnect call failed|Name or service not known|name resolution|nodename nor servname"
    r"|translate host name|Network is unreachable|No route to host|Can't connect to MySQL"
    r"|connection to server .* failed|[Tt]imed out"
)
_HOST = r"(?P<host>[\w-]+(?:\.[\w-]+)*|[0-9a-fA-F:]*::[0-9a-fA-F:]*)"
_PORT = r"(?P<port>\d{1,5})"
#: as the libraries say it: urllib3, asyncio, libpq (twice), redis, aiohttp, PyMySQL, pymongo, libpq without a port
_SAID = tuple(
    re.compile(pattern)
    for pattern in (
        rf"host='{_HOST}', port={_PORT}",
        rf"Connect call failed \('{_HOST}', {_PORT}",
        rf'connection to server (?:at|on) "{_HOST}"(?: \([^)]*\))?, port {_PORT} failed',
        rf'running on host "{_HOST}".*? on port {_PORT}\?',
        rf"connecting to {_HOST}:{_PORT}\.",
        rf"Cannot connect to host {_HOST}:{_PORT}\b",
        rf"MySQL server on '{_HOST}(?::{_PORT})?'",
        rf"\b{_HOST}:{_PORT}: \[Errno ",
        rf'could not translate host name "{_HOST}" to address(?P<port>)',
    )
)
#: as the calling line says it
_CALLED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[a-z][a-z0-9+]*://(?:[^\s/@'\"]*@)?{_HOST}(?::{_PORT})?(?=[/'\"?]|$)",
        rf"\(\s*['\"]{_HOST}['\"],\s*{_PORT}\s*\)",
    )
)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104  # read in messages, never bound


def _find(scene: Scene, unexplained: Sequence[Group]) -> Iterator[Cause]:
    by_service: dict[tuple[str, ...], list[Group]] = {}
    for group in unexplained:
        unreached = is_in(group, *_CATEGORIES) and _UNREACHED.search(group.example)
        if unreached and (services := _services(scene, group)):
            by_service.setdefault(services, []).append(group)
    for services, groups in by_service.items():
        yield _cause(scene, services, groups)


def _services(scene: Scene, group: Group) -> tuple[str, ...]:
    """``host:port`` of all that the group could not reach; from the calling lines only where no message tells."""
    chains = scene.chains(group)
    said = _read(_SAID, (info.message for info in chains))
    lines = (frame.source for info in chains for frame in info.frames if frame.owner != "library")
    return said or _read(_CALLED, lines)


def _read(patterns: Sequence[re.Pattern[str]], texts: Iterable[str]) -> tuple[str, ...]:
    matches = (found for text in dict.fromkeys(texts) for pattern in patterns for found in pattern.finditer(text))
    return tuple(sorted({_service(found["host"], found["port"]) for found in matches}))


def _service(host: str, port: str | None) -> str:
    name = "localhost" if host in _LOOPBACK else host
    return f"{name}:{port}" if port else name


def _cause(scene: Scene, services: tuple[str, ...], groups: list[Group]) -> Cause:
    frames = scene.frames(*groups)
    places = scene.spots(*groups)
    named = enumerated(services)
    return cause_of(
        groups,
        id=f"{KIND}:{'+'.join(services)}",
        kind=KIND,
        title=f"Nothing answers at {named}",
        state="consistent",
        locations=places,
        evidence=[
            Evidence(f"Called by: {frame.source}", place)
            for frame, place in zip(frames, places, strict=False)
            if frame.source
        ],
        next_step=then_check(
            f"Start what listens at {named}, point the tests at one that runs, or replace the call in the tests",
            check_command(groups),
        ),
    )


DETECTOR = Detector(rank=96, kind=KIND, find=_find)
