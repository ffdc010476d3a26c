"""Faces that import their names when they are first used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import kit
from kit.facts.lazy import stub_origins

STUBS = sorted(Path(kit.__file__).parent.rglob("__init__.pyi"))


def package_of(stub: Path) -> str:
    return ".".join(stub.parent.relative_to(Path(kit.__file__).parents[1]).parts)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A package of its own name for each test, whose face has two names."""
    name = f"faced_{request.node.name}"
    folder = tmp_path / name
    folder.mkdir()
    folder.joinpath("__init__.py").write_text(
        "from kit.facts.lazy import lazy_face\n\n__getattr__, __dir__ = lazy_face(__name__)\n"
    )
    folder.joinpath("__init__.pyi").write_text(
        f"from {name}.shapes import Square as Square\nfrom {name}.shapes import draw_square as draw\n"
    )
    folder.joinpath("shapes.py").write_text("class Square: ...\ndef draw_square(): return 4\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_a_name_is_imported_when_it_is_first_used(package: str) -> None:
    face = import_module(package)
    assert f"{package}.shapes" not in sys.modules

    assert face.draw() == 4
    assert f"{package}.shapes" in sys.modules
    assert face.Square is sys.modules[f"{package}.shapes"].Square


def test_a_module_of_the_package_can_still_be_imported_from_it(package: str) -> None:
    namespace: dict[str, object] = {}
    exec(f"from {package} import Square, shapes", namespace)

    assert namespace["shapes"] is sys.modules[f"{package}.shapes"]


def test_a_name_that_the_face_lacks_is_an_attribute_error_as_usual(package: str) -> None:
    face = import_module(package)

    with pytest.raises(AttributeError, match=rf"^module '{package}' has no attribute 'circle'$"):
        _ = face.circle
    with pytest.raises(ImportError, match="cannot import name 'draw_square'"):
        exec(f"from {package} import draw_square", {})


def test_the_face_lists_its_names_before_they_are_imported(package: str) -> None:
    assert {"Square", "draw"} <= set(dir(import_module(package)))
    assert f"{package}.shapes" not in sys.modules


@pytest.mark.parametrize("stub", STUBS, ids=package_of)
def test_every_name_of_a_face_of_kit_is_there(stub: Path) -> None:
    face = import_module(package_of(stub))

    for name, (module, original) in stub_origins(stub).items():
        assert getattr(face, name) is getattr(import_module(module), original)


@pytest.mark.slow
def test_the_face_of_the_suite_imports_no_more_than_what_is_used() -> None:
    code = (
        "import sys\nfrom kit.suite import RunOptions\n"
        "print(sorted({'kit.suite.engine', 'kit.suite.live.terminal', 'psutil', 'rich'} & {*sys.modules}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"
