"""``kit upgrade-check``: which lines of an app an upgrade would break."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

import click
import msgspec
from packaging.version import InvalidVersion, Version

from kit import case, inventory, suite
from kit.causes import (
    DISTRIBUTIONS,
    ahead_of,
    breakages,
    environment_of,
    forecasts_of,
    lost_names,
    newest_known,
    unmeasured_releases,
    upgrade_advice,
)
from kit.cli.exit_codes import ExitCode
from kit.cli.formats import upgrade_trials
from kit.cli.options import case_options_from, options_for, path_argument
from kit.cli.progress import say
from kit.facts.errors import UsageError
from kit.facts.places import Location
from kit.facts.target import Target
from kit.facts.upgrade_trials import UpgradeTrial
from kit.facts.upgrades import Breakage, Environment, Forecast
from kit.facts.wording import counted
from kit.masking import cleaned, escaped_json

#: the normal form of a distribution's name
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@click.command()
@path_argument
@click.option("--to", "wanted", multiple=True, metavar="NAME==VERSION", help="An upgrade; by default everything.")
@click.option(
    "--run",
    "runs",
    is_flag=True,
    help="Run the tests with each upgrade too, one at a time; a NAME alone stands for its newest release.",
)
@options_for("python", "app", "tests", "timeout_s", "workers", "categories", "reports_dir", "store_url")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(path: str, wanted: tuple[str, ...], runs: bool, form: str, **given: Any) -> int:
    """List the lines of the app at PATH (default: the current folder) that newer releases of its libraries break, and
    what the warnings of its newest case say of them.

    No code of it runs, except with --run: then pip installs each upgrade into a throw-away environment on top of the
    app's own, and every test is compared with a run without it. Exits with 1 when a line, a warning or a test says that
    an upgrade breaks something, so that it can guard one.
    """
    if runs and not wanted:
        raise UsageError("--run tries the upgrades that --to names: add --to NAME or --to NAME==VERSION.")
    options = case_options_from(path, given)
    found = case.find_target_of(options)
    environment = environment_of(found)
    installed = environment.installed
    versions = _versions(wanted, installed, newest=runs)
    ahead, uses = _met(found, installed, versions)
    unmeasured = [*unmeasured_releases(newest_known(), versions)]
    seen_in, forecasts = _warned(found, environment, versions, options)
    if form == "text":
        lines = [*unmeasured, *_text(ahead, installed, uses), *_text_of_warnings(seen_in, forecasts)]
        click.echo("\n".join(lines))
    trials = _tried(found, options, versions) if runs else []
    if form == "json":
        click.echo(_json(ahead, installed, uses, unmeasured, forecasts, trials if runs else None))
    else:
        for line in upgrade_trials.as_text(trials):
            click.echo(line)
    if uses or forecasts or any(trial.breaks for trial in trials):
        return ExitCode.FOUND
    return ExitCode.NOTHING_FOUND if all(trial.after for trial in trials) else ExitCode.NOT_INVESTIGATED


def _met(
    found: Target, installed: Mapping[str, str], versions: Mapping[str, str]
) -> tuple[list[Breakage], dict[str, tuple[Location, ...]]]:
    """All breakages of the table that lie ahead, and what the app uses that releases ahead dropped; the lines by id."""
    own = _own_modules(found)
    ahead = [one for one in ahead_of(breakages(), installed, versions) if not own.issuperset(one.imported)]
    lost = lost_names(installed, versions, own, DISTRIBUTIONS)
    wanted = {one.id: one.uses for one in ahead if _is_visible(one)}
    modules = {one.id: one.imported for one in ahead}
    places = inventory.library_uses_of(found, wanted | lost.uses, modules | lost.modules)
    uses = {one.id: places[one.id] for one in ahead if one.id in places}
    for one, lines in lost.met(places, ahead):
        ahead.append(one)
        uses[one.id] = lines
    return ahead, uses


def _own_modules(found: Target) -> set[str]:
    """The top-level modules and packages of the app."""
    tops = [path for root in found.import_roots for path in (found.path / root).iterdir()]
    return {path.stem for path in tops if path.suffix == ".py" or any(path.glob("*.py"))}


def _tried(found: Target, options: case.CaseOptions, versions: Mapping[str, str]) -> list[UpgradeTrial]:
    from kit.fixes import UpgradeTrials  # takes longer to import than most apps to read

    with UpgradeTrials(found, options.run_options(), options.own_categories()) as trials:
        say("every test before the upgrades")
        with suite.display_for(sys.stderr) as display:
            trials.measure_before(suite.feed(display))
        results = []
        for name, version in versions.items():
            say(f"every test with {name} {version or 'in its newest release'}")
            with suite.display_for(sys.stderr) as display:
                results.append(trials.attempt(name, version, suite.feed(display)))
        return results


def _versions(wanted: Iterable[str], installed: Mapping[str, str], *, newest: bool) -> dict[str, str]:
    """The wanted versions, by normal name; with ``newest``, a name alone has an empty one.

    Raises :class:`UsageError` for what cannot be an upgrade.
    """
    found: dict[str, str] = {}
    for text in wanted:
        name, pinned, version = text.partition("==")
        name, version = re.sub(r"[-_.]+", "-", name.strip()).lower(), version.strip()
        is_newest = newest and not pinned and _NAME.fullmatch(name)
        try:
            Version("0" if is_newest else version)
        except InvalidVersion:
            raise UsageError(f"--to takes NAME==VERSION, such as click==8.5.0, not {text!r}.") from None
        if name == "python":
            raise UsageError(
                "The table of breakages is about libraries and not about Python itself: "
                "kit run --python INTERPRETER shows what another Python breaks."
            )
        if name not in installed:
            raise UsageError(f"{name} is not installed in the target's environment, so there is nothing to upgrade.")
        if not is_newest and Version(version) <= Version(installed[name]):
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
    version = wanted.get(one.library)
    return version is not None and (not version or Version(version) >= Version(one.release))


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
    trials: Sequence[UpgradeTrial] | None,
) -> str:
    """``trials`` are ``None`` without ``--run``."""
    rows = [
        {
            "id": one.id,
            "library": one.library,
            "installed": installed[one.library],
            "first_bad": one.first_bad,
            "cause": one.cause,
            "fix": upgrade_advice(one),
            "visible_in_source": _is_visible(one),
            "measured": not one.compared,
            "lines": msgspec.to_builtins(uses.get(one.id, ())),
        }
        for one in ahead
    ]
    told = {"breakages": rows, "not_measured": unmeasured, "warned": msgspec.to_builtins(forecasts)}
    if trials is not None:
        told["trials"] = upgrade_trials.as_json(trials)
    return escaped_json(json.dumps(cleaned(told), indent=2, ensure_ascii=False))
