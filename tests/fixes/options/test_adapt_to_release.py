"""Lines that a release broke are written as it wants them: names, imports, keywords and arguments, and nothing else."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from kit.causes import breakages
from kit.facts.causes import Cause
from kit.facts.places import Location
from kit.fixes.options.adapt_to_release import find
from tests.causes.upgrades.patched import patch, patched
from tests.causes.upgrades.reproductions import reproductions
from tests.fixes.apps import patched as texts_after
from tests.fixes.apps import scene_at
from tests.helpers import write_project

EDITED = {one.id: one for one in breakages() if one.edits}


@pytest.mark.parametrize("identity", sorted(EDITED))
def test_the_patch_of_a_reproduction_was_run_with_both_releases(identity: str, tmp_path: Path) -> None:
    entry, record = EDITED[identity], patched()[identity]

    assert patch(entry, reproductions()[identity].broken, tmp_path) == record["text"]
    assert record["bad"] == "passed"
    assert (record["good"] == "passed") is entry.both


@pytest.mark.parametrize(
    ("entry", "before", "after"),
    [
        ("flask-markup", "from flask import Flask, Markup", "from flask import Flask\nfrom markupsafe import Markup"),
        ("flask-markup", "from flask import Markup as M\nM(1)", "from markupsafe import Markup as M\nM(1)"),
        ("flask-markup", "import flask\nflask.Markup(1)", "from markupsafe import Markup\nMarkup(1)"),
        (
            "flask-markup",
            "import flask\napp = flask.Flask()\nMarkup = 1\nflask.Markup(1)",
            "import flask\nimport markupsafe\napp = flask.Flask()\nMarkup = 1\nmarkupsafe.Markup(1)",
        ),
        (
            "werkzeug-url-quote",
            "from werkzeug.urls import url_quote\n\ndef quote(a):\n    return url_quote(a)",
            "from urllib.parse import quote as url_quote\n\ndef quote(a):\n    return url_quote(a)",
        ),
        (
            "werkzeug-url-quote",
            "from werkzeug.urls import url_quote\n__all__ = ['url_quote']",
            "from urllib.parse import quote as url_quote\n__all__ = ['url_quote']",
        ),
        (
            "werkzeug-url-quote",
            "from werkzeug.urls import url_quote  # for others",
            "from urllib.parse import quote as url_quote  # for others",
        ),
        ("werkzeug-url-quote", "from werkzeug.urls import url_fix\nurl_fix(1)", ""),
        (
            "jinja2-markup",
            "try:\n    from jinja2 import Markup\nexcept ImportError:\n    from markupsafe import Markup",
            "",
        ),
        ("jinja2-markup", "def a():\n    from jinja2 import Markup", "def a():\n    from markupsafe import Markup"),
        ("moto-mock-aws", "from moto import mock_s3, mock_sqs\n\n@mock_s3\n@mock_sqs\ndef a(): ...",
         "from moto import mock_aws\n\n@mock_aws\n@mock_aws\ndef a(): ..."),
        (
            "starlette-422-renamed",
            "from fastapi import status\na = [status.HTTP_422_UNPROCESSABLE_ENTITY, 2]",
            "from http import HTTPStatus\na = [HTTPStatus.UNPROCESSABLE_ENTITY, 2]",
        ),
        (
            "httpx-app-argument",
            "from httpx import AsyncClient\nAsyncClient(app=make(1), auth=a)",
            "from httpx import AsyncClient, ASGITransport\nAsyncClient(transport=ASGITransport(app=make(1)), auth=a)",
        ),
        ("click-mix-stderr", "from click.testing import CliRunner\nCliRunner(charset='a', mix_stderr=False)",
         "from click.testing import CliRunner\nCliRunner(charset='a')"),
        ("sqlalchemy-select-list", "from sqlalchemy import select\nselect([a, b])\nselect(c)",
         "from sqlalchemy import select\nselect(a, b)\nselect(c)"),
        ("sqlalchemy-select-list", "from sqlalchemy import select\nselect([*columns, b])", ""),
        ("sqlalchemy-mapper-of-events",
         "from sqlalchemy import event\nfrom sqlalchemy.orm import mapper\nevent.listen(mapper, 'a', b)",
         "from sqlalchemy import event\nfrom sqlalchemy.orm import Mapper\nevent.listen(Mapper, 'a', b)"),
        ("sqlalchemy-mapper-of-events",
         "from sqlalchemy import event\nfrom sqlalchemy.orm import mapper\nevent.listen(mapper, 'a', b)\nmapper(A, c)",
         ""),
        ("pytest-parametrize-positional", "import pytest\n@pytest.mark.parametrize('a', [1], True)\ndef test_a(a): ...",
         "import pytest\n@pytest.mark.parametrize('a', [1], indirect=True)\ndef test_a(a): ..."),
        ("falcon-body",
         "import falcon\nclass A:\n    def on_get(self, q, r):\n        r.body = 'a'\n        print(r.body)",
         "import falcon\nclass A:\n    def on_get(self, q, r):\n        r.text = 'a'\n        print(r.body)"),
    ],
)  # fmt: skip
def test_what_is_written_anew(tmp_path: Path, entry: str, before: str, after: str) -> None:
    write_project(tmp_path, {"app.py": f"{before}\n"})
    cause = Cause(f"upgraded-library:{entry}", "upgraded-library", "", "consistent", ())

    options = list(find(cause, scene_at(tmp_path)))

    assert [texts_after(tmp_path, one)["app.py"] for one in options] == ([f"{after}\n"] if after else [])


def test_the_option_says_how_much_it_writes_and_where_it_works(tmp_path: Path) -> None:
    text = textwrap.dedent("""\
        from moto import mock_s3

        @mock_s3
        def test_a(): ...
        """)
    write_project(tmp_path, {"tests/test_a.py": text})

    (option,) = find(
        Cause("upgraded-library:moto-mock-aws", "upgraded-library", "", "consistent", ()), scene_at(tmp_path)
    )

    assert option.title == "Adapt 2 lines to moto 5.0.0"
    assert option.losses == ("with moto 4.2.14 the new code does not work",)
    assert option.on_tests


@pytest.mark.parametrize("call", ["super().setup()", "self.setup()", "TestA.setup(self)"])
def test_a_method_that_is_called_by_its_old_name_is_left_to_a_reader(tmp_path: Path, call: str) -> None:
    text = f"class TestA:\n    def setup(self): ...\n\n\nclass TestB(TestA):\n    def test_b(self):\n        {call}\n"
    write_project(tmp_path, {"test_a.py": text})
    cause = Cause("upgraded-library:pytest-nose-setup", "upgraded-library", "", "consistent", ())

    (option,) = find(cause, scene_at(tmp_path))

    assert not option.patch
    assert "`setup` is called in this file" in str(option)


def test_a_line_of_the_cause_is_adapted_also_where_its_file_does_not_import_the_library(tmp_path: Path) -> None:
    text = 'def fill(connection):\n    connection.execute("pragma foreign_keys=on")\n'
    write_project(tmp_path, {"fixtures.py": text, "robot.py": text})
    places = (Location("fixtures.py", 2),)
    cause = Cause("upgraded-library:sqlalchemy-textual-sql", "upgraded-library", "", "consistent", places)

    (option,) = find(cause, scene_at(tmp_path))

    assert texts_after(tmp_path, option) == {
        "fixtures.py": "from sqlalchemy import text\ndef fill(connection):\n"
        '    connection.execute(text("pragma foreign_keys=on"))\n'
    }


def test_an_entry_without_edits_has_no_option(tmp_path: Path) -> None:
    write_project(tmp_path, {"app.py": "import flask\n"})

    assert not list(
        find(Cause("upgraded-library:flask-app-env", "upgraded-library", "", "consistent", ()), scene_at(tmp_path))
    )
