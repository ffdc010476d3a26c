"""Every family of the catalogue is found on each SQLAlchemy that has it, and its healthy twin is silent.

The installed SQLAlchemy always runs; ``python -m tests.inventory.make_environments`` makes the other series.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import kit.probes
from kit.facts.failures import ExceptionInfo, Failure, Frame
from kit.facts.inventory import Finding, MappedClass
from kit.failures import Symptom, categorise, find_root
from kit.inventory.mappers.from_runtime import facts_of
from kit.inventory.mappers.merge import merge
from kit.target import ProbeRun
from tests.helpers import write_project
from tests.inventory.families import Family, families
from tests.inventory.make_environments import python_of
from tests.inventory.projects import Source

pytestmark = pytest.mark.slow

FAMILIES = families()
CASES = [(family, series) for family in FAMILIES for series in family.versions]
INSTALLED = ".".join(version("sqlalchemy").split(".")[:2])


@dataclass(frozen=True)
class Answer:
    """What one project gave: findings and mapped classes with the running target, all that SQLAlchemy said, and what
    ``use.py`` raised.
    """

    findings: tuple[Finding, ...]
    mapped: tuple[MappedClass, ...]
    said: str
    raised: list[Any]

    @property
    def kinds(self) -> set[str]:
        """The kinds of the findings."""
        return {finding.kind for finding in self.findings}


Answers = dict[tuple[str, str], Answer]


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answers]:
    """Asks all projects of a series at the first question about it: one process, in which each is a fork."""

    @cache
    def ask(series: str) -> Answers:
        python = sys.executable if series == INSTALLED else python_of(series)
        if python is None:
            pytest.skip(f"SQLAlchemy {series} is not there: make environments makes it")
        return ask_all(str(python), series, tmp_path_factory.mktemp(series))

    return ask


def ask_all(python: str, series: str, folder: Path) -> Answers:
    """The answers of every project that a series has, from a Python with a SQLAlchemy of that series."""
    asked = {}
    for family in FAMILIES:
        for state in ("broken", "healthy") if series in family.versions else ():
            files = family.broken if state == "broken" else family.healthy
            root = write_project(folder / family.name / state, files)
            asked[family.name, state] = Source(files, family.roots, root), _request(Source(files, family.roots), root)
    done = subprocess.run(
        [python, "-B", str(Path(__file__).with_name("asking.py")), kit.probes.FOLDER],
        input="".join(json.dumps(request) + "\n" for _, request in asked.values()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {key: _answer(source, said) for (key, (source, _)), said in zip(asked.items(), lines, strict=True)}


def _request(source: Source, root: Path) -> dict[str, Any]:
    modules = sorted({mapper.fact.module for mapper in source.mappers})
    paths = [str(root / folder) for folder in source.roots]
    return {"folder": str(root), "paths": paths, "modules": modules, "known": [mapper.key for mapper in source.mappers]}


def _answer(source: Source, said: dict[str, Any]) -> Answer:
    facts = facts_of(ProbeRun(tuple(said["records"]), 0, "", timed_out=False))
    assert facts.problems == ()
    texts = [str(record.get("message", "")) for record in said["records"]]
    texts += [message for _, _, message, _ in said["raised"]]
    mapped = tuple(mapper.fact for mapper in merge(source.mappers, facts.mappers))
    return Answer(source.findings(facts), mapped, "\n".join(texts), said["raised"])


def _category(raised: list[Any]) -> str:
    """The category that the failures' room gives an exception chain."""
    chain = tuple(
        ExceptionInfo(name, module, text, len(text), tuple(_frame(*frame) for frame in frames), "cause" if at else None)
        for at, (name, module, text, frames) in enumerate(raised)
    )
    return categorise(Symptom("failed", "call", find_root(Failure("x", "call", chain)), chain)).key


def _frame(path: str, line: int, function: str) -> Frame:
    return Frame(path, line, function, "library" if "site-packages" in path else "own")


def test_the_catalogue_is_whole() -> None:
    assert len(FAMILIES) == 67  # the 66 of the catalogue, and the functions that moved in 2.0
    assert all(family.finds(series) or "category" in family.data for family, series in CASES)


@pytest.mark.parametrize(("family", "series"), CASES, ids=[f"{family.name}-{series}" for family, series in CASES])
def test_a_family_is_found_and_its_healthy_twin_is_silent(
    family: Family, series: str, answers: Callable[[str], Answers]
) -> None:
    broken, healthy = answers(series)[family.name, "broken"], answers(series)[family.name, "healthy"]
    assert re.search(family.says, broken.said, re.MULTILINE | re.DOTALL)
    assert broken.kinds >= family.finds(series)
    for finding in broken.findings:
        assert finding.evidence
        assert finding.locations
        assert all(1 <= place.line <= len(family.broken[place.path].splitlines()) for place in finding.locations)
    if "category" in family.data:
        assert _category(broken.raised) == family.data["category"]
    assert healthy.findings == ()
    assert not re.search(family.says, healthy.said, re.MULTILINE | re.DOTALL)
    assert healthy.raised == []


@pytest.mark.parametrize("family", [one for one in FAMILIES if one.source], ids=lambda family: family.name)
def test_what_source_alone_finds(family: Family) -> None:
    assert {finding.kind for finding in Source(family.broken, family.roots).findings()} >= family.source


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_source_alone_is_silent_about_the_twin(family: Family) -> None:
    assert Source(family.healthy, family.roots).findings() == ()
