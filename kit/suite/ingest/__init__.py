"""Results that exist already, taken in without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.ingest.assembling import assemble
from kit.suite.ingest.reading import ResultsFile, read_file

__all__ = ["ResultsFile", "assemble", "read_file", "read_results"]


def read_results(files: Sequence[Path], target: Target) -> SuiteFacts:
    """What the files of one run say about the tests of ``target``. Where two name the same test, the later counts.

    ``isolation`` says where the results came from, ``problem`` why they are not whole. Raises :class:`UsageError` for
    the first file that cannot be used.
    """
    return assemble([read_file(path) for path in files], target)
