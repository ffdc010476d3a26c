"""Files are shared by all workers: a test that can see one which tests change does as in a plain run, in each run."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.suite.conftest import Run
from tests.suite.projects import in_plain_pytest, outcomes

pytestmark = pytest.mark.slow

JSON = dedent("""
    def count():
        path = {path}
        return int(path.read_text()) if path.exists() else 0

    def add():
        path, number = {path}, count() + 1
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(number))
""")
SQL = dedent("""
    from sqlalchemy import create_engine, text

    {engine}

    def count():
        with {begin} as connection:
            connection.execute(text("create table if not exists entries (number integer)"))
            return connection.execute(text("select count(*) from entries")).scalar()

    def add():
        count()
        with {begin} as connection:
            connection.execute(text("insert into entries values (1)"))
""")
SETTINGS = dedent("""
    class Settings:
        def __init__(self):
            self.folder, self.store = Path("data"), Path("data") / "store.txt"

    settings = Settings()
""")
FOLDER = """
def count():
    return {folder}.is_dir()

def add():
    {folder}.mkdir(parents=True)
"""
IN_TEMPORARY = "import tempfile\nSTORE = Path(tempfile.{}, 'store', 'entries')\n"
#: ways to keep entries in a file whose path no function says
SHOPS = {
    "path": "STORE = Path(__file__).parent / 'data' / 'store.txt'\n" + JSON.format(path="STORE"),
    "attribute": SETTINGS + JSON.format(path="settings.store"),
    "entry": "CONFIG = {'shop': {'store': 'data/store.txt'}}\n" + JSON.format(path="Path(CONFIG['shop']['store'])"),
    "class": "class Config:\n    STORE = 'store.txt'\n\n" + JSON.format(path="Path(Config.STORE)"),
    "folder": FOLDER.format(folder="Path('entries')"),
    "temporary-folder": FOLDER.format(folder="Path(tempfile.gettempdir(), 'entries')") + "import tempfile\n",
    "temporary": IN_TEMPORARY.format("gettempdir()") + JSON.format(path="STORE"),
    "drawn": IN_TEMPORARY.format("mkdtemp()") + JSON.format(path="STORE"),
    "engine": SQL.format(engine="engine = create_engine('sqlite:///shop.db')", begin="engine.begin()"),
    "address": SQL.format(
        engine="import os\nos.environ['SHOP_URL'] = 'sqlite:///shop.db'",
        begin="create_engine(os.environ['SHOP_URL']).begin()",
    ),
}


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("seen", [0, 1], ids=["empty", "with-an-entry"])
def test_a_test_counts_with_what_it_does_after_the_tests_that_write(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: str, seen: int
) -> None:
    """In a plain run an entry is there; beside the test that adds it there is none yet."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    files = {
        "shop.py": "from pathlib import Path\n" + SHOPS[shop],
        "test_a.py": "import time, shop\ndef test_adds():\n    time.sleep(0.5)\n    shop.add()\n",
        "test_b.py": f"import shop\ndef test_counts(): assert shop.count() == {seen}\n",
    }

    facts = run(files, isolation="file", workers=2)

    assert outcomes(facts) == in_plain_pytest(tmp_path)
    assert outcomes(facts)["test_b.py::test_counts"] == ("passed" if seen else "failed")
