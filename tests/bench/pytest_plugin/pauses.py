"""A pytest plugin (``PYTEST_PLUGINS=pauses``) that waits ``$PAUSE`` seconds before each test: no worker of kit can run
all tests of a small project before the others have begun.
"""

import os
from time import sleep

_SECONDS = float(os.environ["PAUSE"])


def pytest_runtest_logstart():
    sleep(_SECONDS)
