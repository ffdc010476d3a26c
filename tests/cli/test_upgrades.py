"""The table of breakages, and the check of an app before an upgrade."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.helpers import run_kit, write_project
from tests.target.making import make_environment, pretend_installed

pytestmark = pytest.mark.slow

SOURCE = (
    "from marshmallow import fields\n\nname = fields.String(missing='x')\nother = fields.String(load_default='x')\n"
)


def _app(folder: Path, version: str) -> Path:
    root = write_project(folder / "app", {"shop.py": SOURCE, "tests/test_a.py": "def test_a(): ...\n"})
    pretend_installed(make_environment(root / ".venv"), marshmallow=version, pytest="9.2.0", shopping="1.0")
    return root


def test_the_lines_that_newer_releases_break_are_listed(tmp_path: Path) -> None:
    done = run_kit("upgrade-check", str(_app(tmp_path, "3.21.0")), cwd=tmp_path)

    assert done.returncode == 1
    assert "marshmallow 4.0.0 (installed 3.21.0): the old names" in done.stdout
    assert "    shop.py:3" in done.stdout
    assert "shop.py:4" not in done.stdout
    assert "ahead, 1 of them concerns this app" in done.stdout


@pytest.mark.parametrize(
    ("imported", "engine"), [("", "engine"), ("from shop.db import engine\n", "engine"), ("", "self.engine")]
)
def test_an_engine_that_is_handed_in_is_seen_beside_other_calls_of_its_line(
    tmp_path: Path, imported: str, engine: str
) -> None:
    source = f"from sqlalchemy import select\n{imported}def total({'engine' if not imported else ''}):\n"
    root = write_project(tmp_path / "app", {"sales.py": f"{source}    return {engine}.execute(select([1]))\n"})
    pretend_installed(make_environment(root / ".venv"), sqlalchemy="1.4.54")

    rows = json.loads(run_kit("upgrade-check", str(root), "--format", "json", cwd=tmp_path).stdout)["breakages"]

    line = 4 if imported else 3
    found = {row["id"]: [place["line"] for place in row["lines"]] for row in rows if row["lines"]}
    assert found == {"sqlalchemy-engine-execute": [line], "sqlalchemy-select-list": [line]}


def test_the_warnings_of_the_newest_case_are_a_forecast(tmp_path: Path) -> None:
    said = "\"'old' will be removed in Pytest 99.0\""
    warned = f"import warnings\n\ndef test_a():\n    warnings.warn({said}, DeprecationWarning)\n"
    root = write_project(tmp_path / "app", {"tests/test_a.py": warned})
    here = ("--python", sys.executable)
    before = run_kit("upgrade-check", str(root), *here, cwd=tmp_path)
    ran = run_kit("run", str(root), *here, cwd=tmp_path)

    text = run_kit("upgrade-check", str(root), *here, cwd=tmp_path)
    rows = json.loads(run_kit("upgrade-check", str(root), *here, "--format", "json", cwd=tmp_path).stdout)["warned"]
    other = run_kit("upgrade-check", str(root), *here, "--to", "pluggy==99.0", cwd=tmp_path)

    assert (before.returncode, "No run of the tests is recorded" in before.stdout) == (0, True)
    assert "foreseen: pytest 99.0 (installed " in ran.stdout
    assert text.returncode == 1
    assert "will stop 1 line: 'old' will be removed in Pytest 99.0\n        tests/test_a.py:4" in text.stdout
    assert [(row["library"], row["release"]) for row in rows] == [("pytest", "99.0")]
    assert (other.returncode, "will stop" in other.stdout) == (0, False)


def test_a_green_run_keeps_its_forecast(tmp_path: Path) -> None:
    said = "\"'old' will be removed in Pytest 99.0\""
    warned = f"import warnings\n\ndef test_a():\n    warnings.warn({said}, DeprecationWarning)\n"
    root = write_project(tmp_path / "app", {"tests/test_a.py": warned})
    kept = ("--reports-dir", str(tmp_path / "reports"))
    run_kit("run", str(root), "--python", sys.executable, "--case", "green", *kept, cwd=tmp_path)

    shown = json.loads(run_kit("show", "green", "--format", "json", *kept, cwd=tmp_path).stdout)

    assert [(one["library"], one["release"]) for one in shown["forecasts"]] == [("pytest", "99.0")]


def test_what_is_installed_already_lies_not_ahead(tmp_path: Path) -> None:
    done = run_kit("upgrade-check", str(_app(tmp_path, "4.4.0")), cwd=tmp_path)

    assert (done.returncode, "shop.py" in done.stdout) == (0, False)


def test_only_the_upgrades_that_are_asked_for_are_looked_at(tmp_path: Path) -> None:
    app = str(_app(tmp_path, "3.21.0"))

    smaller = run_kit("upgrade-check", app, "--to", "marshmallow==3.26.2", cwd=tmp_path)
    larger = run_kit("upgrade-check", app, "--to", "Marshmallow==4.1.0", "--format", "json", cwd=tmp_path)

    assert smaller.returncode == 0
    found = {row["id"]: [place["line"] for place in row["lines"]] for row in json.loads(larger.stdout)["breakages"]}
    assert found["marshmallow-missing"] == [3]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("flask==3.0", "is not installed"),
        ("marshmallow", "takes NAME==VERSION"),
        ("marshmallow==3.20.0", "marshmallow 3.20.0 is not newer than what is installed, 3.21.0"),
        ("marshmallow==3.21", "is not newer"),
        ("Python==3.14", "about libraries and not about Python itself: kit run --python"),
    ],
)
def test_an_upgrade_that_cannot_be_is_refused(tmp_path: Path, wanted: str, said: str) -> None:
    done = run_kit("upgrade-check", str(_app(tmp_path, "3.21.0")), "--to", wanted, cwd=tmp_path)

    assert done.returncode == 2
    assert said in done.stderr


def test_releases_that_the_table_cannot_judge_are_said(tmp_path: Path) -> None:
    app = str(_app(tmp_path, "3.21.0"))

    beyond = run_kit("upgrade-check", app, "--to", "marshmallow==99.1", "--to", "shopping==2.0", cwd=tmp_path)
    within = run_kit("upgrade-check", app, "--to", "marshmallow==4.0.1", "--format", "json", cwd=tmp_path)

    assert "The newest release of marshmallow that the table has an entry about is 4." in beyond.stdout
    assert "The table has no entry about shopping: it cannot tell what 2.0 breaks." in beyond.stdout
    assert "    shop.py:3" in beyond.stdout
    assert json.loads(within.stdout)["not_measured"] == []


def test_what_cannot_be_seen_in_source_is_named(tmp_path: Path) -> None:
    app = str(_app(tmp_path, "3.21.0"))

    lines = run_kit("upgrade-check", app, cwd=tmp_path).stdout.splitlines()
    rows = json.loads(run_kit("upgrade-check", app, "--format", "json", cwd=tmp_path).stdout)["breakages"]

    unseen = [row["id"] for row in rows if not row["visible_in_source"]]
    (at,) = [at for at, line in enumerate(lines) if "more cannot be seen in source:" in line]
    assert unseen
    assert [line.rpartition("[")[2] for line in lines[at + 1 : at + 1 + len(unseen)]] == [f"{one}]" for one in unseen]


USES = """\
import flask
import trio.tests
from typing import TYPE_CHECKING
from werkzeug.datastructures import is_immutable
from werkzeug.routing import Map

