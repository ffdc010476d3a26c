"""What every question is answered with: a sentence, a frame, a chart, and what is missing."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Self, TypeVar, cast

import pandas as pd
from pandas.errors import UndefinedVariableError

from kit.facts.errors import UsageError
from kit.facts.spelling import did_you_mean
from kit.facts.wording import counted
from kit.session import showing
from kit.session.asking import UnknownQuestionError
from kit.session.charts import Bars

T = TypeVar("T")


@dataclass(frozen=True)
class MissingPart:
    """Something that the case lacks: a sentence, what to call in a notebook to fill it, and the command for a shell."""

    sentence: str
    call: str
    command: str

    def __str__(self) -> str:
        return f"{self.sentence} Call `{self.call}`, or run `{self.command}` in a shell."


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The answer to a question about a case.

    * ``answer``: the answer in a sentence
    * ``frame``: all of it as a tidy frame; ``columns()`` says what each column means
    * ``plot()``: the chart that states the answer, or ``None``
    * ``to_json()``: the same for machines; for what ``incident.json`` has, in the shape that it has there
    * ``notes``: what to know about it; ``missing``: what the case lacks, with the commands that fill it

    ``query(...)`` and ``head(n)`` give a part of it as a result again.

        case.tests.query("outcome == 'failed'").kit.causes()
    """

    answer: str
    frame: pd.DataFrame
    #: the function that made the frame: its docstring lists the columns
    made_by: Callable[..., Any] | None = None
    #: the columns that a notebook shows at first
    shown: tuple[str, ...] = ()
    most: int = 8
    notes: tuple[str, ...] = ()
    missing: tuple[MissingPart, ...] = ()
    chart: Callable[[], Bars | None] | None = None
    document: Callable[[], Any] | None = None
    #: what a notebook shows instead of the first rows, where these would be alike
    table: pd.DataFrame | None = None
    #: the function that made it: its docstring lists the columns of ``table``
    table_by: Callable[..., Any] | None = None
    #: the columns that it shows of some of the rows, where ``shown`` are those of ``table``
    of_rows: tuple[str, ...] = ()
    #: further HTML, such as lines of source or a picture
    body: str = ""

    def plot(self) -> Bars | None:
        """The chart that states the answer; ``None`` where there is nothing to draw.

        case.causes.plot().save("causes.svg")
        """
        return self.chart() if self.chart else None

    def to_json(self) -> str:
        """The answer for machines: where ``incident.json`` has it, in the same shape, else a list of rows.

        case.causes.to_json()
        """
        if self.document:
            return json.dumps(self.document(), indent=2, ensure_ascii=False)
        text: str = self.frame.to_json(orient="records", indent=2, force_ascii=False)
        return text

    def columns(self) -> str:
        """What each column of ``frame`` means.

        print(case.tests.columns())
        """
        return _columns_of(self.made_by)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # IPython and pandas look for such names everywhere
            raise AttributeError(name)
        if name in self.frame or hasattr(self.frame, name):
            raise UnknownQuestionError(f"An answer has no `{name}`: its frame has, as `.frame.{name}`.")
        known = ", ".join(
            f"`.{one}`" for one in ("answer", "columns()", "frame", "head()", "plot()", "query()", "to_json()")
        )
        raise UnknownQuestionError(f"An answer has no `{name}`; it has {known}.")

    def __getitem__(self, which: int | str) -> Any:
        raise UsageError("These rows are not things of their own: `.frame` is the frame, `.query(...)` chooses rows.")

    def __call__(self, *given: Any, **options: Any) -> Self:
        """The answer itself: some questions are asked with brackets and some without."""
        if given or options:
            raise UsageError(
                "This answer takes nothing in brackets: choose rows with `.query(...)`, or ask about one thing with "
                "`case.module(...)`, `case.mapper(...)` or `case.test(...)`."
            )
        return self

    def query(self, expression: str) -> Result:
        """The rows for which an expression holds, as :meth:`pandas.DataFrame.query` takes it.

        case.tests.query("outcome == 'failed' and seconds > 1")
        """
        try:
            found = self.frame.query(expression)
        except UndefinedVariableError as error:
            name = str(error).split("'")[1]
            raise UsageError(f'There is no column "{name}"{did_you_mean(name, map(str, self.frame))}') from error
        return self._part(found, f"{len(found):,} of {self._counted} with `{expression}`.")

    def head(self, rows: int = 20) -> Result:
        """The same with the first ``rows`` rows shown; the frame has them only.

        case.tests.head(20)
        """
        found = self.frame.head(rows)
        return replace(self._part(found, f"The first {len(found):,} of {self._counted}."), most=rows)

    @property
    def kit(self) -> Any:
        """Questions about the rows: see :class:`~kit.session.accessor.FrameQuestions`.

        case.tests.query("seconds > 1").kit.causes()
        """
        return self.frame.kit

    @property
    def _table(self) -> pd.DataFrame:
        return self.frame if self.table is None else self.table

    @property
    def _counted(self) -> str:
        return counted(len(self.frame), "row")

    def _part(self, frame: pd.DataFrame, answer: str) -> Result:
        shown = self.of_rows or tuple(name for name in self.shown if name in frame)
        return Result(answer, frame, self.made_by, shown, self.most, self.notes, self.missing)

    def __len__(self) -> int:
        return len(self.frame)

    def __bool__(self) -> bool:
        return True  # a result without rows is an answer too

    def _repr_html_(self) -> str:
        chart, told = self.plot(), [text for text in (_columns_of(self.table_by), self.columns()) if text]
        return showing.page(
            showing.paragraph(self.answer, "a"),
            showing.missing([(one.sentence, one.call, one.command) for one in self.missing]),
            chart.svg() if chart else "",
            self.body,
            showing.table(self._table, self.shown, self.most, rows=len(self.frame)),
            *(showing.paragraph(note, "n") for note in self.notes),
            self._meaning(told) if len(self.frame) and told else "",
        )

    @staticmethod
    def _meaning(told: Sequence[str]) -> str:
        parts = told if len(told) < 2 else (told[0], f"In `.frame`: {told[1]}")
        return showing.folded("What the columns mean", "".join(map(showing.paragraph, parts)))

    def __repr__(self) -> str:
        rows = self._table[list(self.shown)] if self.shown else self._table
        lines = [self.answer, *map(str, self.missing)]
        lines += [rows.head(self.most).to_string(index=False, max_colwidth=60)] if len(rows) else []
        return "\n".join([*lines, *self.notes])


