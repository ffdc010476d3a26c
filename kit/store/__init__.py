"""Where the facts of every case are kept: one database, SQLite by default, any SQLAlchemy URL otherwise."""

from kit.facts.case import STORE_FILE
from kit.store.history import History
from kit.store.schema import VERSION
from kit.store.store import CaseHead, Store, default_url

__all__ = ["STORE_FILE", "VERSION", "CaseHead", "History", "Store", "default_url"]
