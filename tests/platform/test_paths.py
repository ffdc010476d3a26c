"""Paths as Windows writes them are recorded as everywhere else: with ``/``, and relative to the target's root."""

from __future__ import annotations

import ntpath
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.target import Target
from kit.platform import environments
from kit.platform.paths import POSIX, WINDOWS
from kit.probes import own_files
from kit.suite.record import failures
from kit.suite.record.failures import FailureReader
from kit.target import installed_pythons
from tests.helpers import write_project
from tests.target.making import make_command

NAMES = st.text(st.sampled_from("abcXYZ 09-_.é(')"), min_size=1, max_size=8).filter(
    lambda name: name.strip(". ") == name and name.upper() != "UNC"
)
ROOTS = st.one_of(
    st.builds(
        lambda drive, parts: "\\".join([f"{drive}:", *parts]), st.sampled_from("cD"), st.lists(NAMES, min_size=1)
    ),
    st.builds(lambda parts: "\\\\" + "\\".join(["server", "share", *parts]), st.lists(NAMES, min_size=1)),
)
INSIDE = st.lists(NAMES, min_size=1, max_size=4)


def long(path: str) -> str:
    """The same path as it is written where it may be longer than 260 characters."""
    return "\\\\?\\UNC\\" + path[2:] if path.startswith("\\\\") else "\\\\?\\" + path


@pytest.mark.slow
@given(ROOTS, INSIDE)
def test_a_path_in_the_tree_is_relative_however_it_is_written(root: str, parts: list[str]) -> None:
    path, folder = "\\".join([root, *parts]), WINDOWS.recorded(root)

    for written in (path, path.swapcase(), long(path), path.replace("\\", "/")):
        inside = WINDOWS.inside(WINDOWS.recorded(written), folder)
        assert inside is not None
        assert inside.casefold() == "/".join(parts).casefold()
    assert WINDOWS.inside(WINDOWS.recorded(path), folder) == PureWindowsPath(path).relative_to(root).as_posix()


@pytest.mark.slow
@given(ROOTS, INSIDE)
def test_what_is_beside_the_tree_is_outside_of_it(root: str, parts: list[str]) -> None:
    folder = WINDOWS.recorded(root)

    assert WINDOWS.inside(WINDOWS.recorded("\\".join([root + "2", *parts])), folder) is None
    assert WINDOWS.inside(WINDOWS.recorded("\\".join(["Q:", *parts])), folder) is None
    assert WINDOWS.inside(folder, folder) == "."


@pytest.mark.slow
@given(ROOTS, INSIDE)
def test_a_recorded_path_is_the_same_place_for_windows_and_stays_as_it_is(root: str, parts: list[str]) -> None:
    path = "\\".join([root, *parts])
    recorded = WINDOWS.recorded(path)

    assert PureWindowsPath(recorded) == PureWindowsPath(path)
    assert "\\" not in recorded
    assert WINDOWS.recorded(recorded) == recorded == WINDOWS.recorded(long(path))
    assert WINDOWS.is_absolute(recorded)
    assert not WINDOWS.is_absolute("/".join(parts))


@given(st.text())
def test_where_paths_have_slashes_nothing_is_changed(path: str) -> None:
    assert POSIX.recorded(path) == path


@given(ROOTS, INSIDE)
def test_a_text_with_a_path_in_it_loses_the_root_however_it_is_written(root: str, parts: list[str]) -> None:
    path = "\\".join([root, *parts])

    for written in (path, long(path) if root[1] == ":" else path, path.replace("\\", "\\\\"), path.replace("\\", "/")):
        text = f"cannot open {written}"
        for spelling in WINDOWS.spellings(root):
            text = text.replace(spelling, "")
        assert root not in text
        assert text.endswith(parts[-1])


class Root(PureWindowsPath):
    """The root of a scratch copy on Windows, for a reader that looks at nothing there."""

    def resolve(self) -> Root:
        return self


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FailureReader:
    monkeypatch.setattr(failures, "HERE", WINDOWS)
    target = Target(r"D:\work\Shop", "Shop", None, (".",), ("tests",))
    return FailureReader(target, Root(r"C:\Users\Ann\AppData\Local\Temp\kit-1\root"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (r"C:\Users\Ann\AppData\Local\Temp\kit-1\root\shop\models.py", "shop/models.py"),
        (r"c:\users\ann\appdata\local\temp\kit-1\root\shop\models.py", "shop/models.py"),
        (r"\\?\C:\Users\Ann\AppData\Local\Temp\kit-1\root\tests\test_a.py", "tests/test_a.py"),
        (r"D:\work\Shop\conftest.py", "conftest.py"),
        (r"C:\Users\Ann\AppData\Local\Temp\kit-1\root", "."),
        (r"shop\models.py", "shop/models.py"),
        (r"C:\Python311\Lib\asyncio\tasks.py", "C:/Python311/Lib/asyncio/tasks.py"),
        (r"D:\work\Shop\venv\Lib\site-packages\six.py", "D:/work/Shop/venv/Lib/site-packages/six.py"),
        ("<string>", "<string>"),
    ],
)  # fmt: skip
def test_frames_of_windows_have_the_places_that_reports_show(reader: FailureReader, path: str, place: str) -> None:
    assert reader.path(path) == place


