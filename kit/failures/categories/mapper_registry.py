"""Mapper registry: several mapped classes answer to one name."""

from kit.failures.rule import Rule, message

RULE = Rule(
    rank=100,
    key="mapper-registry",
    title="Mapper registry",
    meaning="Two or more mapped classes answer to one name in one registry, so a relationship cannot tell which is "
    "meant; "
    "the configuration of every mapper fails with it.",
    advice="Keep one class and let the other module import it; or rename one; or give relationships the full module "
    "path.",
    documentation="https://docs.sqlalchemy.org/en/20/orm/declarative_config.html",
    example='Multiple classes found for path "User" in the registry of this declarative base. '
    "Please use a fully module-qualified path.",
    matches=message(
        r'^Multiple classes found for path "',
        r"This declarative base already contains a class with the same class name and module name as ",
        r'^name "[^"]+" matches both a class name and a module name',
        r"'_MultipleClassMarker' object has no attribute",
    ),
)
