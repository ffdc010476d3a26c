"""Secrets in outputs: how many are shown, how much ordinary text is masked by mistake, and what masking costs.

``python tests/bench/secrets.py forms [--rounds N]`` masks every form in every context with new values, again and again.
``… outputs [--seed N] [--every N]`` runs kit on a suite that shows each form in 12 ways, and looks into every output:
files, what every command prints in every format, a terminal, an assistant's answers, notebooks as HTML.
``… ordinary PATH…`` masks texts that people's suites show: of a file of JSON lines every text is taken, of a folder
each line of source and documentation, as a report shows them, without environments.
``… cost --against FOLDER`` masks the texts of 100,000 failures, here and with the kit in another folder, in turns.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from kit.masking import mask  # noqa: E402
from tests.bench.secrets_printed import commit, kit, printed  # noqa: E402
from tests.masking.command_forms import COMMAND_FORMS  # noqa: E402
from tests.masking.forms import CONTEXTS, leftover  # noqa: E402
from tests.masking.forms import FORMS as FIRST_FORMS  # noqa: E402
from tests.masking.further_forms import FURTHER_FORMS  # noqa: E402

FORMS = FIRST_FORMS | FURTHER_FORMS | COMMAND_FORMS


def forms(rounds: int) -> None:
    """Print how many masked texts still show a part of their secret."""
    shown, total = Counter[str](), 0
    for seed in range(rounds):
        rng = random.Random(seed)
        for name, form in FORMS.items():
            for context, in_context in CONTEXTS.items():
                text, secret = form(rng)
                total += 1
                if leftover(mask(in_context(text)), secret):
                    shown[f"{name}, {context}"] += 1
    print(f"{len(FORMS)} forms, {len(CONTEXTS)} contexts, {rounds} rounds: {sum(shown.values())} of {total:,} shown")
    for what, count in shown.most_common():
        print(f"{count:>5}  {what}")


_SUITE = """
import logging, unittest, warnings
import pytest

class Holder:
    def __init__(self, value): self.value = value
    def __repr__(self): return f"Holder(value={self.value!r})"

class Failing(Exception): pass
"""

_TESTS = """
def test_raises_@(): raise Failing(TEXT_@)
def test_raises_from_@():
    try: raise ValueError(TEXT_@)
    except ValueError as error: raise Failing("outer") from error
def test_compares_@(): assert TEXT_@ == "x"
def test_compares_lists_@(): assert ["some", TEXT_@, "more"] == ["some"]
def test_compares_dicts_@(): assert {"text": TEXT_@, "n": 1} == {"n": 2}
def test_holds_@(): assert Holder(TEXT_@) is None
def test_prints_@():
    print(TEXT_@)
    assert False
def test_logs_@():
    logging.getLogger("app").error("it is %s", TEXT_@)
    assert False
def test_warns_@():
    warnings.warn(TEXT_@)
def test_is_skipped_@(): pytest.skip(TEXT_@)
def test_xfails_@():
    pytest.xfail(TEXT_@)
@pytest.mark.parametrize("text", [TEXT_@])
def test_takes_@(text): assert text is None
"""


#: a call that a fix option changes, between lines that hold secrets
_FIX = """
def charge(amount, text={0!r}):
    return amount


def pay():
    text = {0!r}
    return charge(amuont=3)
