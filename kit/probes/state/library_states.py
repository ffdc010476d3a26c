"""States that modules of libraries keep for the whole process. Each is watched once its module is imported.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

import functools
import os
import sys

from ..system.signals_and_limits import limits
from .names import ANY_NAME, LOOP_NAMES, RANDOM_NAMES, TEMPORARY_NAMES, words
from .watched import NOT_YET, Watched, of_attribute

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, Callable, Dict, Iterable, Iterator, Tuple


#: what asyncio makes by itself where nobody has set a policy
USUAL_POLICIES = ("_UnixDefaultEventLoopPolicy", "WindowsProactorEventLoopPolicy", "_WindowsProactorEventLoopPolicy")


def of_locale() -> Iterator[Watched]:
    import locale

    names = [
        "locale",
        "setlocale",
        "getlocale",
        "strftime",
        "strptime",
        "localeconv",
        "strcoll",
        "strxfrm",
        "atof",
        "currency",
        "format_string",
    ]
    setlocale, every = locale.setlocale, locale.LC_ALL
    read, write = functools.partial(setlocale, every), functools.partial(setlocale, every)
    yield Watched("locale.setlocale(LC_ALL)", tuple(names), read, write)


def of_decimal() -> Iterator[Watched]:
    import decimal

    names = ("decimal", "Decimal", "getcontext", "localcontext", "quantize")
    for told, get in (
        ("decimal.getcontext()", decimal.getcontext),
        ("decimal.DefaultContext", lambda: decimal.DefaultContext),  # threads start with it
    ):
        for name in ("prec", "rounding", "Emin", "Emax", "capitals", "clamp"):
            yield Watched("%s.%s" % (told, name), names, *of_context(get, name))
        yield Watched("%s.traps" % told, names, *traps_of(get))


def of_context(get: Callable[[], Any], name: str) -> Tuple[Callable[[], Any], Callable[[Any], None]]:
    return lambda: getattr(get(), name), lambda value: setattr(get(), name, value)


def traps_of(get: Callable[[], Any]) -> Tuple[Callable[[], Any], Callable[[Any], None]]:
    def write(names: Tuple[str, ...]) -> None:
        traps = get().traps
        traps.update({signal: signal.__name__ in names for signal in list(traps)})

    return lambda: tuple(signal.__name__ for signal, is_on in get().traps.items() if is_on), write


def of_socket() -> Iterator[Watched]:
    import socket

    names = ("getdefaulttimeout", "socket", "urlopen", "create_connection", "gettimeout", "socketpair")
    yield Watched("socket.getdefaulttimeout()", names, socket.getdefaulttimeout, socket.setdefaulttimeout)


def of_asyncio() -> Iterator[Watched]:
    """The policy, and the event loop of the main thread. The usual policy is made when it is first asked for, which
    shows in that loop alone.
    """
    import asyncio.events as events

    def policy() -> Any:
        now = getattr(events, "_event_loop_policy", None)
        return None if type(now).__name__ in USUAL_POLICIES else now

    def loop() -> Any:
        local = getattr(getattr(events, "_event_loop_policy", None), "_local", None)
        current = getattr(local, "_loop", None)
        said = "none" if current is None else "closed" if current.is_closed() else "open"
        return (bool(getattr(local, "_set_called", False)), said)

    def forget_loop(value: Any) -> None:
        local = getattr(getattr(events, "_event_loop_policy", None), "_local", None)
        if local is not None and value == (False, "none"):
            local._loop, local._set_called = None, False

    names = ("asyncio", "get_event_loop", "new_event_loop", "get_event_loop_policy", "run")
    yield Watched(
        "asyncio event loop policy", names, policy, lambda value: setattr(events, "_event_loop_policy", value)
    )
    yield Watched("asyncio.get_event_loop()", LOOP_NAMES, loop, forget_loop)


def of_numpy() -> Iterator[Watched]:
    import numpy

    def read() -> Any:
        state: Any = numpy.random.get_state()
        kind, keys, *rest = state
        return (kind, keys.tobytes(), *rest)

    def write(value: Any) -> None:
        kind, keys, *rest = value
        numpy.random.set_state((kind, numpy.frombuffer(keys, dtype=numpy.uint32), *rest))

    names = ("np", "numpy", "rand", "randn", "normal", "permutation", *RANDOM_NAMES)
    yield Watched("numpy.random.get_state()", names, read, write)


def of_resource() -> Iterator[Watched]:
    for name, read_and_write in limits():
        yield Watched("resource.getrlimit(%s)" % name, (ANY_NAME,), *read_and_write)


def of_csv() -> Iterator[Watched]:
    import csv

    names = ("csv", "reader", "writer", "DictReader", "DictWriter", "list_dialects", "get_dialect")
    yield Watched("csv.field_size_limit()", names, csv.field_size_limit, csv.field_size_limit)

    def write(dialects: Tuple[str, ...]) -> None:
        for name in csv.list_dialects():
            if name not in dialects:
                csv.unregister_dialect(name)

    yield Watched("csv.list_dialects()", names, lambda: tuple(sorted(csv.list_dialects())), write)


def of_mimetypes() -> Iterator[Watched]:
    """How many types are known; ``None`` for the usual ones, whose tables are made when they are first needed."""
    import mimetypes

    @functools.lru_cache(maxsize=None)
    def usual() -> Any:
        tables = mimetypes.MimeTypes(tuple(filter(os.path.isfile, mimetypes.knownfiles)))
        tables.read_windows_registry()  # does nothing elsewhere
        return sizes(tables)

    def sizes(tables: Any) -> Any:
        return tuple(map(len, (*tables.types_map, *tables.types_map_inv, tables.suffix_map, tables.encodings_map)))

    def read() -> Any:
        known = getattr(mimetypes, "_db", None)
        return None if known is None or sizes(known) == usual() else sizes(known)

    names = ("mimetypes", "guess_type", "guess_extension", "guess_all_extensions", "types_map", "guess_file_type")
    yield Watched("mimetypes", names, read, None)


def of_urllib() -> Iterator[Watched]:
    import urllib.request as request

    def read() -> Any:
        """The opener; ``None`` for the usual one, which is made when it is first needed."""
        opener = getattr(request, "_opener", None)
        kinds = {type(one).__module__ for one in getattr(opener, "handlers", ())}
        return None if kinds <= {"urllib.request"} else opener

    yield Watched("urllib.request._opener", ("urlopen", "urlretrieve"), read, request.install_opener)


def of_ssl() -> Iterator[Watched]:
    import ssl

    names = ("ssl", "urlopen", "HTTPSConnection", "create_default_context", "_create_default_https_context")
    yield of_attribute("ssl._create_default_https_context", names, ssl, "_create_default_https_context")


def of_tempfile() -> Iterator[Watched]:
    import tempfile

    names = (*TEMPORARY_NAMES, "mkstemp", "mkdtemp", "TemporaryDirectory", "TemporaryFile", "NamedTemporaryFile")
    read, write = of_attribute_once(tempfile, "tempdir")
    yield Watched("tempfile.tempdir", names, read, write)


def of_multiprocessing() -> Iterator[Watched]:
    import multiprocessing.context as context

    names = ("multiprocessing", "Process", "Pool", "Queue", "Manager", "get_start_method", "ProcessPoolExecutor")
    read, write = of_attribute_once(context._default_context, "_actual_context")
    yield Watched("multiprocessing.get_start_method()", names, read, write)


def of_attribute_once(owner: Any, name: str) -> Tuple[Callable[[], Any], Callable[[Any], None]]:
    """How to read and write an attribute that is ``None`` until it is first needed."""

    def read() -> Any:
        value = getattr(owner, name)
        return NOT_YET if value is None else value

    return read, lambda value: setattr(owner, name, value)


def of_calendar() -> Iterator[Watched]:
    import calendar

    names = ("calendar", "monthcalendar", "firstweekday", "weekheader", "TextCalendar", "HTMLCalendar")
    yield Watched("calendar.firstweekday()", names, calendar.firstweekday, calendar.setfirstweekday)


def of_faker() -> Iterator[Watched]:
    """The numbers from which Faker makes its texts, once a seed was given: before, they are chance."""
    generator: Any = sys.modules["faker.generator"]

    def read() -> Any:
        chance = generator.random
        is_seeded = generator.Generator._is_seeded or getattr(chance, "state_set", False)  # the latter by factory_boy
        return chance.getstate() if is_seeded else None

    def write(value: Any) -> None:
        if value is not None:
            generator.random.setstate(value)

    yield Watched("faker.generator.random", (ANY_NAME,), read, write)


def of_sqlalchemy() -> Iterator[Watched]:
    """How many functions listen to what all objects of a class do: those of one object go with it."""
    import sqlalchemy.event.registry as registry

    known: Dict[int, int] = {}  # by how many functions listen at all, which are thousands

    def read() -> int:
        listening = registry._key_to_collection
        if len(listening) not in known:
            owners = [reference() for references in list(listening.values()) for reference in list(references)]
            known.clear()
            known[len(listening)] = sum(type(one).__name__ == "_ClsLevelDispatch" for one in owners)
        return known[len(listening)]

    yield Watched("listeners of SQLAlchemy", (ANY_NAME,), read, None)


#: dictionaries that hold what code registers with a module, and the names by which code sees that
REGISTRIES = {
    "copyreg": ("dispatch_table", words("pickle dumps dump copy deepcopy copyreg dispatch_table Pool Process")),
    "sqlite3": ("adapters", words("sqlite3 execute executemany connect")),
    "sqlite3.dbapi2": ("converters", words("sqlite3 execute executemany connect fetchone fetchall")),
    "xml.etree.ElementTree": ("_namespace_map", words("ElementTree ET tostring tostringlist write etree")),
}


def of_registry(module: str) -> Iterator[Watched]:
    name, names = REGISTRIES[module]
    registry = getattr(sys.modules[module], name, None)
    if type(registry) is dict:

        def write(entries: Any) -> None:
            registry.clear()
            registry.update(entries)

        yield Watched("%s.%s" % (module, name), names, lambda: list(registry.items()), write)


AFTER_IMPORT: Dict[str, Callable[[], Iterable[Watched]]] = {
    "locale": of_locale,
    "decimal": of_decimal,
    "socket": of_socket,
    "asyncio": of_asyncio,
    "numpy.random": of_numpy,
    "resource": of_resource,
    "csv": of_csv,
    "mimetypes": of_mimetypes,
    "urllib.request": of_urllib,
    "ssl": of_ssl,
    "tempfile": of_tempfile,
    "multiprocessing.context": of_multiprocessing,
    "calendar": of_calendar,
    "faker.generator": of_faker,
    "sqlalchemy.event.registry": of_sqlalchemy,
    **{module: functools.partial(of_registry, module) for module in REGISTRIES},
}
