"""A transaction that a signal interrupts locks the database for nobody, also while the exception is being handled."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.store import default_url
from kit.store.database import Database


class Interrupting:
    """Meets a signal while the driver asks it for its value."""

    def __conform__(self, _protocol: object) -> object:
        raise KeyboardInterrupt


def test_others_can_write_while_the_interruption_is_handled(tmp_path: Path) -> None:
    url = f"{default_url(tmp_path)}?timeout=0"
    database, other = Database(url), Database(url)
    insert = "INSERT INTO meta (key, value) VALUES (?, ?)"

    with pytest.raises(KeyboardInterrupt) as held, database.transaction() as connection:
        connection.exec_driver_sql(insert, [("half", "done"), (Interrupting(), "")])

    for one in (other, database):
        with one.transaction() as connection:
            connection.exec_driver_sql(insert, [(str(id(one)), "whole")])
    with other.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE key = 'half'").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM meta WHERE value = 'whole'").scalar() == 2
    database.close()
    other.close()
    assert held.tb is not None, "the exception was held meanwhile"
