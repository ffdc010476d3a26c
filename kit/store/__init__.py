"""Where the facts of every case are kept: one database, SQLite by default, any SQLAlchemy URL otherwise."""

from kit.store.store import CaseHead, Store, default_url

__all__ = ["CaseHead", "Store", "default_url"]
