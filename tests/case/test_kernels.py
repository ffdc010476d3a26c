from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from kit.case import kernels

kernels.prepare_imports()

import nbformat  # noqa: E402  # after the preparation, as in the product
from nbformat.v4 import new_code_cell, new_notebook  # noqa: E402

pytestmark = pytest.mark.slow


def notebook(path: Path, *cells: str) -> Path:
    language = {"name": "python3", "display_name": "Python 3", "language": "python"}
    content = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": language})
    content.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(content, path)
    return path


@pytest.fixture(autouse=True)
def no_kernel_is_left_behind():
    yield
    assert [child for child in psutil.Process().children() if "ipykernel" in " ".join(child.cmdline())] == []


def test_the_first_jupyter_import_compiles_no_grammar() -> None:
    code = (
        "from kit.case.kernels import prepare_imports; prepare_imports()\n"
        "import sys, papermill, nbformat\n"
        "nbformat.validate(nbformat.v4.new_notebook())\n"
        "assert 'jsonschema' in sys.modules\n"
        "assert sys.modules['rfc3987_syntax'] is None and 'lark' not in sys.modules\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr


def test_a_notebook_is_run_with_its_parameters(tmp_path: Path) -> None:
    source = notebook(tmp_path / "in.ipynb", "case = ''", f"open({str(tmp_path / 'said')!r}, 'w').write(case).real")

    assert kernels.run_notebook(source, tmp_path / "out" / "out.ipynb", {"case": "monday"}) is None
    assert (tmp_path / "said").read_text() == "monday"
    assert (tmp_path / "out" / "out.ipynb").exists()


def test_a_running_kernel_keeps_nothing_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    look = f"import os; open({str(tmp_path / 'seen')!r}, 'w').write(repr(os.listdir({str(here)!r})))"

    assert kernels.run_notebook(notebook(tmp_path / "in.ipynb", "case = ''", look), tmp_path / "out.ipynb", {}) is None
    assert (tmp_path / "seen").read_text() == "[]"
    assert list(here.iterdir()) == []


def test_a_cell_that_raises_is_one_sentence(tmp_path: Path) -> None:
    source = notebook(tmp_path / "in.ipynb", "case = ''", "raise ValueError('no such thing')")

    assert kernels.run_notebook(source, tmp_path / "out.ipynb", {}) == "ValueError: no such thing"


def test_a_kernel_that_dies_is_told_from_success(tmp_path: Path) -> None:
    source = notebook(tmp_path / "in.ipynb", "case = ''", "import os; os._exit(0)")

    assert kernels.run_notebook(source, tmp_path / "out.ipynb", {}) == "the notebook's kernel died"


def test_the_kernel_is_the_one_of_this_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    source = notebook(
        tmp_path / "in.ipynb",
        "case = ''",
        "import os, sys",
        "said = sys.executable, os.environ['KIT_STORE_URL'], 'PYTHONDONTWRITEBYTECODE' not in os.environ",
        f"open({str(tmp_path / 'who')!r}, 'w').write(' '.join(map(str, said))).real",
    )

    before = dict(os.environ)
    with kernels.kernel_environment("sqlite:///store"):
        kernels.check_kernel()
        assert kernels.run_notebook(source, tmp_path / "out.ipynb", {}) is None
    assert (tmp_path / "who").read_text() == f"{sys.executable} sqlite:///store True"
    assert dict(os.environ) == before


@pytest.mark.parametrize("variable", ["IPYTHONDIR", "MPLCONFIGDIR"])
@pytest.mark.parametrize("is_writable", [True, False])
def test_where_the_home_folder_cannot_be_written_libraries_have_a_folder_for_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_writable: bool, variable: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (variable, "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "access", lambda path, mode: is_writable or path != tmp_path)  # root may write anywhere

    with kernels.kernel_environment():
        during = os.environ.get(variable)
        assert during is None or Path(during).is_dir()

    assert (during is None) == is_writable
    assert variable not in os.environ
    assert during is None or not Path(during).exists()
