"""Options that add words to a setting of pytest, in the file from which pytest reads its settings.

https://docs.pytest.org/en/stable/reference/customize.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kit.facts.causes import Cause
from kit.facts.fixes import FixOption
from kit.fixes.scene import FixScene, Proposal, option_of, without_patch
from kit.fixes.source.settings import with_words
from kit.fixes.source.texts import NotEditableError


def settings_file(scene: FixScene) -> str:
    """The file with pytest's settings; a new one where there is none."""
    return scene.config.path or "pytest.ini"


def adding(cause: Cause, scene: FixScene, name: str, words: str, proposal: Proposal) -> Iterator[FixOption]:
    """The option that adds ``words`` to the setting ``name``: the proposal, with the new text of that file. None where
    they cannot be written line by line.
    """
    path = settings_file(scene)
    try:
        before = scene.text(path) if (scene.root / path).exists() else ""
    except NotEditableError as error:
        yield without_patch(cause, proposal.kind, proposal.title, error)
        return
    after = with_words(before, path, name, words)
    if after is not None:
        yield option_of(cause, scene, replace(proposal, after={path: after}))
