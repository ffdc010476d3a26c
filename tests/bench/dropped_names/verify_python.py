"""Ask interpreters whether what ``python.json`` says of them is true: ``python verify_python.py PYTHON ...``.

Of each step between two of the interpreters every module, attribute of a class and parameter is looked for in both; the
names of modules were asked for when the file was made. It prints what the newer one still has, and how many are right.
Attributes that only instances have, and what cannot be inspected, are not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from kit.causes.upgrades.dropped_names import ReleaseStep, steps_of

_ASK = """
import importlib, inspect, json, sys, warnings
warnings.simplefilter("ignore")

def has(module, owner, name, is_parameter):
    try:
        found = importlib.import_module(module)
        for part in filter(None, owner.split(".")):
            found = getattr(found, part)
        if not is_parameter:
            return not name or hasattr(found, name)
        taken = inspect.signature(found).parameters
    except ModuleNotFoundError:
        return None if owner else False
    except Exception:
        return None
    keywords = {one for one, what in taken.items() if what.kind is not what.POSITIONAL_ONLY}
    return name in keywords or any(what.kind is what.VAR_KEYWORD for what in taken.values())

print(json.dumps([has(*one) for one in json.load(sys.stdin)]))
"""
_Question = tuple[str, str, str, bool]


def main(pythons: list[str]) -> None:
    """Print the wrong ones, then the counts."""
    by_version = {_version(python): python for python in pythons}
    counts: Counter[str] = Counter()
    for step in steps_of("python"):
        if step.last in by_version and step.first in by_version:
            asked = list(_questions(step))
            both = [_answers(by_version[version], asked) for version in (step.last, step.first)]
            for question, old, new in zip(asked, *both, strict=True):
                if new:
                    print(f"{step.first} still has", *question[:3])
                counts["wrong" if new else "right" if old and new is False else "not seen"] += 1
    print(dict(counts))


def _version(python: str) -> str:
    say = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", say], capture_output=True, text=True, check=True).stdout.strip()


def _questions(step: ReleaseStep) -> Iterator[_Question]:
    yield from ((module, "", "", False) for module in step.modules)
    for module, several in step.members.items():
        yield from ((module, owner, name, False) for owners, names in several for owner in owners for name in names)
    for module, functions in step.parameters.items():
        yield from ((module, function, name, True) for function, names in functions.items() for name in names)


def _answers(python: str, asked: list[_Question]) -> list[bool | None]:
    done = subprocess.run([python, "-c", _ASK], input=json.dumps(asked), capture_output=True, text=True, check=True)
    answers: list[bool | None] = json.loads(done.stdout.splitlines()[-1])
    return answers


if __name__ == "__main__":
    main(sys.argv[1:])
