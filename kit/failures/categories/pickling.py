"""Pickling: an object cannot be sent to another process or stored."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=330,
    key="pickling",
    title="Pickling",
    meaning="An object cannot be turned into bytes, or bytes back into an object.",
    advice="Move functions and classes to the top level of a module; leave locks, sessions and open files out of "
    "state.",
    documentation="https://docs.python.org/3/library/pickle.html#what-can-be-pickled-and-unpickled",
    example="cannot pickle '_thread.lock' object",
    matches=any_of(
        exception("PicklingError", "UnpicklingError"),
        message(r"^(?:[Cc]an.t|[Cc]annot|[Cc]an not) pickle\b"),
    ),
)
