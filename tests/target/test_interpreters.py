import os
import sys

import pytest

from kit.facts.errors import UsageError
from kit.target import interpreters
from kit.target.interpreters import find_interpreter
from kit.target.notes import Notes
from tests.helpers import fingerprint, write_project
from tests.target.making import make_command, make_environment, pretend_installed, python_of


@pytest.fixture
def notes():
    return Notes()


@pytest.fixture
def root(tmp_path, monkeypatch):
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    return write_project(tmp_path / "projects" / "shop", {"app.py": ""})


@pytest.fixture
def find(root, notes):
    return lambda named="", *, is_demo=False: find_interpreter(root, named, is_demo=is_demo, notes=notes)


def with_pytest(folder):
    pretend_installed(make_environment(folder), pytest="8.3.0")
    return folder


@pytest.mark.slow
def test_the_environment_in_the_target_runs_it(find, root, notes):
    with_pytest(root / ".venv")
    found = find()
    assert found.executable == str(root / ".venv" / "bin" / "python")
    assert found.packages == {"pytest": "8.3.0"}
    assert found.version == sys.version.split()[0]
    assert not found.is_kits_own
    assert notes.warnings == []
    assert notes.reasons[0].why == "it lies in the target"


@pytest.mark.parametrize(
    "places", [[".venv", "venv"], ["venv", "env"], ["env", "my-own-name"], ["my-own-name", "../.venv"], ["../.venv"]]
)
@pytest.mark.slow
def test_the_likelier_of_two_environments_is_taken(find, root, places):
    for place in reversed(places):
        with_pytest(root / place)
    assert find().executable == os.path.normpath(root / places[0] / "bin" / "python")


@pytest.mark.slow
def test_an_environment_with_pytest_is_preferred(find, root, notes):
    make_environment(root / ".venv")
    with_pytest(root / "venv")
    assert find().executable == str(root / "venv" / "bin" / "python")
    assert notes.warnings == []


@pytest.mark.slow
def test_an_environment_of_a_manager_is_taken(find, root, tmp_path, monkeypatch):
    write_project(root, {".pdm-python": f"{tmp_path / 'managed'}/bin/python"})
    with_pytest(tmp_path / "managed")
    assert find().executable == str(tmp_path / "managed" / "bin" / "python")


@pytest.mark.slow
def test_the_active_environment_is_taken_unless_it_is_kits_own(find, tmp_path, monkeypatch):
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    assert find().is_kits_own
    monkeypatch.setenv("VIRTUAL_ENV", str(with_pytest(tmp_path / "active")))
    assert find().executable == str(tmp_path / "active" / "bin" / "python")


def test_without_an_environment_kits_own_python_runs_it_with_a_warning(find, notes):
    found = find()
    assert found.executable == sys.executable
    assert found.is_kits_own
    assert "has no environment of its own" in notes.warnings[0]


@pytest.mark.slow
def test_the_demo_is_run_by_kits_own_python_without_a_warning(find, root, notes):
    with_pytest(root / ".venv")
    assert find(is_demo=True).is_kits_own
    assert notes.warnings == []


@pytest.mark.parametrize("named", ["{environment}", "{environment}/bin/python", "python-of-mine"])
@pytest.mark.slow
def test_a_named_interpreter_is_taken_by_path_environment_or_command(find, root, tmp_path, named, monkeypatch):
    environment = make_environment(tmp_path / "environment")
    with_pytest(root / ".venv")
    make_command(tmp_path / "bin" / "python-of-mine", f'exec {environment}/bin/python "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert str(tmp_path) in find(named.format(environment=environment)).executable
    assert find(named.format(environment=environment)).packages == {}


@pytest.mark.slow
def test_an_interpreter_without_pytest_is_a_warning(find, tmp_path, notes):
    find(str(make_environment(tmp_path / "environment")))
    (warning,) = notes.warnings
    assert "has no pytest, so no test can run" in warning


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("echo hello", "is not a Python that works (hello)"),
        ("exit 0", "is not a Python that works;"),
        ("echo password=hunter2; exit 1", "(password=***)"),
        ("yes | head -c 100000000", "is not a Python that works"),
        ("echo starting; sleep 600", "did not say within 1 s what it is"),
        ("kill -9 $$", "is not a Python that works"),
    ],
)
def test_a_named_file_that_is_no_python_is_wrong_use(find, tmp_path, script, complaint, monkeypatch):
    monkeypatch.setattr(interpreters, "ANSWER_LIMIT", 1.0 if "sleep" in script else 60.0)
    fake = make_command(tmp_path / "fake", script)
    with pytest.raises(UsageError) as error:
        find(str(fake))
    assert str(error.value).startswith(str(fake))
    assert complaint in str(error.value)
    assert "give --python a Python 3.8 or newer" in str(error.value)


