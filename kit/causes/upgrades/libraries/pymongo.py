"""What releases of PyMongo broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pymongo-collection-methods",
        library="pymongo",
        last_good="3.13.0",
        first_bad="4.0",
        kind="name-gone",
        error=(
            r"TypeError: 'Collection' object is not callable\. If you meant to call the "
            r"'(?:count|insert|update|remove|save|find_and_modify|ensure_index|group|map_reduce)' method"
        ),
        cause="old methods of collections are gone",
        before="prices.count()",
        after="prices.count_documents({})",
        both=True,
        source="https://github.com/mongodb/mongo-python-driver/pull/801",
        forewarns=r"DeprecationWarning: (?:count|insert|update|remove|save) is deprecated\. Use",
    ),
    Breakage(
        id="pymongo-truth-of-database",
        library="pymongo",
        last_good="3.13.0",
        first_bad="4.0",
        kind="default-changed",
        error=r"NotImplementedError: (?:Database|Collection) objects do not implement truth value testing",
        cause="databases and collections are neither true nor false",
        before="if database:",
        after="if database is not None:",
        both=True,
        source="https://github.com/mongodb/mongo-python-driver/blob/main/doc/migrate-to-pymongo4.rst",
    ),
)
