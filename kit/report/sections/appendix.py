"""All tests, the mapper inventory, the environment, the parameters, and how to reproduce the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from kit.facts.inventory import InventoryFacts, MappedClass, Side
from kit.facts.target import Target
from kit.report import commands, pictures
from kit.report.alltests import MOST_NAMES, FileList, file_lists, table_data
from kit.report.joined import Joined
from kit.report.status import by_severity

_SIDES: dict[tuple[Side, ...], str] = {("source",): "source only", ("runtime",): "run time only"}


@dataclass(frozen=True)
class MapperRow:
    """A mapped class and where it was seen."""

    mapped: MappedClass
    seen: str


@dataclass(frozen=True)
class Appendix:
    """``data`` and ``files`` hold the same tests: for the table, and for a reader without JavaScript.

    ``tests`` is ``None`` when the suite was not run. ``modules`` are those of the first finding that has some, each
    with its neighbours as a picture.
    """

    tests: int | None
    data: Markup
    files: tuple[FileList, ...]
    most_names: int
    mappers: tuple[MapperRow, ...]
    modules: tuple[tuple[str, Markup], ...]
    target: Target
    packages: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    kit_version: str
    run: str
    investigate: str


def view(joined: Joined) -> Appendix:
    """The appendix."""
    case, suite, inventory = joined.facts.case, joined.facts.suite, joined.facts.inventory
    results = suite.results if suite else ()
    interpreter = case.target.interpreter
    return Appendix(
        tests=len(results) if suite else None,
        data=table_data(joined),
        files=file_lists(results, {test for group in joined.groups for test in group.sample_tests}),
        most_names=MOST_NAMES,
        mappers=tuple(MapperRow(one, _SIDES.get(one.sides, "both")) for one in inventory.mapped_classes)
        if inventory
        else (),
        modules=tuple(_neighbourhoods(inventory)) if inventory else (),
        target=case.target,
        packages=tuple(sorted(interpreter.packages.items())) if interpreter else (),
        parameters=tuple((name, _value(value)) for name, value in case.parameters.items()),
        kit_version=case.kit_version,
        run=commands.run(case),
        investigate=commands.investigate(case),
    )


def _neighbourhoods(inventory: InventoryFacts) -> Iterator[tuple[str, Markup]]:
    for finding in by_severity(inventory.findings):
        paths = {place.path for place in finding.locations}
        if found := [one for one in inventory.neighbourhoods if one.path in paths]:
            yield from ((one.module, pictures.of_neighbourhood(one)) for one in found)
            return


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "default"
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_value(one)}" for name, one in value.items()) or "default"
    return "default" if value in (None, "") else str(value)