"""
_FIX_TEST = "import {0}\ndef test_it(): assert {0}.pay() == 3\ndef test_again(): assert {0}.pay() == 3\n"


def _plant_a_fix(app: Path, made: Iterable[tuple[str, str]]) -> None:
    for number, (text, _) in enumerate(itertools.islice(made, 0, None, 40)):
        (app / f"pay{number}.py").write_text(_FIX.format(text))
        (app / f"test_pay{number}.py").write_text(_FIX_TEST.format(f"pay{number}"))


def outputs(seed: int, every: int) -> None:
    """Print what every output of an investigation shows of the secrets of a suite."""
    rng = random.Random(seed)
    made = {name: form(rng) for name, form in itertools.islice(FORMS.items(), seed % every, None, every)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app").mkdir()
        for number, (text, _) in enumerate(made.values()):
            tests = _TESTS.replace("@", str(number))
            head = f"TEXT_{number} = {text!r}\n"
            (folder / "app" / f"test_{number:03}.py").write_text(_SUITE + head + tests)
        commit(folder / "app", "Without what a fix changes")
        kit(folder, "investigate", "app", "--case", "first", "--recheck-s", "0", "--no-trials")
        _plant_a_fix(folder / "app", made.values())
        commit(folder / "app", "With it")
        done = kit(folder, "investigate", "app", "--case", "c", "--recheck-s", "0")
        texts = {"stdout": done.stdout, "stderr": done.stderr} | printed(folder, [*range(len(made))])
        texts |= {
            str(path.relative_to(folder)): path.read_text(errors="replace")
            for path in (folder / "reports").rglob("*")
            if path.is_file()
        }
    print(
        f"kit investigate ended with {done.returncode}; {len(made)} forms, 12 ways to show them, {len(texts)} outputs"
    )
    found = 0
    for output, text in texts.items():
        left = [form for form, (_, secret) in made.items() if leftover(text, secret)]
        found += len(left)
        print(f"{output:<60} {len(text):>10,} characters  {len(left)} shown  {', '.join(left)}")
    print(f"{found} of {len(made) * len(texts):,} pairs of a form and an output show a secret")


#: files with lines that a report may show, up to this many bytes
_READ = (".py", ".pyi", ".rst", ".md", ".txt", ".toml", ".cfg", ".ini", ".yml", ".yaml", ".html", ".json", ".po")
_LARGEST = 1_000_000


def ordinary(folders: list[Path]) -> None:
    """Print how many texts of events of other people's suites masking changes, one example of each kind."""
    texts = list(dict.fromkeys(text for folder in folders for text in _texts(folder)))
    changed = [(text, masked) for text in texts if (masked := mask(text)) != text]
    print(f"{len(texts):,} texts, {sum(map(len, texts)):,} characters")
    print(f"{len(changed):,} texts changed ({100 * len(changed) / max(len(texts), 1):.2f} %)")
    for text, masked in changed:
        at = next(at for at, (one, other) in enumerate(zip(text, masked + "\0", strict=False)) if one != other)
        print("   ", repr(text[max(0, at - 50) : at + 50]))


def _texts(path: Path) -> Iterator[str]:
    """The texts in the values of JSON lines; the lines of the files of a folder."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            is_own = not {"site-packages", ".venv", "node_modules"}.intersection(file.parts)
            if is_own and file.suffix in _READ and file.is_file() and file.stat().st_size < _LARGEST:
                yield from (line.strip() for line in file.read_text(errors="replace").splitlines() if len(line) > 3)
        return
    for line in path.read_text(errors="replace").splitlines():
        record = json.loads(line)
        yield from _strings(record)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str) and len(value) > 3:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


_TEMPLATES = (
    "AssertionError: assert {0} == {1}\n  At index 0 diff: 'a{0}' != 'b'\n  Full diff:\n  - b\n  + a{1}",
    "InvalidRequestError: One or more mappers failed to initialize. Triggering mapper: 'Mapper[Order{0}(orders)]'.",
    "KeyError: 'token_{0}'",
    'OperationalError: port 5432 failed: FATAL: password authentication failed for user "app{0}"',
    "ValidationError: 1 error for User{0}\nname\n  Field required [input_value={{'password': 'secret{0}'}}]",
)

_MEASURE = """
import sys, time
sys.path.insert(0, sys.argv[1])
try: from kit.masking import mask
except ImportError: from kit.target import mask
templates = eval(sys.argv[2])
texts = [templates[n % len(templates)].format(n, n + 1) for n in range(int(sys.argv[3]))]
mask(texts[0])
began = time.process_time()
for text in texts: mask(text)
print(time.process_time() - began)
"""


def cost(against: Path, failures: int, rounds: int) -> None:
    """Print what masking the texts of so many failures takes, here and there, and the ratio of each round."""
    ratios = []
    for _ in range(rounds):
        took = [
            float(subprocess.run([sys.executable, "-c", _MEASURE, str(root), repr(_TEMPLATES), str(failures)],
                                 capture_output=True, text=True, check=True, cwd="/").stdout)
            for root in (against, ROOT)
        ]  # fmt: skip
        ratios.append(took[1] / took[0])
        print(f"there {took[0]:.2f} s, here {took[1]:.2f} s, ratio {ratios[-1]:.2f}")
    print(f"median ratio {sorted(ratios)[len(ratios) // 2]:.2f}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("forms").add_argument("--rounds", type=int, default=20)
    run = commands.add_parser("outputs")
    run.add_argument("--seed", type=int, default=0)
    run.add_argument("--every", type=int, default=1)
    commands.add_parser("ordinary").add_argument("folders", type=Path, nargs="+")
    costs = commands.add_parser("cost")
    costs.add_argument("--against", type=Path, required=True)
    costs.add_argument("--failures", type=int, default=100_000)
    costs.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.command == "forms":
        forms(given.rounds)
    elif given.command == "outputs":
        outputs(given.seed, given.every)
    elif given.command == "ordinary":
        ordinary(given.folders)
    else:
        cost(given.against, given.failures, given.rounds)


if __name__ == "__main__":
    main()
