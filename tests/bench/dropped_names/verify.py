"""Whether what ``kit/causes/upgrades/dropped`` says is true: ``verify.py [--steps N] [--each M] [--seed S]``.

Draws steps of libraries and of each some things that it says a release dropped, installs both releases with their
dependencies, and asks the real modules, classes and functions. What a release shows only in an instance, and what
cannot be imported on the old side, is counted apart. It needs uv (``UV`` names it) and the network.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.bench.dropped_names.make import OUTPUT

_PYTHONS = ("3.11", "3.9", "3.13")

#: runs in each environment: one answer for each thing that is asked
_ASK = """
import importlib.util, inspect, json, sys, warnings
warnings.simplefilter("ignore")
def answer(kind, module, owner, name):
    if kind == "module":
        try:
            return "yes" if importlib.util.find_spec(module) else "no"
        except ModuleNotFoundError as error:  # what the package around it needs is missing, or that package itself
            return "no" if error.name and (module + ".").startswith(error.name + ".") else "unknown: %r" % error
        except BaseException as error:  # the package around it does not work with what is installed beside it
            return "unknown: %r" % error
    try:
        found = importlib.import_module(module)
    except BaseException as error:
        return "unknown: %r" % error
    if kind == "name":
        try:
            return "yes" if hasattr(found, name) or importlib.import_module(module + "." + name) else ""
        except ModuleNotFoundError:
            return "no"
        except BaseException as error:
            return "unknown: %r" % error
    for part in owner.split("."):
        found = inspect.getattr_static(found, part, None) if inspect.isclass(found) else getattr(found, part, None)
        found = getattr(found, "__func__", found)
        if found is None:
            return "unknown: no %s" % owner
    if kind == "member":
        return "yes" if hasattr(found, name) or name in getattr(found, "__annotations__", ()) else "no"
    if kind == "read_only":
        fixed = inspect.getattr_static(found, name, None)
        return "no" if isinstance(fixed, property) and fixed.fset is None else "yes"
    found = inspect.unwrap(found) if callable(found) else found
    if not inspect.isfunction(found):
        return "unknown: %r" % found
    parameters = inspect.signature(found).parameters
    one = parameters.get(name)
    if kind == "parameter":
        return "yes" if one is not None and one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY) else "no"
    if kind == "required":
        needed = one is not None and one.default is one.empty and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
        return "no" if needed else "yes"
    most = sum(one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD) for one in parameters.values())
    return "yes" if most >= int(name) or any(one.kind == one.VAR_POSITIONAL for one in parameters.values()) else "no"
print(json.dumps([answer(*one) for one in json.load(sys.stdin)]))
"""


def things(step: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Kind, module, class or function, and name of all that a step says was dropped."""
    found = [("module", module, "", "") for module in step.get("modules", ())]
    found += [("name", module, "", name) for module, names in step.get("names", {}).items() for name in names]
    for module, several in step.get("members", {}).items():
        found += [("member", module, owner, name) for owners, names in several for owner in owners for name in names]
    for kind, part in (("read_only", "read_only"), ("parameter", "parameters"), ("required", "required")):
        for module, owners in step.get(part, {}).items():
            found += [(kind, module, owner, name) for owner, names in owners.items() for name in names]
    for module, functions in step.get("positional", {}).items():
        found += [("positional", module, name, str(took)) for name, (took, _) in functions.items()]
    return found


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    known = {path.stem: json.loads(path.read_text()) for path in sorted(OUTPUT.glob("*.json"))}
    steps = [(library, step) for library, several in known.items() for step in several]
    counts: Counter[tuple[str, str]] = Counter()
    for library, step in chance.sample(steps, min(options.steps, len(steps))):
        every = things(step)
        by_kind = [(kind, [one for one in every if one[0] == kind]) for kind in dict.fromkeys(one[0] for one in every)]
        share = -(-options.each // len(by_kind))
        drawn = [one for _, several in by_kind for one in chance.sample(several, min(share, len(several)))]
        for one, verdict in zip(drawn, _judged(library, step, drawn), strict=True):
            counts[one[0], verdict.partition(":")[0]] += 1
            if verdict.startswith("wrong"):
                print(f"{library} {step['last']} -> {step['first']}: {' '.join(one)}: {verdict[:300]}", flush=True)
    for (kind, verdict), number in sorted(counts.items()):
        print(f"{kind:10} {verdict:12} {number}")


def _judged(library: str, step: dict[str, Any], drawn: list[tuple[str, str, str, str]]) -> list[str]:
    before, after = (_answers(library, step[side], drawn) for side in ("last", "first"))
    return [_verdict(one, was, now) for one, was, now in zip(drawn, before, after, strict=True)]


def _verdict(one: tuple[str, str, str, str], was: str, now: str) -> str:
    if was == "yes" and now == "no":
        return "right"
    if was.startswith("unknown") or now.startswith("unknown"):
        return f"not asked: {was} / {now}"
    if one[0] == "member" and was == now == "no":
        return "not asked: in an instance"
    if one[0] == "read_only" and now == "no":
        return "right"
    return f"wrong: {was} / {now}"


def _answers(library: str, version: str, drawn: list[tuple[str, str, str, str]]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        for python in _PYTHONS:
            _uv("venv", "-q", "--clear", "--python", python, folder)
            if not _uv(
                "pip",
                "install",
                "-q",
                "-p",
                f"{folder}/bin/python",
                "--only-binary",
                ":all:",
                f"{library}=={version}",
                "setuptools<81",
            ):
                command = [f"{folder}/bin/python", "-c", _ASK]
                done = subprocess.run(command, input=json.dumps(drawn), capture_output=True, text=True, timeout=300)
                lines = done.stdout.splitlines()
                answers: list[str] = json.loads(lines[-1]) if lines and not done.returncode else []
                return answers or [f"unknown: {done.stderr[-200:]}"] * len(drawn)
    return ["unknown: not installed"] * len(drawn)


def _uv(*arguments: str) -> int:
    return subprocess.run([os.environ.get("UV", "uv"), *arguments], capture_output=True).returncode


if __name__ == "__main__":
    main()
