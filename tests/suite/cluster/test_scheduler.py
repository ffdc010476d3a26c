"""Clusters that cannot be: one clear sentence each, before anything runs."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

import kit
from kit.facts.errors import TargetError, UsageError
from kit.suite import RunOptions
from kit.suite.cluster import site_spec
from kit.suite.cluster.scheduler import check_cluster
from kit.suite.cluster.site_actor import SiteActor
from kit.suite.cluster.site_spec import SiteSpec, decoded, import_paths_in, shipped_environment
from tests.helpers import run_kit, write_project
from tests.suite.conftest import Run
from tests.suite.projects import target_of

pytestmark = pytest.mark.slow


def a_spec(root: Path, **changes: object) -> SiteSpec:
    spec = SiteSpec(target_of(root), RunOptions(timeouts=(("a*", 2.0),)), ("a.py",), 2, 4, "run", {"A": "b"}, ("src",))
    return replace(spec, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address", ["scheduler:8786", "tcp://", "tcp://host", "http://host:80", "tcp://host:8786 x", "x"]
)
def test_what_is_no_address_is_refused(run: Run, address: str) -> None:
    with pytest.raises(
        UsageError, match="is not the address of a Dask scheduler: such an address looks like tcp://scheduler:8786"
    ):
        run({"test_a.py": ""}, cluster=address)


@pytest.mark.parametrize(
    "address", ["tcp://scheduler:8786", "tls://10.0.0.1:8786", "tcp://[::1]:8786", "ws://a-b.c:1/"]
)
def test_addresses_of_schedulers_are_taken(address: str) -> None:
    check_cluster(address)


def test_the_command_line_refuses_with_the_exit_code_of_wrong_use(tmp_path: Path) -> None:
    root = write_project(tmp_path / "app", {"test_a.py": "def test_it(): pass"})

    ended = run_kit("run", str(root), "--cluster", "nonsense", "--reports-dir", str(tmp_path / "reports"), cwd=tmp_path)

    assert ended.returncode == 2
    assert '"nonsense" is not the address of a Dask scheduler' in ended.stderr


def test_lines_are_not_measured_on_a_cluster() -> None:
    with pytest.raises(UsageError, match="Lines cannot be measured on a cluster"):
        RunOptions(cluster="tcp://scheduler:8786", coverage=True)


def test_without_the_extra_kit_works_and_says_what_to_install() -> None:
    program = """
        import sys
        sys.modules["distributed"] = sys.modules["dask"] = None
        from kit.suite import RunOptions, run_suite
        from kit.suite.cluster.scheduler import check_cluster
        try:
            check_cluster("tcp://scheduler:8786")
        except Exception as error:
            print(type(error).__name__, error)
        """
    command = [sys.executable, "-c", textwrap.dedent(program)]

    ended = subprocess.run(command, capture_output=True, text=True, check=True)

    assert ended.stdout.strip() == (
        "UsageError A cluster takes Dask, which is not installed here: pip install 'incident-kit[cluster]'"
    )


def test_a_cluster_with_tls_takes_certificates(run: Run) -> None:
    facts = run({"test_a.py": "def test_it(): pass"}, cluster="tls://127.0.0.1:8786")

    assert facts.problem is not None
    assert facts.problem.startswith("tls://127.0.0.1:8786 takes certificates: ")


def test_a_spec_travels_as_bytes(tmp_path: Path) -> None:
    spec = a_spec(tmp_path)

    assert decoded(spec.encoded()) == spec


def test_a_worker_with_another_version_of_kit_says_so(tmp_path: Path) -> None:
    spec = a_spec(tmp_path, kit_version="0.0.1")

    with pytest.raises(TargetError, match=f"it has kit {kit.__version__}, and this is 0.0.1: they have to be the same"):
        SiteActor(spec.encoded(), b"")


def test_a_worker_without_the_targets_interpreter_says_how_to_name_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(site_spec.PYTHON_VARIABLE, str(tmp_path / "python"))

    with pytest.raises(TargetError, match=rf"no interpreter {tmp_path}/python .* name it with KIT_CLUSTER_PYTHON"):
        SiteActor(a_spec(tmp_path).encoded(), b"")


def test_no_secrets_are_shipped_and_import_paths_only_of_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "abcdef123456")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-k fast")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/src:/opt/elsewhere")

    assert shipped_environment()["PYTEST_ADDOPTS"] == "-k fast"
    assert "API_TOKEN" not in shipped_environment()
    assert import_paths_in(tmp_path) == ("src",)
