"""What holds for every test: nothing is read from, or left in, the folders of whoever runs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# jsonschema's optional rfc3987_syntax compiles a grammar when it is imported: a second, for formats that no test uses
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# how fast the machine is at the moment is no property of the code
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("kit"), max_examples=25)  # `make quick`; `make test` has 100
settings.load_profile("kit")


@pytest.fixture(scope="session", autouse=True)
def _caches_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        # CI and BUILD_NUMBER make pytest's own messages longer
        theirs = {"CI", "BUILD_NUMBER", "PYTEST_ADDOPTS"}
        for name in [name for name in os.environ if name in theirs or name.startswith("KIT_")]:
            patch.delenv(name)
        yield
