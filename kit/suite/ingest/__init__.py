"""Takes in results that others made; runs no test."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.facts.suite import SuiteFacts
from kit.facts.target import Target
from kit.suite.ingest.assembling import assemble
from kit.suite.ingest.reading import ResultsFile, read_file

__all__ = ["ResultsFile", "assemble", "read_file", "read_results"]


def read_results(files: Sequence[Path | ResultsFile], target: Target) -> SuiteFacts:
    """Make one suite of the files. Where two name the same test, the later file counts.

    ``isolation`` says where the results come from, ``problem`` why they are not whole. Raises :class:`UsageError` for
    the first file that cannot be used.
    """
    return assemble([read_file(file) if isinstance(file, Path) else file for file in files], target)
