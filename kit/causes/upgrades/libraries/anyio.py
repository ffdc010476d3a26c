"""What releases of anyio broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="anyio-blocking-portal",
        library="anyio",
        last_good="4.14.2",
        first_bad="4.15.0",
        kind="warning-as-error",
        error=r"DeprecationWarning: The anyio\.abc\.BlockingPortal alias is deprecated",
        cause="the alias of `anyio.from_thread.BlockingPortal` is deprecated",
        before="anyio.abc.BlockingPortal",
        after="anyio.from_thread.BlockingPortal",
        both=True,
        source="https://github.com/agronholm/anyio/commit/12d0aa7af0269e905dd95ea6bcd12e7da3fca675",
        uses=("anyio.abc.BlockingPortal",),
        edits={
            "anyio.abc.BlockingPortal": "anyio.from_thread:BlockingPortal",
        },
    ),
    Breakage(
        id="anyio-exception-group",
        library="anyio",
        last_good="3.7.1",
        first_bad="4.0.0",
        kind="other-result",
        error=r"ExceptionGroup: unhandled errors in a TaskGroup",
        cause="a task group raises what its tasks raise in an ExceptionGroup",
        before="with pytest.raises(ValueError):",
        after="except* ValueError:",
        both=True,
        source="https://github.com/agronholm/anyio/blob/master/docs/migration.rst",
        uses=("anyio.create_task_group()",),
        lines="imported",
        visible=False,
    ),
    Breakage(
        id="anyio-worker-thread",
        library="anyio",
        last_good="3.7.1",
        first_bad="4.0.0",
        kind="name-gone",
        error=(
            r"AttributeError: module 'anyio' has no attribute '(?:run_sync_in_worker_thread|run_async_from_thread|"
            r"start_blocking_portal|create_lock|create_event|create_semaphore|create_condition|create_capacity_limiter)'"
        ),
        cause="the names of version 2 are gone",
        before="anyio.run_sync_in_worker_thread(f)",
        after="anyio.to_thread.run_sync(f)",
        both=True,
        source="https://github.com/agronholm/anyio/blob/master/docs/migration.rst",
        uses=(
            "anyio.run_sync_in_worker_thread",
            "anyio.start_blocking_portal",
            "anyio.create_lock",
            "anyio.create_event",
        ),
    ),
)
