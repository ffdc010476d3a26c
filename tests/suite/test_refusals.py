"""Plain pytest refuses to start: kit finds that out, says where and why, and never takes its own run for a pass."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import kit.suite.collect.recording
from kit.causes import find_causes
from kit.facts.starting import StartRefusal
from kit.facts.suite import SuiteFacts
from kit.suite import RunOptions, read_events, run_suite
from kit.target import find_target
from tests.helpers import write_project

pytestmark = pytest.mark.slow

TEST = {"tests/test_a.py": "def test_a(): pass\n"}


def run(folder: Path, files: Mapping[str, str]) -> SuiteFacts:
    """What becomes of a project whose configuration kit reads itself."""
    root = write_project(folder / "project", {**TEST, **files})
    return run_suite(find_target(root), events=folder / "events.jsonl", options=RunOptions(workers=1))


def refusal(facts: SuiteFacts) -> StartRefusal:
    assert facts.start_refusal is not None
    return facts.start_refusal


@pytest.fixture(autouse=True)
def _no_plugins_but_pytests_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.mark.parametrize(
    ("name", "content", "kind", "named", "line", "advice"),
    [
        (
            "pytest.ini",
            "[pytest]\naddopts =\n    -q\n    --cov=shop --cov-branch\n",
            "unknown-option",
            ("--cov=shop", "--cov-branch"),
            4,
            "Install pytest-cov, which brings --cov=shop --cov-branch, in the target's environment",
        ),
        (
            "tox.ini",
            "[tox]\nenvlist = py\n\n[pytest]\naddopts = --reruns 2\n",
            "unknown-option",
            ("--reruns",),
            5,
            "Install pytest-rerunfailures, which brings --reruns",
        ),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\naddopts = "-ra --nobody-brings-this"\n',
            "unknown-option",
            ("--nobody-brings-this",),
            2,
            "Install the plugin that brings --nobody-brings-this, or take it out (pyproject.toml:2)",
        ),
        (
            "setup.cfg",
            "[metadata]\nname = shop\n\n[tool:pytest]\naddopts = -q --maxfail=few\n",
            "bad-value",
            ("--maxfail",),
            5,
            "Give --maxfail a value that it takes (setup.cfg:5)",
        ),
        ("pytest.ini", '[pytest]\naddopts = -q "--tb=no\n', "quotes", ("addopts",), 2, "Close the quotation mark"),
    ],
)
def test_what_kit_leaves_out_hides_no_refusal(
    tmp_path: Path, name: str, content: str, kind: str, named: tuple[str, ...], line: int, advice: str
) -> None:
    facts = run(tmp_path, {name: content})

    found = refusal(facts)
    assert (found.kind, found.named, found.path, found.line, found.exit_code) == (kind, named, name, line, 4)
    assert [result.outcome for result in facts.results] == ["passed"]  # the second fact: it ran without these options
    assert not facts.is_fine
    [cause] = find_causes(None, facts, None)
    assert cause.kind == "start-refused"
    assert cause.title.startswith("pytest refuses to start: ")
    assert advice in str(cause.next_step)
    assert any("1 test ran all the same" in item.text for item in cause.evidence)
    assert read_events(tmp_path / "events.jsonl").start_refusal == found


def test_a_text_where_pytests_own_table_takes_a_list(tmp_path: Path) -> None:
    facts = run(tmp_path, {"pyproject.toml": '[tool.pytest]\ntestpaths = ["tests"]\naddopts = "-v"\n'})

    found = refusal(facts)
    assert (found.kind, found.named, found.place) == ("setting", ("addopts",), "pyproject.toml:3")
    assert "expects a list" in found.sentence
    [cause] = find_causes(None, facts, None)
    assert 'Write addopts as a list (pyproject.toml:3): addopts = ["...", "..."]' in str(cause.next_step)


def test_options_of_the_environment_can_be_to_blame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--dist loadfile --timeout=30")
    found = refusal(run(tmp_path, {"pytest.ini": "[pytest]\n"}))

    assert (found.kind, found.path, found.line) == ("unknown-option", "PYTEST_ADDOPTS", None)
    assert "--timeout=30" in found.named


@pytest.mark.parametrize(
    ("content", "kind", "named", "line"),
    [
        ("addopts = -p plugin_that_is_gone", "plugin", "plugin_that_is_gone", 2),
        ("required_plugins = pytest-gone>=2", "setting", "required_plugins", 2),
        ("minversion = 99.0", "setting", "minversion", 2),
        ("addopts = --strict-config\nspelled_wrogn = 1", "setting", "spelled_wrogn", 3),
        ("filterwarnings =\n    error\n    sometimes::UserWarning", "warning-filter", "sometimes::UserWarning", 4),
        ('addopts = -k "one and"', "expression", "-k", 2),
        ("addopts = tests/that_are_gone", "path", "tests/that_are_gone", 2),
    ],
)
def test_a_configuration_with_which_nothing_starts(
    tmp_path: Path, content: str, kind: str, named: str, line: int
) -> None:
    facts = run(tmp_path, {"pytest.ini": f"[pytest]\n{content}\n"})

    found = refusal(facts)
    assert (found.kind, found.named, found.place) == (kind, (named,), f"pytest.ini:{line}")
    assert not facts.tests
    [cause] = find_causes(None, facts, None)
    assert cause.kind == "start-refused"
    assert cause.locations[0].line == line


def test_code_of_the_target_that_a_setting_imports_is_to_blame_where_it_raises(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from shop import plugins\n",
        "shop/plugins.py": "class Plugin:\n    def load(self, dist: Distribution): ...\n",
        "shop/old.py": "class Old(DeprecationWarning): ...\n",
        "pytest.ini": "[pytest]\naddopts = -p no:cacheprovider --pythonwarnings error::shop.old.Old\n",
    }

    facts = run(tmp_path, files)

    found = refusal(facts)
    assert (found.kind, found.place) == ("own-code", "shop/plugins.py:2")
    assert found.sentence.startswith("NameError: name 'Distribution' is not defined (while parsing the following")
    [cause] = find_causes(None, facts, None)
    assert str(cause.locations[0]) == "shop/plugins.py:2"
    assert "Correct shop/plugins.py:2: pytest imports it as it starts" in str(cause.next_step)


def test_a_healthy_suite_is_not_started_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options of conftest files, options that kit leaves out, and a place that pytest reads too late are no doubt."""
    asked: list[object] = []
    monkeypatch.setattr(kit.suite.collect.recording, "find_refusal", lambda *given, **_: asked.append(given))
    facts = run(
        tmp_path,
        {
            "conftest.py": "def pytest_addoption(parser): parser.addoption('--stage', type=int)\n",
            "pytest.ini": "[pytest]\naddopts = --stage 3 --maxfail=2 --tb=short --rootdir=/nowhere -c missing.ini\n",
        },
    )

    assert [result.outcome for result in facts.results] == ["passed"]
    assert facts.start_refusal is None
    assert asked == []


def test_a_conftest_that_fails_is_told_as_a_collection_error(tmp_path: Path) -> None:
    facts = run(tmp_path, {"pytest.ini": "[pytest]\n", "conftest.py": "import package_that_is_gone\n"})

    assert facts.start_refusal is None
    assert [error.path for error in facts.collection_errors] == ["conftest.py"]
