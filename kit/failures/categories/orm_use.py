"""ORM use: a session, an instance or a mapped class is used in a way that the ORM refuses."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=140,
    key="orm-use",
    title="ORM session or class used wrongly",
    meaning="A session is closed or rolled back, an instance belongs to no session or to another one, or a class is "
    "not the "
    "mapped one that is expected.",
    advice="Look at how long the session lives against how long its instances are used, and at which class is "
    "imported.",
    documentation="https://docs.sqlalchemy.org/en/20/orm/session_state_management.html",
    example="Instance <User at 0x7f3b4bea4e10> is not bound to a Session; attribute refresh operation cannot proceed",
    matches=any_of(
        exception(
            "DetachedInstanceError",
            "PendingRollbackError",
            "UnmappedInstanceError",
            "UnmappedClassError",
            "UnmappedColumnError",
            "StaleDataError",
            "ObjectDeletedError",
            "FlushError",
            "NoResultFound",
            "MultipleResultsFound",
            "CircularDependencyError",
        ),
        message(
            r"is already attached to session '",
            r"'\w+' is an invalid keyword argument for \w+",
            r"FROM clause.* expected, got <class '",
            r"^Attribute '\w+' on class '<class '.+ doesn't handle objects of type",
            r"^This Session's transaction has been rolled back|^This session is provisioning a new connection",
            r"^A transaction is already begun on this Session|Can't operate on closed transaction",
            r"^Method '\w+\(\)' can't be called here",
        ),
    ),
)
