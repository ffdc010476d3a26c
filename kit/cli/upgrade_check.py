"""``kit upgrade-check``: which lines of an app an upgrade would break."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

import click
import msgspec
from packaging.version import InvalidVersion, Version

from kit import case, inventory, target
from kit.causes import ahead_of, breakages, environment_of, forecasts_of, unmeasured_releases, upgrade_advice
from kit.cli.exit_codes import ExitCode
from kit.cli.options import path_argument, reports_options, target_options, typed_names
from kit.cli.project_options import with_project_options
from kit.facts.errors import UsageError
from kit.facts.places import Location
from kit.facts.target import Target
from kit.facts.upgrades import Breakage, Environment, Forecast
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json


@click.command()
@path_argument
@target_options
@click.option("--to", "wanted", multiple=True, metavar="NAME==VERSION", help="An upgrade; by default everything.")
@reports_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: str, wanted: tuple[str, ...], form: str, reports_dir: str, store_url: str, **given: Any) -> int:
    """List the lines of the app at PATH (default: the current folder) that newer releases of its libraries break, and
    what the warnings of its newest case say of them.

    No code of it runs. Exits with 1 when there is such a line or warning, so that it can guard an upgrade.
    """
    found = target.find_target(path, **with_project_options(path, given, typed_names()))
    environment = environment_of(found)
    installed = environment.installed
    versions = _versions(wanted, installed)
    ahead = list(ahead_of(breakages(), installed, versions))
    unmeasured = [*unmeasured_releases(breakages(), versions)]
    uses = inventory.Declarations.of(found).library_uses(
        {one.id: one.uses for one in ahead if _is_visible(one)}, {one.id: one.imported for one in ahead}
    )
    options = case.CaseOptions.of(reports_dir=reports_dir, store_url=store_url)
    seen_in, forecasts = _warned(found, environment, versions, options)
    if form == "json":
        click.echo(_json(ahead, installed, uses, unmeasured, forecasts))
    else:
        for sentence in unmeasured:
            click.echo(sentence)
        for line in _text(ahead, installed, uses):
            click.echo(line)
        for line in _text_of_warnings(seen_in, forecasts):
            click.echo(line)
    return ExitCode.FOUND if uses or forecasts else ExitCode.NOTHING_FOUND


def _versions(wanted: Iterable[str], installed: Mapping[str, str]) -> dict[str, str]:
    """The wanted versions, by normal name. Raises :class:`UsageError` for what cannot be an upgrade."""
    found: dict[str, str] = {}
    for text in wanted:
        name, _, version = text.partition("==")
        name = re.sub(r"[-_.]+", "-", name.strip()).lower()
        try:
            Version(version)
        except InvalidVersion:
            raise UsageError(f"--to takes NAME==VERSION, such as click==8.5.0, not {text!r}.") from None
        if name == "python":
            raise UsageError(
                "The table of breakages is about libraries and not about Python itself: "
                "kit run --python INTERPRETER shows what another Python breaks."
            )
        if name not in installed:
            raise UsageError(f"{name} is not installed in the target's environment, so there is nothing to upgrade.")
        if Version(version) <= Version(installed[name]):
            raise UsageError(
                f"{name} {version} is not newer than what is installed, {installed[name]}. Name a newer release."
            )
        found[name] = version
    return found


def _warned(
    found: Target, environment: Environment, wanted: Mapping[str, str], options: case.CaseOptions
) -> tuple[str, list[Forecast]]:
    """The newest case of the target in which tests ran, and what its warnings say of the ``wanted`` versions, or of
    all newer ones.
    """
    _, store = case.known_store(options)
    if store is None:
        return "", []
    with closing(store):
        for head in store.cases():
            suite = store.head_of_suite(head.case.id) if head.case.target.root == found.root else None
            if suite and suite.sessions:
                told = forecasts_of(suite.warnings, environment)
                return head.case.id, [one for one in told if not wanted or _is_met(one, wanted)]
    return "", []


def _is_met(one: Forecast, wanted: Mapping[str, str]) -> bool:
    return one.library in wanted and Version(wanted[one.library]) >= Version(one.release)


def _text_of_warnings(seen_in: str, forecasts: Sequence[Forecast]) -> Iterable[str]:
    if not seen_in:
        yield "No run of the tests is recorded, whose warnings tell more: kit run makes one."
    elif forecasts:
        yield f"The warnings of the case {seen_in} say:"
    for one in forecasts:
        yield f"    {one.sentence}"
        yield from (f"        {place}" for place in one.places)


def _text(
    ahead: list[Breakage], installed: Mapping[str, str], uses: Mapping[str, tuple[Location, ...]]
) -> Iterable[str]:
    for one in ahead:
        places = uses.get(one.id, ())
        if places:
            yield (
                f"{one.library} {one.first_bad} (installed {installed[one.library]}): {one.cause}: "
                f"{counted(len(places), 'line')}  [{one.id}]"
            )
            yield from (f"    {place}" for place in places)
            yield f"    {upgrade_advice(one)}"
    unseen = [one for one in ahead if not _is_visible(one)]
    tail = f"; {len(unseen)} more cannot be seen in source:" if unseen else ""
    of_them = "1 of them concerns" if len(uses) == 1 else f"{len(uses)} of them concern"
    yield f"{counted(len(ahead) - len(unseen), 'known breakage')} ahead, {of_them} this app{tail}"
    yield from (f"    {one.library} {one.first_bad}: {one.cause}  [{one.id}]" for one in unseen)


def _is_visible(one: Breakage) -> bool:
    return bool(one.uses) and one.visible


def _json(
    ahead: Iterable[Breakage],
    installed: Mapping[str, str],
    uses: Mapping[str, tuple[Location, ...]],
    unmeasured: Sequence[str],
    forecasts: Sequence[Forecast],
) -> str:
    rows = [
        {
            "id": one.id,
            "library": one.library,
            "installed": installed[one.library],
            "first_bad": one.first_bad,
            "cause": one.cause,
            "fix": upgrade_advice(one),
            "visible_in_source": _is_visible(one),
            "lines": msgspec.to_builtins(uses.get(one.id, ())),
        }
        for one in ahead
    ]
    return escaped_json(
        json.dumps(
            cleaned({"breakages": rows, "not_measured": unmeasured, "warned": msgspec.to_builtins(forecasts)}),
            indent=2,
            ensure_ascii=False,
        )
    )
