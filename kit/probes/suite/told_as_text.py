"""What a test raised whose class tells pytest only the text: testtools does, and calls handlers with the exception."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing what only a type checker needs would take time
    from typing import Any, List, Optional, Tuple

NOT_AN_EXCEPTION = "Incompatible Exception"  # pytest's note above the text that stands in for an exception


class Raised:
    """The exceptions of the test that runs, in the order in which they were raised."""

    def __init__(self) -> None:
        self._raised: List[Tuple[Any, BaseException, Any]] = []

    def follow(self, item: Any) -> None:
        """Have the instance of a test report its exceptions here, if it can."""
        self.forget()
        instance: Any = getattr(item, "instance", None)
        if callable(getattr(type(instance), "addOnException", None)):
            instance.addOnException(self._raised.append)

    def behind(self, reported: BaseException) -> Optional[BaseException]:
        """The exception that pytest's report holds as text only: the first one, since later ones follow from it."""
        # pytest wraps such a text in an exception of its own; to ask another one for its text may raise
        if not self._raised or type(reported).__name__ != "Failed":
            return None
        if NOT_AN_EXCEPTION not in str(getattr(reported, "msg", ""))[:100]:
            return None
        errors = (error for kind, error, _ in self._raised if kind.__name__ not in ("SkipTest", "Skipped"))
        return next(errors, None)

    def forget(self) -> None:
        """Let go of the exceptions: their frames hold what the test made."""
        del self._raised[:]
