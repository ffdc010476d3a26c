"""Programs that the target's own interpreter runs: the standard library only, Python 3.8 to 3.14.

Each is a module with a function ``main``; those for one purpose share a package. They import nothing of kit but
:mod:`kit.wire`, and each other, by relative imports: in the target's interpreter kit has another name (``start.py``).
"""

import os

#: where they are
FOLDER = os.path.dirname(os.path.abspath(__file__))


def command(name):
    # type: (str) -> list[str]
    """What follows the interpreter on the command line that runs a probe: ``command("suite.main")``."""
    return [os.path.join(FOLDER, "start.py"), name]