def test_a_named_interpreter_that_does_not_exist_is_wrong_use(find, tmp_path):
    with pytest.raises(UsageError, match=r"gone does not exist; give --python"):
        find(str(tmp_path / "gone"))
    with pytest.raises(UsageError, match=r"no-such-command does not exist"):
        find("no-such-command")
    with pytest.raises(UsageError, match=r"has no bin/python"):
        find(str(tmp_path))
    (tmp_path / "text").write_text("no program")
    with pytest.raises(
        UsageError, match=r"text is not a Python that works \(kit: .* cannot be started: Permission denied\)"
    ):
        find(str(tmp_path / "text"))


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
def test_a_named_interpreter_that_is_too_old_is_wrong_use(find, version):
    with pytest.raises(UsageError, match=rf"is Python {version}\.\d+, which is too old; give --python a Python 3.8"):
        find(python_of(version))


@pytest.mark.parametrize("version", ["3.8", "3.13"])
def test_other_supported_versions_are_taken(find, version):
    assert find(python_of(version)).version.startswith(f"{version}.")


@pytest.mark.slow
def test_found_interpreters_that_cannot_run_it_are_passed_over_with_a_warning(find, root, notes):
    make_environment(root / ".venv")
    (root / ".venv" / "bin" / "python").unlink()
    (root / ".venv" / "bin" / "python").symlink_to("/gone/python3")
    for name in ("python3", f"python3.{sys.version_info.minor}"):
        (root / ".venv" / "bin" / name).unlink()
    write_project(root, {"venv/pyvenv.cfg": ""})
    make_command(root / "venv" / "bin" / "python", "echo no")
    with_pytest(root / "env")
    assert find().executable == str(root / "env" / "bin" / "python")
    assert notes.warnings == [
        f"{root / '.venv'} has no bin/python that works; it was passed over.",
        f"{root / 'venv'} is not a Python that works (no); it was passed over.",
    ]


@pytest.mark.slow
def test_what_a_hostile_start_file_prints_or_leaves_behind_does_no_harm(find, root, tmp_path):
    environment = with_pytest(root / ".venv")
    (packages,) = environment.glob("lib/python3*/site-packages")
    (packages / "sitecustomize.py").write_text(
        "import sys\nprint('{\"version\": \"9\"}' * 1000)\nsys.stderr.write('noise')\n"
    )
    assert find().version == sys.version.split()[0]


@pytest.mark.slow
def test_looking_writes_nothing_into_the_tree(find, root):
    with_pytest(root / ".venv")
    before = fingerprint(root)
    find()
    assert fingerprint(root) == before


@pytest.mark.slow
def test_an_editable_install_that_no_copy_can_replace_is_a_warning(find, root, notes):
    environment = with_pytest(root / ".venv")
    (packages,) = environment.glob("lib/python3*/site-packages")
    mapping = {"shop": str(root / "source")}
    write_project(
        packages,
        {"__editable__.a.pth": "import __editable___a_finder", "__editable___a_finder.py": f"MAPPING = {mapping!r}\n"},
    )
    find()
    (warning,) = notes.warnings
    assert "The editable install of shop renames folders" in warning
