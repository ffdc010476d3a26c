"""Crashed: the test ended its interpreter."""

from kit.failures.rule import Rule, any_of, exception, kind, message

RULE = Rule(
    rank=30,
    key="crashed",
    title="Interpreter crashed or ended",
    meaning="The process that ran the test ended under it: a signal, os._exit, or sys.exit.",
    advice="Run the test alone; look for os._exit and sys.exit in what it calls, and for compiled extensions.",
    documentation="https://docs.python.org/3/library/os.html#os._exit",
    example="exited with 3",
    matches=any_of(kind("crashed"), exception("SystemExit"), message(r"^crashed: ", r"^exited with -?\d+$")),
)
