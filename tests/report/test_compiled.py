"""The templates of a report are compiled once: the next report takes them from the user's cache folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jinja2
import pytest

from kit.facts.case import CaseFacts
from kit.report import markdown, page
from kit.report.compiled import compiled_folder
from kit.report.markdown import render_markdown
from kit.report.page import render
from tests.report import samples


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were compiled, in a process that has loaded none."""
    found: list[str] = []
    unwatched = jinja2.Environment.compile

    def watched(self: jinja2.Environment, source: str, name: str, *rest: object, **more: object) -> object:
        found.append(name)
        return unwatched(self, source, name, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", watched)
    forget()
    return found


def forget() -> None:
    page.environment.cache_clear()
    markdown._environment.cache_clear()


@pytest.mark.slow
def test_the_second_report_compiles_nothing_and_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    facts = samples.incident()
    first = render(facts, "now"), render_markdown(facts, "now")
    assert {"page.html.j2", "incident.md.j2"} <= set(compiled)

    compiled.clear()
    forget()
    second = render(facts, "now"), render_markdown(facts, "now")

    assert compiled == []
    assert second == first


def test_nothing_is_kept_inside_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "app" / "cache"))
    facts = about(tmp_path / "app")

    assert compiled_folder(facts.case.target, "html") is None
    assert render(facts, "now")
    assert not (tmp_path / "app").exists()


@pytest.mark.parametrize("root", ["/app/\ud800", "/app/\0"])
def test_a_root_that_is_no_path_here_keeps_nothing(root: str) -> None:
    assert compiled_folder(about(Path(root)).case.target, "html") is None


@pytest.mark.slow
def test_a_report_is_made_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert render(samples.nothing_ran(), "now")


@pytest.mark.slow
def test_a_damaged_file_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    facts = samples.nothing_ran()
    first = render(facts, "now")
    for file in tmp_path.rglob("*.cache"):
        file.write_bytes(file.read_bytes()[:30])
    forget()

    assert render(facts, "now") == first


def about(root: Path) -> CaseFacts:
    facts = samples.nothing_ran()
    return replace(facts, case=replace(facts.case, target=replace(facts.case.target, root=str(root))))
