from __future__ import annotations

from pathlib import Path

import pytest

from kit.case.request import Request, reports_folder
from kit.facts.errors import UsageError
from kit.facts.target import Target


def target_at(root: Path) -> Target:
    return Target(str(root), root.name, None, (".",), ())


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"case": "a/b"}, '"a/b" cannot name a case'),
        ({"case": ".."}, '".." cannot name a case'),
        ({"timeout_s": 0}, "--timeout-s a number above 0"),
        ({"run": {"isolation": "thread"}}, 'no isolation "thread"'),
        ({"run": {"speed": 3}}, "speed is no option of a run"),
        ({"workers": -1}, "--workers a number from 1 up"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_a_sentence(values: dict, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Request.of(**values)


def test_the_stores_url_is_not_among_the_recorded_parameters() -> None:
    request = Request.of(store_url="postgresql://kit:secret@db/kit")

    assert "secret" not in str(request.parameters())


def test_the_stores_url_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_STORE_URL", "sqlite:///elsewhere.sqlite")

    assert Request.of().store_url == "sqlite:///elsewhere.sqlite"
    assert Request.of(store_url="sqlite:///x").store_url == "sqlite:///x"


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

    assert [rule.category.key for rule in Request.of(categories=str(file)).own_categories()] == ["own"]
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        Request.of(categories=str(tmp_path / "missing.toml"))


def test_tests_that_share_files_are_run_by_one_worker_or_by_several_that_are_kept_apart() -> None:
    def asked(request: Request, **known: bool) -> tuple[int, int, bool]:
        options = request.run_options(**known)
        return options.workers, options.extra_workers, options.overlays

    assert asked(Request()) == (2, 2, False)
    assert asked(Request(), shares=True) == (1, 0, False)
    assert asked(Request(), shares=True, overlays=True) == (2, 2, True)
    assert asked(Request(workers=3), shares=True, overlays=True) == (3, 0, False)


def test_workers_are_kept_apart_only_where_nobody_asks_for_what_does_not_go_with_it() -> None:
    assert Request().may_have_overlays
    assert not Request(workers=2).may_have_overlays
    assert not Request(run={"recheck_s": 0.0}).may_have_overlays
    assert not Request(run={"cluster": "tcp://here:8786"}).may_have_overlays
    with pytest.raises(UsageError, match="overlays is no option of a run"):
        Request.of(run={"overlays": True})
