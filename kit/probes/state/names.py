"""Names by which code sees a state of the process: functions, fixtures and methods whose results depend on it.

Stdlib only, Python 3.8 to 3.14.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Tuple


def words(text: str) -> Tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


#: stands for all names: any code can see the state
ANY_NAME = "*"

#: what a test uses that can see how logging is set up
LOGGING_NAMES = words(
    """
    caplog capsys capfd capsysbinary capfdbinary assertLogs assertNoLogs isEnabledFor getEffectiveLevel
    hasHandlers getLevelName level handlers propagate disabled filters getLogger isEnabled logging raiseExceptions
    getLoggerClass getLogRecordFactory getLevelNamesMapping
    """
)

FILE_NAMES = words(
    """
    getcwd cwd abspath absolute resolve realpath relpath open Path exists isfile isdir listdir scandir walk glob
    rglob mkdir makedirs Popen check_output check_call read_text write_text read_bytes iterdir is_file is_dir
    connect create_engine chdir run
    """
)

#: what a test uses that can see any file of a folder: it lists one, or starts another program
LISTING_NAMES = words(
    """
    listdir scandir walk glob rglob iglob iterdir rmtree copytree make_archive subprocess Popen
    """
)

#: what a test uses that lists the temporary folder, where most files have names that were drawn
TEMPORARY_NAMES = words("gettempdir gettempdirb TMPDIR TEMP /tmp")

#: what a test uses that can find the home folder
HOME_NAMES = words(
    """
    home expanduser expandvars HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME platformdirs appdirs
    user_config_dir user_data_dir user_state_dir user_cache_dir get_app_dir
    """
)

#: what a test uses that imports at run time; "import" stands for a statement in a function (see ``readers.py``)
IMPORT_NAMES = words(
    """
    import path import_module find_spec __import__ importlib syspath_prepend iter_modules
    """
)

#: what reads the standard error
STDERR_NAMES = words("capsys capfd capsysbinary capfdbinary redirect_stderr stderr")

#: what a test uses that sees any child of the process, and not only one that it knows
CHILD_NAMES = words("waitpid wait3 wait4 waitid ChildProcessError children active_children")

TIME_NAMES = words(
    """
    localtime tzname mktime strftime fromtimestamp now astimezone timestamp ctime tzset timezone today isoformat
    """
)

RANDOM_NAMES = words(
    """
    random randint choice choices shuffle sample uniform gauss seed randrange getrandbits expovariate betavariate
    triangular normalvariate getstate
    """
)

#: what a test uses that takes the event loop of its thread, and does not make one
LOOP_NAMES = words(
    """
    get_event_loop get_event_loop_policy ensure_future gather Future wrap_future event_loop loop
    """
)

#: what a test uses that can see the rows of a database
DATABASE_NAMES = words(
    """
    execute executemany executescript exec query session Session cursor connect begin commit flush rollback
    scalar scalars select insert update delete add add_all get count first one all filter create_engine
    """
)

#: what libraries for tests replace in others, so that a test of the target need not name it
OFTEN_PATCHED = words(
    """
    socket create_connection getaddrinfo urlopen HTTPConnection HTTPSConnection send get_adapter request
    handle_request handle_async_request time time_ns monotonic sleep localtime gmtime strftime datetime date uuid1
    uuid4 random run open Popen select start_new_thread execute __call__
    """
)

#: attributes that a library fills on first use, with the names by which code can see that
FILLED_ONCE = {
    # Starlette refuses further middleware after that
    "middleware_stack": words(
        """
        middleware_stack build_middleware_stack add_middleware user_middleware
        """
    )
}

#: environment variables that pytest sets for each test, and that kit sets in workers that need names, as bytes
OF_RUNNERS = frozenset(
    (b"PYTEST_CURRENT_TEST", b"PYTEST_XDIST_WORKER", b"PYTEST_XDIST_WORKER_COUNT", b"PYTEST_XDIST_TESTRUNUID")
)
