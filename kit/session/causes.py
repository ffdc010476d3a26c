"""One cause of a case, with its questions as methods."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kit import frames
from kit.facts.causes import Cause as CauseFact
from kit.facts.fixes import FixFacts
from kit.facts.wording import counted
from kit.report import next_step
from kit.session import showing
from kit.session.asking import Asked
from kit.session.charts import Bars, Series
from kit.session.edits import of_today
from kit.session.fix_answers import best_option, options_chart
from kit.session.lines import edited_excerpts, excerpts, recorded
from kit.session.modules import module_of
from kit.session.reader import CaseReader
from kit.session.reruns import rerun
from kit.session.result import Result, Things
from kit.session.source_answers import importers_of
from kit.session.tests import Test, tests_of
from kit.session.trend import since

#: tests that a re-run takes by itself: enough to see every file, few enough for an answer in a second or two
_RERUN = 20


@dataclass(frozen=True, eq=False, repr=False)
class Cause(Asked):
    """A named defect of the case.

    case.causes[0].tests()
    case.causes[0].importers()
    case.causes[0].fixes()
    """

    reader: CaseReader
    fact: CauseFact

    def tests(self) -> Things[Test]:
        """The tests that it blocks.

        case.causes[0].tests().query("seconds > 1")
        case.causes[0].tests()[0].output()
        """
        first_hand, follow = self.fact.first_hand, self.fact.tests_blocked - self.fact.first_hand
        notes = (
            [f"{first_hand:,} of them show the error itself; {follow:,} show what follows from it."] if follow else []
        )
        if self.fact.uncollectable:
            notes.append(f"Also not collected because of it: {', '.join(self.fact.uncollectable[:5])}.")
        found = tests_of(self.reader, self.fact.tests, "blocked by it")
        answer = f"It blocks {found.answer}" if len(found) else "No test of this run shows it."
        return replace(found, answer=answer, notes=tuple(notes))

    def importers(self) -> Result:
        """The places that import the modules that it stands in, from the source as it is now.

        case.causes[0].importers()
        """
        source = self.reader.source()
        modules = [module for path in self._paths if (module := module_of(source, path))]
        places = [place for module in modules for place in source.importers(module)]
        what = " and ".join(modules) if len(modules) < 4 else f"the {len(modules)} modules that it stands in"
        found = (
            importers_of(places, what, by_module=len(modules) > 1) if modules else importers_of((), "where it stands")
        )
        return of_today(self.reader, found)

    def source(self) -> Result:
        """The lines that it stands at; where the app has changed since, as the case has recorded them.

        case.causes[0].source()
        """
        places = self.fact.locations
        answer = f"It stands at {', '.join(map(str, places))}." if places else "No line of the source is named for it."
        changed = edited_excerpts(self.reader.root, self.fact.excerpts)
        if changed:
            note = f"Changed since this case: {', '.join(changed)}. The lines are those that it has recorded."
            body = "".join(recorded(one) for one in self.fact.excerpts)
            return Result(answer, frames.places(places), frames.places, notes=(note,), body=body)
        result = Result(answer, frames.places(places), frames.places, body=excerpts(self.reader.root, places))
        return result if self.fact.excerpts else of_today(self.reader, result)

    def fixes(self) -> Result:
        """The options that would remove it, with what each did to the tests in a scratch copy.

        case.causes[0].fixes()
        """
        facts = self.reader.facts.fixes or FixFacts()
        own = FixFacts(
            options=tuple(one for one in facts.options if one.cause == self.fact.id),
            trials=facts.trials,
            recommended=facts.recommended,
        )
        best = next((one for one in own.options if facts.recommended.get(self.fact.id) == one.id), None)
        answer = best_option(best, facts.first_trials.get(best.id) if best else None)
        missing, frame = self.reader.missing("fix_trials"), frames.fix_options(own)
        return Result(
            "Its fixes were not tried yet." if missing and not own.options else answer,
            frame,
            frames.fix_options,
            shown=("option", "recommended", "verdict", "unlocked", "unmasked", "broken", "lines"),
            notes=(f"Next step: {self.next_step}",) if self.next_step else (),
            missing=missing,
            chart=lambda: options_chart(own),
            body=showing.folded("The patch", showing.block(best.patch)) if best and best.patch else "",
        )

    def rerun(self, most: int = _RERUN) -> Result:
        """Run its tests again on the tree as it is now, at most ``most`` of them (0: all): before and after.

        case.causes[0].rerun()
        """
        return rerun(self.reader, [*self.fact.tests, *self.reader.runnable(self.fact.uncollectable)], most)

    def evidence(self) -> Result:
        """What links it to the failures.

        case.causes[0].evidence()
        """
        count = counted(len(self.fact.evidence), "fact")
        support = "supports" if len(self.fact.evidence) == 1 else "support"
        return Result(f"{count} {support} it; it is {self.fact.state}.", frames.evidence(self.fact), frames.evidence)

    def since(self) -> Result:
        """The first case that named it, and the commit that brought it if ``kit when`` has found one.

        case.causes[0].since()
        """
        return since(self.reader, self.fact.id)

    def similar(self) -> Result:
        """The other causes of this case of the same kind, in the same files, or hidden behind it.

        case.causes[0].similar()
        """
        fact, paths = self.fact, set(self._paths)
        found = [
            one
            for one in self.reader.causes
            if one.id != fact.id
            and (
                one.kind == fact.kind or fact.id == one.hidden_behind or paths & {place.path for place in one.locations}
            )
        ]
        answer = f"{counted(len(found), 'other cause')} of its kind, in its files, or hidden behind it."
        return Result(
            answer,
            frames.causes(found, self.reader.facts.case),
            frames.causes,
            shown=("cause", "state", "tests blocked", "where"),
        )

    @property
    def next_step(self) -> str:
        """What to do about it, with a command that can be typed as it stands.

        case.causes[0].next_step
        """
        facts = self.reader.facts
        return str(next_step(self.fact, facts.case, facts.fixes)).strip()

    @property
    def _paths(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.path for place in self.fact.locations))

    def _repr_html_(self) -> str:
        verbs = ("tests", "importers", "source", "fixes", "evidence", "since", "similar", "rerun")
        ask = f"Ask it for {', '.join(f'`.{verb}()`' for verb in verbs)}."
        return showing.page(
            showing.paragraph(f"{self.fact.title}.", "a"),
            showing.paragraph(f"{self.fact.state}; it blocks {counted(self.fact.tests_blocked, 'test')}."),
            showing.paragraph(f"Next step: {self.next_step}") if self.next_step else "",
            showing.paragraph(ask, "n"),
        )

    def __repr__(self) -> str:
        return f"{self.fact.title} ({self.fact.state}, {counted(self.fact.tests_blocked, 'test')})"


def causes(reader: CaseReader) -> Things[Cause]:
    """The causes of a case, the one to fix first on top."""
    found = reader.causes
    parts = 2 if any(one.waiting for one in found) else 1
    rows = tuple(
        (one.title, (float(one.tests_blocked), float(one.waiting or 0))[:parts])
        for one in found
        if one.tests_blocked or one.waiting
    )
    series = (Series("blocked", "failed"), Series("waiting behind another", "timed_out"))[:parts]
    bars = Bars("Tests that each cause blocks", rows, series)
    files = ("files not collected",) if any(one.uncollectable for one in found) else ()
    return Things(
        _answer(reader),
        frames.causes(found, reader.facts.case),
        frames.causes,
        shown=("cause", "state", "tests blocked", "waiting", *files, "where"),
        most=10,
        missing=reader.missing("failure_categories"),
        chart=lambda: bars if rows else None,
        document=lambda: reader.part("causes"),
        things=tuple(Cause(reader, one) for one in found),
        names=tuple(one.title for one in found),
        ids=tuple(one.id for one in found),
        noun="cause",
    )


def _answer(reader: CaseReader) -> str:
    found = reader.causes
    if not found:
        known = reader.facts.causes is not None
        return "No cause was found: nothing is left to explain." if known else "No cause is named yet."
    named = [one for one in found if one.state != "unknown"]  # a group that stands among the causes explains nothing
    explain = f"{counted(len(named), 'cause')} {'explains' if len(named) == 1 else 'explain'}"
    lost = counted(len(reader.suite.collection_errors), "file")
    if not reader.suite.accounting.bad and reader.suite.collection_errors:
        return f"{explain} why {lost} could not be collected; fix first: {found[0].title}."
    total = counted(reader.suite.accounting.bad, "failing test")
    explained = {test for one in named for test in one.tests}
    return f"{explain} {len(explained):,} of {total}; fix first: {_first(found[0])}."


def _first(cause: CauseFact) -> str:
    blocked = [counted(cause.tests_blocked, "test")] if cause.tests_blocked else []
    blocked += [counted(len(cause.uncollectable), "file")] if cause.uncollectable else []
    return f"{cause.title} (it blocks {' and '.join(blocked)})" if blocked else cause.title
