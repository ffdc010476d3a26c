"""Tests whose node ids hold what looks like a password: shown masked, and run again by their short ids."""

import json

import pytest

from kit.wire.short_ids import is_short_id, short_id, short_ids_in
from tests.helpers import run_kit, write_project

pytestmark = pytest.mark.slow

TESTS = """
    import warnings
    import pytest

    @pytest.mark.parametrize("url", ["http://user:pw@example.com", "http://user:other@example.com", "http://plain"])
    def test_url(url):
        warnings.warn("old")
        assert url == "http://plain"
"""
NODEID = "tests/test_url.py::test_url[http://user:pw@example.com]"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    write_project(folder / "app", {"tests/test_url.py": TESTS})
    done = run_kit("run", str(folder / "app"), "--case", "all", "--format", "json", cwd=folder)
    return folder, json.loads(done.stdout), done


def test_every_test_has_a_short_id_of_its_own_made_of_its_real_node_id(ran):
    _, result, _ = ran
    names = {test["short_id"]: test["nodeid"] for test in result["tests"]}
    masked = "tests/test_url.py::test_url[http://user:***@example.com]"
    assert len(names) == 3
    for nodeid in (NODEID, NODEID.replace(":pw", ":other")):
        assert names[short_id(nodeid)] == f"{masked} {short_id(nodeid)}"
    assert names[short_id("tests/test_url.py::test_url[http://plain]")] == "tests/test_url.py::test_url[http://plain]"


def test_a_warning_names_its_test_as_the_test_is_named(ran):
    folder, result, _ = ran
    (events,) = folder.rglob("all/events.jsonl")
    told = [json.loads(line) for line in events.read_text().splitlines()]
    named = {event["nodeid"] for event in told if event["kind"] == "warning" and event["nodeid"]}
    assert named
    assert named <= {test["nodeid"] for test in result["tests"]}


def test_a_short_id_runs_the_one_test_that_it_names(ran):
    folder, _, _ = ran
    done = run_kit("run", str(folder / "app"), "--format", "json", "--", short_id(NODEID), cwd=folder)
    assert [test["short_id"] for test in json.loads(done.stdout)["tests"]] == [short_id(NODEID)]
    assert done.returncode == 1


def test_failed_runs_tests_with_masked_node_ids_again(ran):
    folder, _, _ = ran
    done = run_kit("run", "--failed", "all", "--format", "json", cwd=folder)
    assert {test["short_id"] for test in json.loads(done.stdout)["tests"]} == {
        short_id(NODEID),
        short_id(NODEID.replace(":pw", ":other")),
    }
    assert "0 of 1 failure fixed" in done.stderr or "0 of 2 failures fixed" in done.stderr


def test_bisecting_takes_a_short_id(ran):
    folder, _, _ = ran
    done = run_kit("run", str(folder / "app"), "--bisect", short_id(NODEID), cwd=folder)
    assert "fails alone as well as after all tests before it" in done.stdout, done.stderr


@pytest.mark.parametrize("name", ["@", "@12345", "@123456789", "@xyzxyz", "tests/test_a.py", "123456"])
def test_what_is_no_short_id_is_none(name):
    assert not is_short_id(name)


def test_short_ids_are_found_among_other_names():
    assert short_ids_in(["tests/a.py::@3f9c2a71", "@3f9c2a", "tests/a.py::test_b"]) == ("@3f9c2a71", "@3f9c2a")
