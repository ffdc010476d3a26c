"""kit's connection to the Dask scheduler: lists its workers and starts sites. Every wait has a limit."""

from __future__ import annotations

import importlib.util
import logging
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from kit.facts.errors import TargetError, UsageError
from kit.suite.cluster.site_actor import SiteActor
from kit.suite.cluster.site_spec import SiteSpec

_EXTRA = "pip install 'incident-kit[cluster]'"

_ADDRESS = re.compile(r"(?:tcp|tls|ws|wss)://(?:[^\s/:\[\]]+|\[[\da-fA-F:]+\]):\d{1,5}/?")

#: how long the scheduler may take to answer, in seconds
_ANSWER_LIMIT = 10.0

#: how long kit waits for a first worker, in seconds
WORKER_LIMIT = 10.0

#: the first message of a scheduler is a few hundred bytes long
_LONGEST_GREETING = 1 << 20

#: how long it may take to send the tree to all workers, in seconds
_SHIP_LIMIT = 300.0


def check_cluster(address: str) -> None:
    """Raise :class:`UsageError` if this is not the address of a scheduler, or if Dask is not installed."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f'"{address}" is not the address of a Dask scheduler: such an address looks like tcp://scheduler:8786.'
        )
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(f"A cluster takes Dask, which is not installed here: {_EXTRA}")


class WorkerLostError(Exception):
    """A worker is gone or cannot be reached."""


class Call:
    """A request to a site. Its answer may never come."""

    def __init__(self, answer: Any, actor: Any) -> None:
        """Both are futures: of the answer, and of the actor, which fails when the worker is lost."""
        self._answer, self._actor = answer, actor

    @property
    def is_done(self) -> bool:
        """Whether there is an answer, or there will never be one."""
        return bool(self._answer.done()) or self._actor.status != "finished"

    def result(self) -> bytes:
        """The answer. Raises :class:`WorkerLostError`."""
        if not self._answer.done():
            raise WorkerLostError
        try:
            return bytes(self._answer.result(timeout=_ANSWER_LIMIT))
        except Exception as error:
            raise WorkerLostError from error


class RemoteSite:
    """The actor of a site in one worker."""

    def __init__(self, future: Any) -> None:
        self._future = future
        self._actor: Any = None

    @property
    def is_starting(self) -> bool:
        """Whether the worker has not answered yet."""
        return not self._future.done()

    @property
    def has_started(self) -> bool:
        """Whether it has started. Raises :class:`TargetError` if it cannot start, and :class:`WorkerLostError`."""
        if self._actor is None and self._future.done():
            if self._future.status != "finished":
                raise self._trouble()
            self._actor = self._future.result(timeout=_ANSWER_LIMIT)
        return self._actor is not None

    def _trouble(self) -> Exception:
        from distributed import KilledWorker

        error = self._future.exception() if self._future.status == "error" else None
        if error is None or isinstance(error, KilledWorker):
            return WorkerLostError()
        if isinstance(error, ModuleNotFoundError):
            return TargetError(f"it has no {error.name}: {_EXTRA}")
        return error if isinstance(error, TargetError) else TargetError(f"{type(error).__name__}: {error}")

    def exchange(self, lines: bytes) -> Call:
        """See :meth:`SiteActor.exchange`. Raises :class:`WorkerLostError`."""
        try:
            return Call(self._actor.exchange(lines), self._future)
        except RuntimeError as error:  # Dask raises this when a worker was lost
            raise WorkerLostError from error

    def stop(self) -> Call | None:
        """Let the site end at once. A site that cannot be reached ends by itself."""
        try:
            return Call(self._actor.stop(), self._future) if self.has_started else None
        except (RuntimeError, TargetError, WorkerLostError):
            return None

    def forget(self) -> None:
        """Let the worker forget the actor."""
        self._future.release()


class Scheduler:
    """The scheduler at ``address``, while it can be reached."""

    def __init__(self, client: Any, address: str) -> None:
        self.address = address
        self._client = client
        self._parcel = b""
        self._shipped: Any = None

    @property
    def is_lost(self) -> bool:
        """Whether it was there and is not any more."""
        return bool(self._client.status != "running")

    def workers(self) -> dict[str, int]:
        """How many threads each worker has, by its address. Raises ``OSError`` when the scheduler does not answer."""
        identity = self._client.scheduler.identity
        info = self._client.sync(identity, n_workers=-1, callback_timeout=_ANSWER_LIMIT)
        return {address: int(worker["nthreads"]) for address, worker in info["workers"].items()}

    def first_workers(self) -> dict[str, int]:
        """The workers, as soon as there are some. Raises :class:`TargetError` when there are none."""
        deadline = time.monotonic() + WORKER_LIMIT
        while not (workers := self.workers()):
            if time.monotonic() > deadline:
                raise TargetError(
                    f'The cluster at {self.address} has no workers: start one with "dask worker {self.address}".'
                )
            time.sleep(0.1)
        return workers

    def ship(self, parcel: bytes) -> None:
        """Send the tree to all workers. Workers that join later get it from the others."""
        self._parcel = parcel
        self._shipped = self._client.scatter(parcel, broadcast=True, hash=False, timeout=_SHIP_LIMIT)

    def start(self, worker: str, spec: SiteSpec) -> RemoteSite:
        """Start a site on a worker."""
        if self._shipped.status != "finished":  # all workers that had the tree are gone
            self.ship(self._parcel)
        return RemoteSite(
            self._client.submit(
                SiteActor,
                spec.encoded(),
                self._shipped,
                actor=True,
                workers=[worker],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )
        )


@contextmanager
def connected(address: str) -> Iterator[Scheduler]:
    """Connect to the scheduler at ``address``. Raises :class:`TargetError` when it does not answer."""
    with _quiet_dask():
        client = _client(address)
        try:
            with client.as_current():
                yield Scheduler(client, address)
        finally:
            with suppress(OSError):
                client.close(timeout=2)


@contextmanager
def _quiet_dask() -> Iterator[None]:
    """Silence Dask's loggers, since kit reports errors itself. Dask sets their levels when it is imported."""
    import distributed

    loggers = [logging.getLogger(name) for name in (distributed.__name__, "distributed.client")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _client(address: str) -> Any:
    from distributed import Client, Security

    security: Any = Security()  # type: ignore[no-untyped-call]
    if address.startswith("tls:") and not security.get_connection_args("client").get("ssl_context"):
        raise TargetError(f"{address} takes certificates: name them in Dask's configuration (distributed.comm.tls).")
    check_reachable(address)
    try:
        return Client(address, timeout=_ANSWER_LIMIT, set_as_default=False, name="kit")  # type: ignore[no-untyped-call]
    except (OSError, TypeError, ValueError) as error:  # the last two: Dask's configuration is broken
        raise TargetError(f"No Dask scheduler answers at {address}: {_reason(error)}.") from error


def check_reachable(address: str) -> None:
    """Raise :class:`TargetError` when nothing there can be the scheduler: before a case begins, for instance."""
    try:
        if address.startswith("tcp:"):
            _check_protocol(address)
        else:
            url = urlsplit(address)
            socket.create_connection((url.hostname, url.port), timeout=_ANSWER_LIMIT).close()
    except (OSError, ValueError) as error:  # the latter: no port has this number
        raise TargetError(f"No Dask scheduler answers at {address}: {_reason(error)}.") from error


def _check_protocol(address: str) -> None:
    """Check that the server speaks Dask's protocol: it first sends the length of a message, in 8 bytes.

    With another server Dask would wait forever, or read an enormous length. Raises ``OSError``.
    """
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port), timeout=_ANSWER_LIMIT) as connection:
        try:
            greeting = connection.recv(8, socket.MSG_WAITALL)
        except TimeoutError:
            greeting = b""
    if len(greeting) < 8 or int.from_bytes(greeting, "little") > _LONGEST_GREETING:
        raise OSError("the server there does not speak Dask's protocol")


def _reason(error: BaseException) -> str:
    """The message of the system, which Dask's exceptions wrap."""
    chain = [error]
    while (cause := chain[-1].__cause__) is not None:
        chain.append(cause)
    below = next((each for each in reversed(chain) if isinstance(each, OSError)), error)
    return str(below).rpartition("] ")[2].rstrip(".") or type(below).__name__
