"""Scripts that the target's own interpreter runs: the standard library only, Python 3.8 to 3.14."""

from pathlib import Path

#: where they are
FOLDER = Path(__file__).parent
