"""Every option of a case, declared once.

The command line makes its options from these tables, and the notebooks and the README are checked against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

#: what a value is: one text, several, a number, a whole number, yes or no, patterns with a number each, or a table of
#: further parameters
Kind = Literal["text", "texts", "number", "whole", "flag", "limits", "table"]


@dataclass(frozen=True)
class Parameter:
    """One option.

    * ``name``: its name in Python, in a notebook and in the record of a case
    * ``kind``: what its value is
    * ``default``: its value when nobody gives one; ``None`` where kit works one out
    * ``help``: what it means, as one phrase without a capital or a full stop, with the default where that is a rule
    * ``metavar``: how the help of a command calls its value
    * ``choices``: the only texts that it may be
    * ``flag``: its name on the command line where that is not the usual one
    * ``in_notebook``: its meaning in a notebook, if that differs
    """

    name: str
    kind: Kind
    default: Any
    help: str
    metavar: str = ""
    choices: tuple[str, ...] = ()
    flag: str = ""
    in_notebook: str = ""

    @property
    def option(self) -> str:
        """Its name on the command line."""
        return self.flag or f"--{self.name.replace('_', '-')}"


#: the options of a case about its target, its tests and its report, in the order of a notebook's parameters
CASE_PARAMETERS = (
    Parameter("target", "text", ".", "the app's folder; --demo is the demo that comes with kit", "PATH"),
    Parameter(
        "case",
        "text",
        "",
        "the name to record under; made up by default",
        "NAME",
        in_notebook="the case to work on; by default the newest one of the app, or a new one",
    ),
    Parameter("python", "text", "", "the interpreter that runs the app; found by default", "EXE"),
    Parameter("tests", "texts", (), "test files or folders; found by default", "PATH"),
    Parameter("app", "texts", (), "import roots of the app; found by default", "ROOT"),
    Parameter(
        "timeout_s",
        "number",
        None,
        "seconds that one test may take; 60 by default, or more as in the app's own limit",
        "N",
    ),
    Parameter(
        "workers",
        "whole",
        0,
        "processes that run tests; by default 2 and up to 4 while they wait, or 1 where tests share a file",
        "N",
    ),
    Parameter(
        "reports_dir",
        "text",
        "",
        "the folder for reports; by default ./reports, or beside the app where that is inside it",
        "DIR",
    ),
    Parameter(
        "store_url",
        "text",
        "",
        "where facts are kept, as an SQLAlchemy URL; kit.sqlite among the reports by default",
        "URL",
    ),
    Parameter("run", "table", {}, 'further options of kit run, such as {"isolation": "process"}'),
    Parameter("categories", "text", "", "a TOML file with failure categories of your own", "FILE"),
    Parameter("trial_budget_s", "number", 600.0, "seconds for trying fixes in a scratch copy; 0 tries none", "N"),
)

#: how the tests are run: what the table ``run`` may hold, and what kit.suite.RunOptions has under the same names
RUN_PARAMETERS = (
    Parameter(
        "isolation",
        "text",
        "auto",
        "what runs in one process: forked workers, fresh ones, or a new child for each file or test",
        choices=("auto", "fork", "process", "file", "test"),
    ),
    Parameter("slow_s", "number", None, "seconds after which a test is called slow; half its limit by default", "N"),
    Parameter("timeouts", "limits", {}, "another limit for tests whose node id matches", "PATTERN=N", flag="--timeout"),
    Parameter(
        "grace_s", "number", 1.0, "seconds that a test has to end itself after its limit, before it is killed", "N"
    ),
    Parameter(
        "collection_timeout_s",
        "number",
        None,
        "seconds that collecting the tests may take (default: as long as more is found)",
        "N",
    ),
    Parameter("run_timeout_s", "number", None, "seconds that all tests together may take", "N"),
    Parameter("memory_mb", "whole", None, "memory that one test process may take", "N"),
    Parameter("recheck_s", "number", 20.0, "seconds for running failures once more, alone", "N"),
    Parameter(
        "extra_workers",
        "whole",
        None,
        "how many more workers may join while the others wait; 2 by default, none beside --workers",
        "N",
    ),
    Parameter("cluster", "text", None, "a Dask scheduler whose workers run the tests: tcp://host:8786", "ADDRESS"),
    Parameter(
        "records",
        "flag",
        True,
        "record which functions each test runs: --changed, --since and --watch choose tests by it",
        flag="--record/--no-record",
        in_notebook="whether to record which functions each test runs: tests are chosen by it after an edit",
    ),
    Parameter("coverage", "flag", False, "measure lines with the app's own coverage.py"),
)