def test_a_failure_of_windows_names_the_targets_own_lines(reader: FailureReader) -> None:
    root = r"C:\Users\Ann\AppData\Local\Temp\kit-1\root"
    frames = [
        (r"C:\v\Lib\site-packages\_pytest\python.py", 5, "call"),
        (rf"{root}\tests\test_a.py", 3, "test_a"),
        (rf"{root}\shop\models.py", 7, "save"),
    ]
    link = {"type": "OSError", "module": "builtins", "message": rf"no {root}\data\x.db", "length": 9, "relation": None}

    raised = reader.failure([{**link, "frames": frames}], "call").raised

    assert [(frame.path, frame.owner) for frame in raised.frames] == [
        ("tests/test_a.py", "test"),
        ("shop/models.py", "own"),
    ]
    assert raised.message == r"no data\x.db"


@pytest.mark.parametrize(
    ("path", "is_own"),
    [
        (r"C:\Temp\root\shop\a.py", True),
        (r"c:\temp\ROOT\shop\a.py", True),
        (r"C:\Temp\root2\a.py", False),
        (r"C:\Temp\root\.venv\Lib\site-packages\a.py", False),
    ],
)
def test_a_probe_knows_its_own_files_in_whatever_case(monkeypatch: pytest.MonkeyPatch, path: str, is_own: bool) -> None:
    class Windows:
        path = ntpath

    monkeypatch.setattr(own_files, "os", Windows)
    monkeypatch.setattr(own_files, "ENVIRONMENT", ntpath.normcase(r"C:\Temp\root\.venv" + "\\"))

    assert own_files.is_own(path, r"C:\Temp\root") == is_own


@pytest.mark.parametrize(
    ("interpreter", "packages"),
    [
        ("bin/python", "lib/python3.12/site-packages"),
        ("Scripts/python.exe", "Lib/site-packages"),
        ("python.exe", "Lib/site-packages"),
    ],
    ids=["venv", "venv of Windows", "conda of Windows"],
)
def test_environments_of_every_shape_are_found(tmp_path: Path, interpreter: str, packages: str) -> None:
    environment = write_project(tmp_path / "env", {interpreter: "", f"{packages}/six.py": ""})

    assert environments.interpreter_in(environment) == environment / interpreter
    assert environments.prefix_of(environment / interpreter) == environment
    assert environments.site_packages_of(environment) == [environment / packages]


#: what the launcher of Windows prints, today's and that of before 3.11
LISTS = {
    "new": [
        r" -V:3.14 *        C:\Program Files\Python314\python.exe",
        r" -V:3.12          C:\Users\Ann\AppData\Local\Programs\Python\Python312\python.exe",
        r" -V:3.1-old       C:\old\python.exe",
    ],
    "old": [
        r"Installed Pythons found by py Launcher for Windows",
        r" -3.14-64        C:\Program Files\Python314\python.exe *",
        r" -3.12-64        C:\Users\Ann\AppData\Local\Programs\Python\Python312\python.exe",
    ],
}


@pytest.fixture(params=LISTS)
def launcher(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A launcher that prints one of these lists; its tags are those of ``--list-paths`` alone."""
    listed = write_project(tmp_path / "lists", {"list": "\n".join(LISTS[request.param])}) / "list"
    command = make_command(tmp_path / "bin" / "py", f'test "$1" = --list-paths && cat {listed}')
    monkeypatch.setattr(environments, "LAUNCHER", str(command))
    return command


@pytest.mark.posix("the launcher of the test is a shell script")
def test_interpreters_that_the_launcher_knows_are_found(launcher: Path) -> None:
    found = list(environments.launched_pythons().values())

    assert found[:2] == [
        r"C:\Program Files\Python314\python.exe",
        r"C:\Users\Ann\AppData\Local\Programs\Python\Python312\python.exe",
    ]
    assert set(found) <= set(installed_pythons())


@pytest.mark.posix("the launcher of the test is a shell script")
@pytest.mark.parametrize(
    ("command", "folder"),
    [("py -3.12", "Python312"), ("py.exe -V:3.14", "Python314"), ("py -3", "Python314"), ("py -3.13", None)],
)
def test_a_command_of_the_launcher_stands_for_its_interpreter(
    launcher: Path,
    command: str,
    folder: str | None,
) -> None:
    found = environments.launched_by(command)

    assert (found is None) == (folder is None)
    assert folder is None or folder in str(found)


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "exec /nothing"])
def test_a_launcher_that_has_no_answer_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(environments, "LAUNCHER", str(make_command(tmp_path / "py", script)))

    assert environments.launched_pythons() == {}
    assert environments.launched_by("py -3.12") is None


def test_without_a_launcher_such_a_command_is_one_like_others() -> None:
    assert environments.launched_pythons() == {}
    assert environments.launched_by("py -3.12") is None


@pytest.mark.parametrize(
    "place",
    [
        ".pyenv/pyenv-win/versions/3.12.1/python.exe",
        "AppData/Roaming/uv/python/cpython-3.12.1-windows-x86_64-none/python.exe",
        ".local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/bin/python",
    ],
)
def test_interpreters_of_version_managers_are_found_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    home = write_project(tmp_path, {place: "", place.replace("3.12.1", "3.9.7"): ""})
    monkeypatch.setattr(Path, "home", lambda: home)

    found = [path for path in installed_pythons() if path.startswith(str(home))]

    assert found == [str(home / place), str(home / place.replace("3.12.1", "3.9.7"))]
