from kit.cli.bisecting import run_bisection as run_bisection
from kit.cli.selecting import select_tests as select_tests
from kit.cli.watch_mode import run_and_watch as run_and_watch
