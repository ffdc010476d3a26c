"""UTC is written as every Python knows it where this one refuses ``datetime.UTC``."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.facts.causes import Cause
from kit.facts.places import Location
from tests.fixes.apps import options_for, patched

KIND = "zone-utc"
OF_CLASS = "AttributeError: type object 'datetime.datetime' has no attribute 'UTC'"
OF_MODULE = "AttributeError: module 'datetime' has no attribute 'UTC'"
NO_IMPORT = "shop.clock cannot be imported: ImportError: cannot import name 'UTC' from 'datetime' (/lib/datetime.py)"


def refused(title: str, kind: str = "failure-group") -> Cause:
    return Cause("failure-group:a", kind, title, "unknown", (Location("shop/clock.py", 1, "raised"),))  # type: ignore[arg-type]


def app(text: str) -> dict[str, str | bytes]:
    return {"shop/__init__.py": "", "shop/clock.py": text}


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nNOW = datetime.now()  # UTC\n",
        "import datetime\nNOW = datetime.datetime.now(datetime.UTC)\n",
        "from datetime import UTC, datetime\nNOW = datetime.now(UTC)\n",
        "from clocks import datetime\nNOW = datetime.now(datetime.UTC)\n",
    ],
)
def test_what_this_python_takes_stays(tmp_path: Path, text: str) -> None:
    assert KIND not in options_for(tmp_path, app(text), refused(OF_CLASS))


def test_another_attribute_has_no_option(tmp_path: Path) -> None:
    text = "from datetime import datetime\nNOW = datetime.now(datetime.UTC)\n"

    assert KIND not in options_for(tmp_path, app(text), refused(OF_CLASS.replace("'UTC'", "'utc'")))


@pytest.mark.parametrize(
    ("title", "text", "after"),
    [
        (
            OF_CLASS,
            "from datetime import datetime\nNOW = datetime.now(datetime.UTC)\n",
            "from datetime import datetime, timezone\nNOW = datetime.now(timezone.utc)\n",
        ),
        (
            OF_CLASS,
            "import datetime as dt\nfrom datetime import datetime\nNOW = datetime.now(datetime.UTC)\n",
            "import datetime as dt\nfrom datetime import datetime\nNOW = datetime.now(dt.timezone.utc)\n",
        ),
        (
            OF_MODULE,
            "import datetime\nNOW = datetime.datetime.now(datetime.UTC)\n",
            "import datetime\nNOW = datetime.datetime.now(datetime.timezone.utc)\n",
        ),
        (
            NO_IMPORT,
            "from datetime import UTC, datetime\nNOW = datetime.now(tz=UTC)\nSAME = f(UTC=one.UTC)\n",
            "from datetime import datetime, timezone\nNOW = datetime.now(tz=timezone.utc)\nSAME = f(UTC=one.UTC)\n",
        ),
        (
            NO_IMPORT,
            "from datetime import UTC\nNOW = UTC\n",
            "from datetime import timezone\nNOW = timezone.utc\n",
        ),
        (
            NO_IMPORT,
            "from datetime import UTC, timezone as tz\nNOW = UTC\n",
            "from datetime import timezone as tz\nNOW = tz.utc\n",
        ),
    ],
)
def test_the_zone_of_every_python_is_used(tmp_path: Path, title: str, text: str, after: str) -> None:
    kind = "module-not-importable" if title == NO_IMPORT else "failure-group"

    option = options_for(tmp_path, app(text), refused(title, kind))[KIND]

    assert patched(tmp_path, option) == {"shop/clock.py": after}
    assert option.title == "Write UTC as timezone.utc, in the app"


def test_uses_in_the_tests_are_an_option_of_their_own(tmp_path: Path) -> None:
    text = "from datetime import datetime\nNOW = datetime.now(datetime.UTC)\n"

    found = options_for(tmp_path, {**app(text), "tests/test_a.py": text}, refused(OF_CLASS))

    assert {kind: (one.files, one.on_tests) for kind, one in found.items()} == {
        KIND: (("shop/clock.py",), False),
        f"{KIND}-in-tests": (("tests/test_a.py",), True),
    }
