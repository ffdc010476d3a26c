"""Records what the collection of a suite shows: errors, surprises, and why plain pytest would not start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kit.facts.wording import counted
from kit.platform.paths import HERE
from kit.suite.collect.absent import why_none
from kit.suite.collect.collection import Collection
from kit.suite.collect.refusal import find_refusal, has_odd_addopts, has_open_quotes
from kit.suite.plan.run_spec import RunSpec
from kit.suite.record.failures import FailureReader
from kit.suite.record.recorder import Recorder


@dataclass(frozen=True)
class CollectionRecord:
    """Writes into the recorder of one run. ``root`` is the scratch copy."""

    spec: RunSpec
    root: str
    addopts_variable: str
    recorder: Recorder
    reader: FailureReader

    def record(self, collection: Collection) -> None:
        """Record what a complete collection has shown."""
        for error in collection.errors:
            self.recorder.say("collection_error", path=error.path, failure=error.failure)
        for sentence in self._surprises(collection):
            self.recorder.say("neutralised", what=sentence)
        if self._may_hide_a_refusal(collection):
            self.record_refusal()

    def _may_hide_a_refusal(self, collection: Collection) -> bool:
        """Whether what kit has left out or replaced could be why plain pytest does not start."""
        return (
            bool(collection.unknown_options)
            or collection.has_doubtful_options
            or not self._is_as_expected(collection)
            or has_odd_addopts(self.spec.target.config, Path(self.root))
            or has_open_quotes(self.addopts_variable)
        )

    def record_refusal(self, *, collects: bool = False) -> None:
        """Ask plain pytest whether it starts. ``collects``: kit's own start has failed. Then pytest is to
        collect too, and what it says counts if the target's configuration is to blame.
        """
        refusal = find_refusal(self.spec.target, Path(self.root), self.reader.text, collects=collects)
        if refusal and (refusal.path or not collects):
            self.recorder.say("refused", refusal=refusal)

    def _is_as_expected(self, collection: Collection) -> bool:
        expected, ini = self.spec.target.config.path, collection.config.ini
        found = self.reader.path(ini) if ini else None
        return found == expected or HERE.is_absolute(expected or "")

    def _surprises(self, collection: Collection) -> list[str]:
        """Sentences about options and files that kit had expected otherwise before pytest started."""
        expected, ini = self.spec.target.config.path, collection.config.ini
        found = self.reader.path(ini) if ini else None
        sentences = [f"{option}: belongs to a plugin that is not installed" for option in collection.unknown_options]
        if not self._is_as_expected(collection):
            sentences.append(f"addopts of {found}: pytest reads this file, kit had looked into {expected or 'none'}")
        return sentences

    def nothing_collected(self, collection: Collection) -> str | None:
        """Why no test can run; ``None`` if one can."""
        if collection.items:
            return None
        if self.spec.nodeids:
            return why_none(self.spec.nodeids, collection.errors, self.reader.path(collection.config.rootdir) or ".")
        if collection.errors:
            failed = counted(len(collection.errors), "file")
            return f"No test could be collected: {failed} failed, see the collection errors."
        return f"No test was collected in {self.spec.target.root}; name the folders of the tests with --tests."
