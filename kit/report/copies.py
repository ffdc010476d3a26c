"""The texts that the page's buttons copy, by the key of their button."""

from __future__ import annotations

from kit.report.anchors import anchor
from kit.report.blocks import cause_markdown, for_an_assistant
from kit.report.joined import Joined
from kit.report.kept import kept_fixes


def copies(joined: Joined) -> dict[str, str]:
    """Each cause as Markdown and with the task of an assistant below it, and the patch of all fixes."""
    texts = {}
    for cause in joined.causes:
        key, markdown = anchor("cause", cause.id), cause_markdown(joined, cause)
        texts[key] = markdown
        texts[f"assistant-{key}"] = markdown + for_an_assistant(joined, cause)
    kept = kept_fixes(joined)
    return texts | ({"patch": kept.patch} if kept and kept.patch else {})
