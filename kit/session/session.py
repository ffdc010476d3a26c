"""An open case: everything that it answers."""

from __future__ import annotations

from collections.abc import Sequence

import kit
from kit import frames, report
from kit.case import Investigation
from kit.facts.inventory import MappedClass
from kit.facts.outcomes import BAD
from kit.session import accessor, answers, failures, source_answers
from kit.session.asking import Asked
from kit.session.causes import Cause, causes
from kit.session.changes import changed
from kit.session.failures import Category, Group
from kit.session.lookups import Lookups
from kit.session.modules import Mapper, mapper_of
from kit.session.parts import Parts
from kit.session.reader import CaseReader
from kit.session.result import Result, Things, as_things
from kit.session.stages import StageCalls
from kit.session.tests import Test, tests_of
from kit.session.trend import trend


class Session(StageCalls, Lookups, Parts, Asked):
    """An open case. Its parts are ``causes``, ``tests``, ``categories``, ``groups``, ``findings``, ``collisions``,
    ``mappers``, ``importers``, ``fixes``, ``outcomes``, ``warnings`` …; each thing is found by its name:

        case.causes[0].tests()
        case.test("test_login").output()
        case.mapper("User").parties()
        case.module("app.auth").importers()
        case.tests.query("seconds > 1").kit.causes()
        case.changed()

    Every answer is a :class:`~kit.session.Result`: ``.answer``, ``.frame``, ``.plot()``, ``.to_json()``.
    """

    def __init__(self, investigation: Investigation, found: str = "") -> None:
        """Ask questions about the case that ``investigation`` works on; ``found`` says where it was found."""
        super().__init__(CaseReader(investigation))
        self._found = found
        accessor.register()

    def _repr_html_(self) -> str:
        return self.story()._repr_html_()

    def __repr__(self) -> str:
        return repr(self.story())

    @property
    def name(self) -> str:
        """What the case is recorded under.

        kit.open(case.name)
        """
        return self.reader.investigation.case.id

    @property
    def investigation(self) -> Investigation:
        """The case as the commands work on it.

        case.investigation.events
        """
        return self.reader.investigation

    def story(self) -> Result:
        """What is known of the case: its verdict, its stages, what is missing, and what to do first.

        case.story()
        """
        facts = self.reader.facts
        outcomes = answers.outcomes(self.reader)
        first = [one for one in self.causes if one.fact.hidden_behind is None][:1]
        notes = [f"Fix first: {first[0].fact.title}. {first[0].next_step}"] if first else []
        return Result(
            report.verdict(facts) if facts.stages else "Nothing of this case is known yet.",
            frames.stages(facts.stages),
            frames.stages,
            shown=("stage", "outcome", "seconds", "error"),
            notes=(*notes, *self._remarks()),
            missing=self.reader.missing(
                "mapper_registry", "test_batches", "failure_categories", "fix_trials", "incident_report"
            ),
            chart=outcomes.chart,
            document=lambda: self.reader.part("case"),
        )

    def _remarks(self) -> list[str]:
        case = self.reader.facts.case
        python = f"Python {case.target.interpreter.version}" if case.target.interpreter else "no interpreter"
        remarks = [f"Case `{case.id}` of {case.target.name} ({python}), begun {report.instant(case.started)}."]
        if case.kit_version != kit.__version__:
            remarks.append(f"kit {case.kit_version} has made it; this is kit {kit.__version__}.")
        return [*remarks, *([self._found] if self._found else []), *case.target.warnings]

    @property
    def causes(self) -> Things[Cause]:
        """The causes, the one to fix first on top: ``case.causes[0].tests()``."""
        return causes(self.reader)

    @property
    def categories(self) -> Things[Category]:
        """The families of failures: ``case.categories[0].groups()``."""
        return failures.categories(self.reader)

    @property
    def groups(self) -> Things[Group]:
        """The groups of failures: ``case.groups[0].tests()[0].output()``."""
        return failures.groups(self.reader)

    @property
    def tests(self) -> Things[Test]:
        """Every test with its outcome: ``case.tests.query("outcome == 'failed'").kit.causes()``."""
        return tests_of(self.reader, None, "of the suite")

    @property
    def failing(self) -> Things[Test]:
        """The tests that failed or could not finish: ``case.failing[0].output()``."""
        bad = [one.nodeid for one in self.reader.suite.results if one.outcome in BAD]
        return tests_of(self.reader, bad, "that fail")

    @property
    def collisions(self) -> Things[Mapper]:
        """The names that stand for two or more mapped classes: ``case.collisions[0].parties()``."""
        parties = [party.mapped for one in self.reader.joined.collisions for party in one.classes]
        return self._mapped(source_answers.collisions(self.reader), parties)

    @property
    def mappers(self) -> Things[Mapper]:
        """Every mapped class: ``case.mappers["User"].importers()``."""
        return self._mapped(source_answers.mappers(self.reader), self.reader.inventory.mapped_classes)

    def _mapped(self, answer: Result, classes: Sequence[MappedClass]) -> Things[Mapper]:
        names = [one.name for one in classes]
        by_name = {name: mapper_of(self.reader, name) for name in dict.fromkeys(names)}
        return as_things(answer, [by_name[name] for name in names], names, ("mapped class", "mapped classes"))

    def close(self) -> None:
        """End what a re-run keeps ready, and the connection to the store. The end of the process does the same.

        case.close()
        """
        self.investigation.stop_rerunning()
        self.investigation.store.close()

    def changed(self, since: str = "") -> Result:
        """The tests that ended otherwise than in an earlier case of the same app, by default the one before.

        case.changed()
        case.changed("app-20261129-101500")
        """
        return changed(self.reader, since)

    def trend(self) -> Result:
        """The pass rate, the causes and the duration of each case of the app, and since when each cause is there.

        case.trend()
        """
        return trend(self.reader)
