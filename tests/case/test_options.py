from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.case.options import CaseOptions
from kit.case.reports import reports_folder
from kit.facts.errors import UsageError
from kit.facts.target import Target


def target_at(root: Path) -> Target:
    return Target(str(root), root.name, None, (".",), ())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"case": "a/b"}, '"a/b" cannot name a case'),
        ({"case": ".."}, '".." cannot name a case'),
        ({"case": "c."}, "without a dot at the end"),
        ({"case": "x" * 101}, "use up to 100 letters"),
        ({"case": "CON"}, '"CON" cannot name a case: Windows has a device of this name.'),
        ({"case": "nul.txt"}, '"nul.txt" cannot name a case: Windows has a device of this name.'),
        ({"timeout_s": 0}, "--timeout-s a number above 0"),
        ({"run": {"isolation": "thread"}}, 'no isolation "thread"'),
        ({"run": {"speed": 3}}, 'There is no option "speed" for a run; there are isolation, '),
        ({"run": {"isolatoin": "file"}}, 'There is no option "isolatoin" for a run; did you mean isolation?'),
        ({"run": {"memory_mb": "lots"}}, 'memory_mb takes a whole number, not "lots".'),
        ({"run": {"timeouts": {"*": "soon"}}}, 'timeouts takes patterns with seconds, such as {"tests/slow/*": 120}'),
        ({"run": "fast"}, 'run takes a table, such as {"isolation": "process"}, not "fast".'),
        ({"workers": "lots"}, 'workers takes a whole number, not "lots".'),
        ({"workers": 2.5}, "workers takes a whole number, not 2.5."),
        ({"workers": True}, "workers takes a whole number, not True."),
        ({"timeout_s": "soon"}, 'timeout_s takes a number, not "soon".'),
        ({"timeout_s": "nan"}, "A test cannot have nan seconds"),
        ({"tests": {"a": 1}}, "tests takes a list of texts, not {'a': 1}."),
        ({"python": ["python3"]}, "python takes a text, not ['python3']."),
        ({"targt": "x"}, 'There is no parameter "targt"; did you mean target?'),
        ({"workers": -1}, "--workers a number from 1 up"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_a_sentence(values: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=re.escape(sentence)):
        CaseOptions.of(**values)


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("tests", "tests/test_a.py", ("tests/test_a.py",)),
        ("tests", ["a.py", "b.py"], ("a.py", "b.py")),
        ("tests", '["a.py", "b.py"]', ("a.py", "b.py")),
        ("tests", "", ()),
        ("app", Path("src"), ("src",)),
        ("workers", "2", 2),
        ("workers", 2.0, 2),
        ("timeout_s", "1.5", 1.5),
        ("case", 2026, "2026"),
        ("target", None, "."),
        ("run", '{"coverage": true, "timeouts": {"*": "3"}}', {"coverage": True, "timeouts": {"*": 3.0}}),
        ("run", {"memory_mb": "512", "slow_s": None, "coverage": "no"}, {"memory_mb": 512, "coverage": False}),
    ],
)
def test_a_value_is_made_what_the_parameter_is(name: str, given: object, kept: object) -> None:
    assert getattr(CaseOptions.of(**{name: given}), name) == kept


def test_notebooks_do_not_get_the_stores_url_and_the_case_records_it_without_its_password() -> None:
    options = CaseOptions.of(store_url="postgresql://kit:secret@db/kit")

    assert "store_url" not in options.parameters()
    assert options.recorded() == options.parameters() | {"store_url": "postgresql://kit:***@db/kit"}
    assert CaseOptions.of().recorded() == CaseOptions.of().parameters()


def test_the_stores_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_STORE_URL", "sqlite:///elsewhere.sqlite")

    assert CaseOptions.of().store_url == "sqlite:///elsewhere.sqlite"
    assert CaseOptions.of(store_url="sqlite:///x").store_url == "sqlite:///x"


def test_reports_go_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert reports_folder("") == tmp_path / "reports"


def test_a_notebook_of_a_clone_reports_to_the_clones_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")

    assert reports_folder("") == tmp_path / "reports"


def test_called_inside_the_target_reports_go_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = tmp_path / "app"
    app.mkdir()
    monkeypatch.chdir(app)

    assert reports_folder("", target_at(app)) == tmp_path / "app-reports"
    assert list(app.iterdir()) == []


def test_a_reports_folder_inside_the_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lies inside the target, where nothing is written"):
        reports_folder(str(tmp_path / "out"), target_at(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_reports_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(UsageError, match=r"cannot be written \(.+\)\. Give --reports-dir another one\."):
        reports_folder(str(tmp_path / "file" / "reports"))


def test_a_file_of_own_categories_is_read_at_once_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[category]]\nkey = "own"\ntitle = "Own"\nmeaning = "m"\nadvice = "a"\nmessage = "sandbox"\n')

    assert [rule.category.key for rule in CaseOptions.of(categories=str(file)).own_categories()] == ["own"]
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        CaseOptions.of(categories=str(tmp_path / "missing.toml"))


def test_tests_that_share_files_are_run_by_one_worker_or_by_several_that_are_kept_apart() -> None:
    def asked(options: CaseOptions, **known: bool) -> tuple[int, int, bool]:
        options = options.run_options(**known)
        return options.workers, options.extra_workers, options.overlays

    assert asked(CaseOptions()) == (2, 2, False)
    assert asked(CaseOptions(), shares=True) == (1, 0, False)
    assert asked(CaseOptions(), shares=True, overlays=True) == (2, 2, True)
    assert asked(CaseOptions(workers=3), shares=True, overlays=True) == (3, 0, False)


def test_one_worker_begins_alone_only_where_nobody_asks_for_a_number_of_them() -> None:
    assert CaseOptions().run_options().begins_alone
    assert not CaseOptions(workers=2).run_options().begins_alone
    assert not CaseOptions(run={"extra_workers": 1}).run_options().begins_alone
    assert not CaseOptions().run_options(shares=True).begins_alone, "there is only one"


def test_workers_are_kept_apart_only_where_nobody_asks_for_what_does_not_go_with_it() -> None:
    assert CaseOptions().run_options().overlays_if_written
    assert not CaseOptions(workers=2).run_options().overlays_if_written
    assert not CaseOptions().run_options(overlays_help=False).overlays_if_written
    assert CaseOptions().may_have_overlays
    assert not CaseOptions(workers=2).may_have_overlays
    assert not CaseOptions(run={"recheck_s": 0.0}).may_have_overlays
    assert not CaseOptions(run={"cluster": "tcp://here:8786"}).may_have_overlays
    with pytest.raises(UsageError, match='There is no option "overlays" for a run'):
        CaseOptions.of(run={"overlays": True})
