"""Strings of the source that get another value in their own quotes."""

from __future__ import annotations

import libcst as cst


def reworded(node: cst.SimpleString, old: str, new: str) -> cst.SimpleString:
    """The string with another text; prefix and quotes stay."""
    return node.with_changes(value=f"{node.prefix}{node.quote}{node.raw_value.replace(old, new)}{node.quote}")


def text_of(node: cst.CSTNode | None) -> str | None:
    """The text of a string literal; ``None`` for bytes and all else."""
    if not isinstance(node, cst.SimpleString):
        return None
    text = node.evaluated_value
    return text if isinstance(text, str) else None
