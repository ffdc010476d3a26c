"""Templates without the white space that only their writers need.

Beside a block (a paragraph, a cell, an entry of a list) white space shows nothing, but the browser keeps a node for
each piece of it, and reading a page takes it as long as there are nodes. Only the templates are changed: what comes
from the target is not yet in them.
"""

from __future__ import annotations

import re
from typing import Final

from jinja2.ext import Extension

#: elements that begin on a line of their own or are not shown; not those in which white space counts, such as ``pre``
_BLOCKS: Final = (
    "article|body|caption|dd|desc|details|dialog|div|dl|dt|figcaption|figure|footer|form|h[1-6]|head|header|html|li|link"
    "|main|meta|nav|ol|p|rect|section|summary|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_AROUND: Final = re.compile(rf"\s+(?=</?(?:{_BLOCKS})[\s>])|(</?(?:{_BLOCKS})(?:\s[^<>]*)?>)\s+")


class Dense(Extension):
    """Reads each template of an environment without the white space beside its blocks."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002  # jinja2 passes them
        """The text of a template as it is compiled."""
        return _AROUND.sub(r"\1", source)
