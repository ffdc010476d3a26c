"""What can be wrong with a set-up: each check looks at one thing, and says how to repair it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import kit
from kit import case
from kit import target as targets
from kit.facts.errors import KitError
from kit.facts.target import Target
from kit.facts.wording import counted
from kit.platform.abilities import SYSTEM

#: fine: nothing to do · warning: kit works, with less than it could · problem: something does not work
State = Literal["fine", "warning", "problem"]

#: less free space than this, in bytes, is a warning
_ROOM = 1_000_000_000


@dataclass(frozen=True)
class SetupCheck:
    """The result of one check, and how to repair what it found (empty where nothing has to be)."""

    what: str
    state: State
    found: str
    repair: str = ""


def checks(options: case.CaseOptions) -> Iterator[SetupCheck]:
    """All checks, for the app that the options name."""
    yield SetupCheck("kit", "fine", f"{kit.__version__} on Python {sys.version.split()[0]}, {SYSTEM}")
    try:
        target = case.find_target_of(options)
    except KitError as error:
        yield SetupCheck("app", "problem", str(error), "Give the path of an app, such as: kit doctor path/to/app")
        target = None
    if target is not None:
        yield from _of_target(target)
    yield _notebooks()
    yield _reports(options, target.path if target else None)
    yield _tool("git", "the commit that brought a cause, and the revision of a case")


def _of_target(target: Target) -> Iterator[SetupCheck]:
    yield SetupCheck(
        "app", "fine", f"{target.name} in {target.root}, tests in {', '.join(target.test_paths) or 'the root'}"
    )
    yield _interpreter(target)
    yield _package(target, "pytest", "problem", "No test can run without it")
    yield _package(target, "sqlalchemy", "warning", "Without it there are no mapper registries to read")
    yield _protection(target)


def _interpreter(target: Target) -> SetupCheck:
    found = target.interpreter
    if found is None:
        return SetupCheck("interpreter", "problem", "none was found", "Name it with --python EXE.")
    told = f"Python {found.version} ({found.executable})"
    if found.is_kits_own:
        return SetupCheck(
            "interpreter", "warning", f"{told}: kit's own, the app has none", "Name the app's with --python EXE."
        )
    return SetupCheck("interpreter", "fine", told)


def _package(target: Target, name: str, state: State, why: str) -> SetupCheck:
    version = target.package(name)
    if version:
        return SetupCheck(name, "fine", version)
    executable = target.interpreter.executable if target.interpreter else "python"
    return SetupCheck(name, state, f"not installed for the app. {why}.", f"Run: {executable} -m pip install {name}")


def _protection(target: Target) -> SetupCheck:
    protection = targets.find_protection(target)
    if protection.covers:
        return SetupCheck("protection", "fine", protection.sentence)
    return SetupCheck(
        "protection", "warning", protection.sentence, "A change of the real tree would be reported all the same."
    )


def _notebooks() -> SetupCheck:
    if not case.kernels_installed():
        return SetupCheck(
            "notebooks", "warning", "Jupyter is not installed; all else works without", f"Run: {case.NEEDED}"
        )
    return _tried("notebooks", "kernel and packages are there", case.check_kernel)


def _reports(options: case.CaseOptions, root: Path | None) -> SetupCheck:
    try:
        planned = case.planned_folder(options.reports_dir, root)
    except KitError as error:
        return SetupCheck("store", "problem", str(error), "Give --reports-dir another folder.")
    try:
        reports, store = case.known_store(options)
    except KitError as error:
        return SetupCheck("store", "problem", str(error), "" if options.store_url else "Run: kit store rebuild")
    if store is None:
        return _room(planned, "no case yet")
    try:
        count, sound = len(store.cases()), store.is_sound()
    except KitError as error:
        return SetupCheck("store", "problem", str(error), "Run: kit store rebuild")
    finally:
        store.close()
    if not sound:
        return SetupCheck("store", "problem", f"the store in {reports} is damaged", "Run: kit store rebuild")
    return _room(reports, counted(count, "case"))


def _room(reports: Path, cases: str) -> SetupCheck:
    there = next(folder for folder in (reports, *reports.parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    told = f"{cases} in {reports}, {free / 1e9:.1f} GB free"
    if not os.access(there, os.W_OK):
        return SetupCheck("store", "problem", f"{there} cannot be written", "Give --reports-dir another folder.")
    if free < _ROOM:
        return SetupCheck("store", "warning", told, "Make room, or give --reports-dir a folder on another disk.")
    return SetupCheck("store", "fine", told)


def _tool(name: str, use: str) -> SetupCheck:
    path = shutil.which(name)
    if path:
        return SetupCheck(name, "fine", path)
    return SetupCheck(name, "warning", f"not found; kit cannot tell {use}", f"Install {name}.")


def _tried(what: str, fine: str, check: Callable[[], None]) -> SetupCheck:
    try:
        check()
    except KitError as error:
        sentence, _, repair = str(error).partition(" Run: ")
        return SetupCheck(what, "problem", sentence, f"Run: {repair}" if repair else "")
    return SetupCheck(what, "fine", fine)
