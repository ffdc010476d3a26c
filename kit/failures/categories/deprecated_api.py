"""Deprecated API removed: the code uses what a library no longer has, or warns about with warnings as errors."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=120,
    key="deprecated-api",
    title="Deprecated API removed",
    meaning="The code uses something that a library has removed, or deprecates while warnings are errors.",
    advice="Use what the message names instead, or pin the library below the version that removed it.",
    documentation="https://docs.sqlalchemy.org/en/20/changelog/migration_20.html",
    example="The 'sqlalchemy.orm.mapper()' function is removed as of SQLAlchemy 2.0.",
    matches=any_of(
        exception("RemovedIn20Warning", "MovedIn20Warning", "PydanticImportError"),
        exception("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning", "PytestDeprecationWarning"),
        message(
            r"function is removed as of SQLAlchemy 2\.0",
            r"Did you mean to say select\(",
            r"^Not an executable object: '",
            r"^Textual SQL expression .* should be explicitly declared as text\(",
            r"\bwas (?:removed|deprecated) in \w+ ?\d",
            r"was a deprecated alias for",
            r"(?:is|been|was) (?:deprecated|removed|moved) (?:and should be|to the `|since [\w.]*\d|in version)",
            r"^module 'collections' has no attribute '(?:(?:Mutable)?(?:Mapping|Sequence|Set)|Iterable|Callable)'",
            r"^Client\.__init__\(\) got an unexpected keyword argument 'app'",
            r"^cannot import name '[^']+' from '(?:collections|typing|distutils|imp)[^']*'",
            r"^No module named '(?:distutils|imp|asynchat|asyncore|smtpd|cgi|telnetlib|pipes|crypt)'",
        ),
    ),
)
