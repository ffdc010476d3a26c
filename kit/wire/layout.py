"""The layout of the memory that kit shares with the processes that run tests, and the numbers that both sides know."""

import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple  # noqa: F401 (in a comment)

#: one slot of the board for each worker, in bytes; the text of a slot (what is being collected) begins at ``TEXT_AT``
SLOT_SIZE, TEXT_AT = 512, 64

#: what a slot begins with: sequence, index of the test or -1, index of the last test that was begun or -1, phase, start
#: of the test, start of the phase, sequence. A reading is whole only if both sequences are the same.
SLOT = struct.Struct("<QiiBddQ")

#: the length of the text, in bytes, before the text
TEXT_LENGTH = struct.Struct("<H")

#: what the path of a changed state begins with that is a file: all processes see it
FILE_STATE = "file "

#: the phases in a slot, as indexes into ``PHASES``
IDLE, SETUP, CALL, TEARDOWN, COLLECT = range(5)
PHASES = ("", "setup", "call", "teardown", "collect")  # type: Tuple[str, ...]

#: the values of ``/proc/PID/oom_score_adj`` by which kit knows the descendants of a worker: the first one is of slot 0
MARKS_FROM, MARKS_TO = 500, 1000

#: the exit code of a probe that cannot write to kit any more
CUT_OFF = 86

#: how many descriptors come with one command at most
MOST_DESCRIPTORS = 2


def mark_of_slot(slot):
    # type: (int) -> int
    """The mark of the worker in ``slot``; the workers above a number share the last one."""
    return min(MARKS_FROM + slot, MARKS_TO)
