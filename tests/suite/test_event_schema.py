"""What is recorded has the shape that is published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import kit.suite.record.events
from kit.suite.record.event_types import TYPES
from kit.suite.record.folding import Fold
from tests.suite.conftest import Run

pytestmark = pytest.mark.slow

SCHEMA = json.loads(files("kit.suite.record").joinpath("events.schema.json").read_text(encoding="utf-8"))
BY_KIND = {kind["properties"]["kind"]["const"]: kind for kind in SCHEMA["oneOf"]}

SHARED = """
    import os, time

    def test_{name}():
        os.close(os.open("shared.db", os.O_CREAT | os.O_EXCL))
        time.sleep(0.4)
        os.unlink("shared.db")
"""

EVERYTHING = {
    "test_a.py": """
        import os, subprocess, time, warnings
        import pytest

        @pytest.mark.parametrize("number", [1, 2])
        def test_fine(number):
            warnings.warn("mind the gap")

        def test_fails():
            assert 1 == 2

        @pytest.mark.skip(reason="no")
        def test_skipped():
            pass

        def test_crashes():
            os._exit(3)

        def test_hangs():
            time.sleep(60)

        def test_leaks():
            subprocess.Popen(["sleep", "60"])
    """,
    "test_broken.py": "import nothing_of_this_name\n",
    "test_c.py": SHARED.replace("{name}", "c"),
    "test_d.py": SHARED.replace("{name}", "d"),
}


def recorded(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def problems(event: dict[str, Any]) -> list[str]:
    """What the schema has against an event, whose keys must all be known too."""
    kind = {**BY_KIND[event["kind"]], "additionalProperties": False, "$defs": SCHEMA["$defs"]}
    return [f"{event['kind']}: {error.message[:200]}" for error in Draft202012Validator(kind).iter_errors(event)]


@pytest.mark.parametrize("isolation", ["fork", "process"])
def test_every_event_of_a_run_has_the_published_shape(run: Run, tmp_path: Path, isolation: str) -> None:
    run(EVERYTHING, ("--maxfail=1", "--nobody-brings-this"), isolation=isolation, timeout_s=2.0, slow_s=0.3)
    run(EVERYTHING, ("--maxfail=1",), isolation=isolation, timeout_s=2.0, resume=True)
    events = list(recorded(tmp_path / "events.jsonl"))

    assert [problem for event in events for problem in problems(event)] == []
    kinds = {event["kind"] for event in events}
    assert kinds >= BY_KIND.keys() - {
        "coverage",
        "executed",
        "failed_end",
        "measured",
        "leaked",
        "shares",
        "views",
        "rechecked",
        "rerun",
        "touched",
        "not_alone",
        "polluted",
        "state_settled",
        "state_watch",
    }


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_the_table_and_the_code_know_the_same_kinds() -> None:
    table = re.findall(r"^(\w+) {2,}\S", (kit.suite.record.events.__doc__ or "").partition("\nkind")[2], re.MULTILINE)

    assert [*table] == [kind for kind in BY_KIND if kind != "header"]
    assert Fold()._handlers.keys() <= TYPES.keys()
    assert TYPES.keys() <= BY_KIND.keys()


def test_an_event_without_what_its_kind_needs_is_refused() -> None:
    assert problems({"kind": "finished", "at": 1.0, "nodeid": "t.py::a"}) != []
    assert problems({"kind": "shares", "at": 1.0, "what": "a file", "more": 1}) != []


def test_what_is_recorded_of_changed_state_has_the_published_shape(run: Run, tmp_path: Path) -> None:
    run(
        {
            "test_a.py": "import os\n\ndef test_a():\n    os.environ['K'] = '1'\n",
            "test_b.py": "import os\n\ndef test_b():\n    assert 'K' not in os.environ\n",
        },
        isolation="file",
    )
    events = [event for event in recorded(tmp_path / "events.jsonl") if event["kind"] == "polluted"]

    assert [event["victim"] for event in events] == ["test_b.py::test_b"]
    assert [problem for event in events for problem in problems(event)] == []
