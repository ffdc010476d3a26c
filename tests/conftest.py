"""What holds for every test: nothing is read from, or left in, the folders of whoever runs them."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.nightly import LIST, entries, nightly
from tests.platform.like_windows import environment

# jsonschema's optional rfc3987_syntax compiles a grammar when it is imported: a second, for formats that no test uses
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# how fast the machine is at the moment is no property of the code
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("kit"), max_examples=25)  # `make quick`; `make test` has 100
settings.load_profile("kit")

# started in the background or with nohup, a shell lets these be ignored, and what tests start would inherit that
for name in ("SIGINT", "SIGHUP"):
    if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    """With ``--like windows`` every Python that a test starts lacks what Windows lacks: kit, and what it starts."""
    parser.addoption("--like", choices=("windows", "macos"), help="Let kit see what this system has.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what only the nightly run runs, and skip what is about POSIX itself where there is none."""
    only_nightly = nightly((item.nodeid for item in items), entries(LIST.read_text(encoding="utf-8")))
    for item in items:
        if item.nodeid in only_nightly:
            item.add_marker("nightly")
    if os.name == "posix" and config.getoption("--like") != "windows":
        return
    for item in items:
        if mark := item.get_closest_marker("posix"):
            item.add_marker(pytest.mark.skip(reason=f"about POSIX: {mark.args[0]}"))


@pytest.fixture(scope="session", autouse=True)
def _caches_of_their_own(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cache = str(tmp_path_factory.mktemp("cache"))
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, cache)
        # CI and BUILD_NUMBER make pytest's own messages longer
        theirs = {"CI", "BUILD_NUMBER", "PYTEST_ADDOPTS"}
        for name in [name for name in os.environ if name in theirs or name.startswith("KIT_")]:
            patch.delenv(name)
        if system := request.config.getoption("--like"):
            for name, value in environment(system).items():
                patch.setenv(name, value)
        yield
