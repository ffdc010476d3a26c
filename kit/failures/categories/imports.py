"""Import: a module or name of the target that is not there, or a circle of imports."""

from kit.failures.rule import Rule, exception

RULE = Rule(
    rank=230,
    key="import",
    title="Import",
    meaning="A module does not exist under that name, does not define what is imported from it, or is imported in a "
    "circle.",
    advice="Look up where the name is defined now; break a circle by importing inside the function or under "
    "TYPE_CHECKING.",
    documentation="https://docs.python.org/3/reference/import.html",
    example="cannot import name 'Order' from partially initialized module 'app.orders' (most likely due to a "
    "circular import)",
    matches=exception("ImportError", "ModuleNotFoundError"),
)
