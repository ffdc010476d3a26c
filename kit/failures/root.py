"""From a recorded exception chain to its root: the one exception that explains the failure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.failures.messages import unwrap_message

#: what ends or steers control flow says nothing about why
_SILENT = frozenset(
    {"CancelledError", "StopIteration", "StopAsyncIteration", "GeneratorExit", "Skipped", "ImportPathMismatchError"}
)
_WRAPS_DRIVER = re.compile(r"^(?:\(raised as a result of [^)]*\)\s*)?\([A-Za-z_][\w.]*\.\w+\) ")
_LEAVING = frozenset({"__exit__", "__aexit__"})


@dataclass(frozen=True)
class Root:
    """The root of a failure.

    ``type`` is bare and ``module`` where it is defined; ``message`` is cleaned but not parameterised. ``frames`` are
    the root's own, ``own`` the deepest frame in the target's code outside of tests, ``test`` the deepest in a test
    file. ``first_hand`` is false when the failure only repeats an error that an earlier use met. ``steps`` say in
    words how the root was reached.
    """

    type: str
    module: str
    message: str
    frames: tuple[Frame, ...] = ()
    own: Frame | None = None
    test: Frame | None = None
    first_hand: bool = True
    steps: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        """The type with its module: ``sqlite3.OperationalError``; built-in types stand alone."""
        return self.type if self.module in ("", "builtins") else f"{self.module}.{self.type}"


def find_root(failure: Failure) -> Root:
    """Walk the chain down to its root, then take the layers off its message."""
    members = _members(failure.chain)
    if len(members) > 1:
        return _root_of_group(failure, members)
    chain = (*_before_members(failure.chain), *(members[0] if members else ()))
    return _root_of_chain(chain)


def module_name(frame: Frame) -> str:
    """The dotted name that the path of a frame suggests: ``backend/app/db.py`` is ``backend.app.db``, and of an
    installed library what it is imported by.
    """
    path = frame.path.rpartition("/site-packages/")[2].removesuffix(".py").removesuffix("/__init__")
    return path.strip("/").replace("/", ".")


def place(frame: Frame) -> str:
    """``module:function`` of a frame."""
    return f"{module_name(frame)}:{frame.function}"


def _root_of_chain(chain: Sequence[ExceptionInfo]) -> Root:
    depth = _depth(chain)
    found = chain[depth]
    text = unwrap_message(found.message)
    module, _, name = (text.exception or f"{found.module}.{found.type}").rpartition(".")
    steps = tuple(f"{inner.relation} of {outer.type}" for outer, inner in pairwise(chain[: depth + 1]))
    # the root may have been recorded without frames (a member of a group): then those of what wraps it
    stacks = [info.frames for info in reversed(chain[: depth + 1])]
    return Root(
        type=name,
        module=module,
        message=text.message,
        frames=found.frames,
        own=_deepest(stacks, "own"),
        test=_deepest(stacks, "test"),
        first_hand=not text.follow_on,
        steps=(*steps, *text.rules),
    )


def _depth(chain: Sequence[ExceptionInfo]) -> int:
    depth = 0
    while depth + 1 < len(chain) and _leads_on(chain[depth], chain[depth + 1]):
        depth += 1
    return depth


def _leads_on(outer: ExceptionInfo, inner: ExceptionInfo) -> bool:
    """Whether ``inner`` explains more than ``outer``."""
    if inner.type in _SILENT or _puts_in_words(outer, inner):
        return False
    if outer.module.startswith("sqlalchemy.") and not _WRAPS_DRIVER.match(outer.message):
        return False  # its text explains what went wrong; beneath it lie a KeyError or a NameError of its inside
    return inner.relation != "context" or _explains(outer, inner)


def _puts_in_words(outer: ExceptionInfo, inner: ExceptionInfo) -> bool:
    """Whether ``outer`` was raised to say more than a KeyError, whose message is nothing but the key: SQLAlchemy's
    ``LookupError: 'open' is not among the defined enum values``. What repeats ``KeyError: 'open'``, as pytest does
    of an error in conftest.py, says no more.
    """
    key = inner.message
    if inner.type != "KeyError" or not key.strip("'\"") or f"KeyError: {key}" in outer.message:
        return False
    return key in outer.message and key != outer.message


def _explains(outer: ExceptionInfo, inner: ExceptionInfo) -> bool:
    """Whether an exception that was being handled is why the next one was raised.

    It is when the handler itself raised (it translated), and when leaving a ``with`` block raised (the block had
    failed). A handler that calls something else, which then fails, has a failure of its own:
    ``except KeyError: value = compute()``.
    """
    if not outer.frames or not inner.frames:
        return True
    handler = _where(inner.frames[0])
    if _where(outer.frames[-1]) == handler:
        return True
    after = [frame.function for before, frame in pairwise(outer.frames) if _where(before) == handler]
    return any(function in _LEAVING for function in after)


def _where(frame: Frame) -> tuple[str, str]:
    return frame.path, frame.function


def _deepest(stacks: Sequence[tuple[Frame, ...]], owner: str) -> Frame | None:
    return next((frame for stack in stacks for frame in reversed(stack) if frame.owner == owner), None)


def _before_members(chain: Sequence[ExceptionInfo]) -> tuple[ExceptionInfo, ...]:
    first = next((index for index, info in enumerate(chain) if info.relation == "member"), len(chain))
    return tuple(chain[:first])


def _members(chain: Sequence[ExceptionInfo]) -> list[tuple[ExceptionInfo, ...]]:
    """The chains of an exception group's members; groups within groups are flattened."""
    starts = [index for index, info in enumerate(chain) if info.relation == "member"]
    if not starts:
        return []
    parts = [tuple(chain[start:end]) for start, end in pairwise([*starts, len(chain)])]
    return [part for part in parts if not part[0].type.endswith("ExceptionGroup")]


def _root_of_group(failure: Failure, members: Sequence[tuple[ExceptionInfo, ...]]) -> Root:
    """Members that all say the same are one root; else the group is, with what its members say."""
    before = _before_members(failure.chain)
    roots = [_root_of_chain((*before, *member)) for member in members]
    told = sorted({f"{root.type}: {root.message}" for root in roots})
    if len(told) == 1:
        return roots[0]
    group = _root_of_chain(before)
    return Root(
        type=group.type,
        module=group.module,
        message="; ".join(told),
        frames=group.frames,
        own=roots[0].own,
        test=group.test,
        first_hand=any(root.first_hand for root in roots),
        steps=(*group.steps, "members of an exception group"),
    )
