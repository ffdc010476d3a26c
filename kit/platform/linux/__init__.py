"""What only Linux has: the guard, with which processes end, and the sandbox that it can put them in.

:mod:`kit.target` decides what the sandbox of a copy looks like.
"""

from pathlib import Path

#: the guard, a program for a bare interpreter
GUARD = Path(__file__).with_name("guard.py")