try:
    from werkzeug.datastructures import csp_property
except ImportError:
    from werkzeug.datastructures.csp import csp_property
if TYPE_CHECKING:
    from werkzeug.datastructures import auth_property

text = flask.sessions.is_ip("")
page = flask.render_template("page.html")
fixed = is_immutable(text)
"""


def test_the_lines_that_use_what_newer_releases_dropped_are_listed(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"shop.py": USES, "tests/test_a.py": "def test_a(): ...\n"})
    environment = make_environment(root / ".venv")
    pretend_installed(environment, flask="2.2.0", trio="0.23.0", werkzeug="2.2.0", itsdangerous="2.2.0")

    def found(*wanted: str) -> dict[str, list[int]]:
        told = run_kit("upgrade-check", str(root), *wanted, "--format", "json", cwd=tmp_path).stdout
        rows = [row for row in json.loads(told)["breakages"] if not row["measured"]]
        return {row["id"]: [place["line"] for place in row["lines"]] for row in rows}

    flask, trio = {"flask-2.3.0-flask.sessions.is_ip": [14]}, {"trio-0.24.0-trio.tests": [2]}
    werkzeug = {"werkzeug-2.3.0-werkzeug.datastructures.is_immutable": [4, 16]}
    assert found() == {**flask, **trio, **werkzeug}
    assert found("--to", "flask==3.1.0", "--to", "werkzeug==2.2.3") == flask
    assert found("--to", "trio==0.23.1") == {}

    shown = run_kit("upgrade-check", str(root), "--to", "flask==2.3.0", cwd=tmp_path)
    assert shown.returncode == 1
    assert "flask 2.3.0 (installed 2.2.0): `flask.sessions` no longer has the name `is_ip`: 1 line" in shown.stdout
    assert "`flask.helpers.is_ip` may take its place" in shown.stdout


def test_a_line_that_an_entry_of_the_table_knows_is_listed_once(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"shop.py": "from flask import Markup\n"})
    pretend_installed(make_environment(root / ".venv"), flask="2.2.0")

    rows = json.loads(run_kit("upgrade-check", str(root), "--format", "json", cwd=tmp_path).stdout)["breakages"]

    assert [row["id"] for row in rows if row["lines"]] == ["flask-markup"]


def test_a_package_of_the_app_is_not_the_library_of_that_name(tmp_path: Path) -> None:
    used = "from flask import Markup\nfrom flask.sessions import is_ip\n"
    root = write_project(tmp_path / "app", {"flask/__init__.py": "", "shop.py": used})
    pretend_installed(make_environment(root / ".venv"), flask="2.2.0")

    done = run_kit("upgrade-check", str(root), cwd=tmp_path)

    assert (done.returncode, "shop.py" in done.stdout) == (0, False)


def test_the_table_is_printed_by_library(tmp_path: Path) -> None:
    done = run_kit("upgrades", "marshmallow", cwd=tmp_path)
    unknown = run_kit("upgrades", "marshmalow", cwd=tmp_path)
    read = run_kit("upgrades", "trio", cwd=tmp_path)
    steps = json.loads(run_kit("upgrades", "trio", "--format", "json", cwd=tmp_path).stdout)["dropped"]["trio"]

    assert "marshmallow 3.26.2 -> 4.0.0: the old names of `load_default` and `dump_default` are gone" in done.stdout
    assert (unknown.returncode, "marshmallow" in unknown.stderr) == (2, True)
    assert "trio 0.23.0 -> 0.24.0 dropped trio.tests\n" in read.stdout
    assert [step["first"] for step in steps if "trio.tests" in step["modules"]] == ["0.24.0"]


def test_a_run_of_the_tests_alone_says_first_what_has_moved_since_the_lock_file(tmp_path: Path) -> None:
    text = "import pytest\n\ndef test_a():\n    pytest.raises(1)\n"
    write_project(tmp_path / "app", {"test_a.py": text, "requirements.lock": "click==7.0\npytest==7.4.4\n"})
    kept = ("--reports-dir", str(tmp_path / "reports"))

    run_kit("run", "app", "--python", sys.executable, "--case", "one", *kept, cwd=tmp_path)

    (cause,) = json.loads(run_kit("show", "one", "--format", "json", *kept, cwd=tmp_path).stdout)["causes"]
    assert cause["evidence"][0]["text"].startswith("pytest has moved: requirements.lock:2 has 7.4.4, installed is ")