def _columns_of(maker: Callable[..., Any] | None) -> str:
    return inspect.cleandoc(maker.__doc__ or "").replace("``", "`") if maker else ""


def _fitting(which: str) -> tuple[Callable[[str], object], ...]:
    """How a name may fit what was typed, the surest way first."""
    as_word = re.compile(rf"(?<!\w){re.escape(which)}(?!\w)")
    return which.__eq__, as_word.search, lambda name: which.lower() in name.lower()


class Absent:
    """Stands for a thing that a case does not have: every question to it has the answer that there is none."""

    def __init__(self, noun: str, missing: tuple[MissingPart, ...] = ()) -> None:
        """``noun`` is what there is none of; ``missing`` is what the case lacks."""
        answer = f"This case has no {noun}{' yet' if missing else ''}."
        self._answer: Things[Any] = Things(answer, pd.DataFrame(), missing=missing, noun=noun)

    def __getattr__(self, question: str) -> Any:
        if question.startswith("_"):
            raise AttributeError(question)
        return lambda *_arguments, **_options: self._answer

    def __getitem__(self, _which: int | str) -> Absent:
        return self

    def _repr_html_(self) -> str:
        return self._answer._repr_html_()

    def __repr__(self) -> str:
        return repr(self._answer)


@dataclass(frozen=True, eq=False, repr=False)
class Things(Result, Generic[T]):
    """A result whose rows are things that have questions of their own.

    A number gives the thing of that row, a text the first one whose name has it:

        case.causes[0].tests()
        case.causes["User"].importers()
    """

    things: Sequence[T] = ()
    #: the name of each thing, by which `[...]` finds it
    names: Sequence[str] = ()
    #: what else each is found by
    ids: Sequence[str] = ()
    #: what one of them is called, and several
    noun: str = "row"
    plural: str = ""

    @property
    def _counted(self) -> str:
        return counted(len(self.frame), self.noun, self.plural)

    def __getitem__(self, which: int | str) -> T:
        if not self.things:
            return cast("T", Absent(self.noun, self.missing))
        if isinstance(which, str):
            named = [*enumerate(self.names), *enumerate(self.ids)]
            near = next(filter(None, ([at for at, name in named if fits(name)] for fits in _fitting(which))), [])
            if not near:
                raise UsageError(f'There is no {self.noun} "{which}"{did_you_mean(which, self.names, 10)}')
            return self.things[near[0]]
        if not -len(self.things) <= which < len(self.things):
            raise UsageError(f"There is no {self.noun} {which}: the case has {self._counted}.")
        return self.things[which]

    def __iter__(self) -> Iterator[T]:
        return iter(self.things)

    def __len__(self) -> int:
        return len(self.things)


def as_things(answer: Result, things: Sequence[T], names: Sequence[str], nouns: tuple[str, str]) -> Things[T]:
    """The same answer, whose rows are these things; ``nouns`` are what one of them is called, and several."""
    own = {one.name: getattr(answer, one.name) for one in fields(Result)}
    return Things(**own, things=tuple(things), names=tuple(names), noun=nouns[0], plural=nouns[1])
