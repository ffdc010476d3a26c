"""Each entry of the table of breakages explains what its reproduction was recorded to do, and not its healthy twin."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from packaging.version import Version

from kit.causes import breakages, find_causes
from kit.facts.causes import Cause
from kit.facts.inventory import InventoryFacts, Pin
from kit.facts.places import Location
from kit.facts.suite import SuiteFacts
from kit.facts.target import Distribution
from kit.facts.upgrades import Breakage, Environment
from kit.failures import group_failures
from kit.inventory import Declarations
from kit.inventory.declarations.trees import Trees
from kit.inventory.source.records import FileRecord
from tests.causes.upgrades.record import recorded
from tests.causes.upgrades.reproductions import Reproduction, reproductions
from tests.helpers import write_project

ENTRIES = {one.id: one for one in breakages()}
every_entry = pytest.mark.parametrize("identity", sorted(ENTRIES))


def _record(identity: str) -> tuple[Breakage, Reproduction, dict[str, Any]]:
    one = reproductions()[identity]
    return ENTRIES[identity], one, recorded(one.library)[identity]


def _declarations(folder: Path, one: Reproduction, text: str) -> Declarations:
    file = f"tests/test_{one.id.replace('-', '_')}.py"
    return Declarations(Trees(write_project(folder / "app", {file: text.encode()}), (FileRecord(file),)))


def _causes(
    suite: SuiteFacts, installed: dict[str, str], declared: Declarations, pins: tuple[Pin, ...] = ()
) -> tuple[Cause, ...]:
    around = Environment(tuple(Distribution(name, version) for name, version in installed.items()))
    facts = InventoryFacts(files=1, pins=pins)
    return find_causes(facts, suite, group_failures(suite), source=lambda: declared, environment=around)


@every_entry
def test_the_recorded_failure_is_named_with_its_release_and_lines(identity: str, tmp_path: Path) -> None:
    entry, one, record = _record(identity)
    suite = msgspec.convert(record["suite"], SuiteFacts)
    pins = (Pin(entry.library, entry.last_good, "requirements.txt", 3),)

    found = _causes(suite, record["installed"], _declarations(tmp_path, one, one.broken), pins)

    (cause,) = [one for one in found if one.id.endswith(f":{identity}")]
    assert cause.title.startswith(
        f"{entry.library} {entry.first_bad} (installed {record['installed'][entry.library]}; requirements.txt:3 has "
    )
    assert len(found) == 1
    assert not entry.uses or all(place.role == "uses" for place in cause.locations)


@every_entry
def test_with_the_last_good_release_the_failure_is_another_one(identity: str, tmp_path: Path) -> None:
    entry, one, record = _record(identity)
    suite = msgspec.convert(record["suite"], SuiteFacts)
    installed = {**record["installed"], entry.library: entry.last_good}

    found = _causes(suite, installed, _declarations(tmp_path, one, one.broken))

    assert f":{identity}" not in "".join(cause.id for cause in found)


@every_entry
def test_the_lines_of_the_healthy_twin_are_not_taken_for_broken_ones(identity: str, tmp_path: Path) -> None:
    entry, one, _ = _record(identity)
    if one.broken == one.healthy or not entry.visible:
        pytest.skip("the twin differs in what is installed, or in what its test compares")
    declared = _declarations(tmp_path, one, one.healthy)

    assert declared.library_uses({identity: entry.uses}, {identity: entry.imported}) == {}


@every_entry
def test_both_sides_were_seen(identity: str) -> None:
    entry, one, record = _record(identity)

    assert record["good-broken"] in ("passed", "skipped")
    assert record["bad-broken"] != "passed"
    assert record["bad-healthy"] == "passed"
    assert (record["good-healthy"] == "passed") is entry.both
    assert Version(record["installed"][entry.library]) == Version(entry.first_bad)
    assert Version(entry.last_good) < Version(entry.first_bad)
    assert one.broken


def test_a_function_of_the_target_is_not_taken_for_the_librarys(tmp_path: Path) -> None:
    _, one, record = _record("click-mix-stderr")
    own = "class CliRunner:\n    def __init__(self, command): ...\n"

    found = _causes(
        msgspec.convert(record["suite"], SuiteFacts), record["installed"], _declarations(tmp_path, one, own)
    )

    assert [cause for cause in found if cause.kind == "upgraded-library"] == []


@pytest.mark.parametrize("name", ["RAND_bytes", "X509_V_FLAG_CB_ISSUER_CHECK"])
def test_a_private_name_of_cryptography_that_another_library_reads_is_not_taken_for_an_old_pyopenssl(
    tmp_path: Path, name: str
) -> None:
    _, one, record = _record("cryptography-old-pyopenssl")
    suite = msgspec.convert(record["suite"], SuiteFacts)
    failures = [
        replace(
            error.failure, chain=(replace(error.failure.chain[-1], message=f"module 'lib' has no attribute '{name}'"),)
        )
        for error in suite.collection_errors
    ]
    errors = tuple(
        replace(error, failure=failure) for error, failure in zip(suite.collection_errors, failures, strict=True)
    )
    installed = {one: version for one, version in record["installed"].items() if one != "pyopenssl"}

    found = _causes(replace(suite, collection_errors=errors), installed, _declarations(tmp_path, one, one.broken))

    assert "cryptography-old-pyopenssl" not in "".join(cause.id for cause in found)


def test_a_name_that_a_module_of_the_target_lacks_is_not_taken_for_one_of_pyopenssl() -> None:
    own = "ImportError: cannot import name 'sign' from 'shop.orders' (/srv/shop/orders.py)"

    assert not [one.id for one in breakages() if one.library == "pyopenssl" and re.search(one.error, own)]


def test_what_the_captured_output_of_a_test_says_is_evidence(tmp_path: Path) -> None:
    _, one, record = _record("falcon-body")
    declared = _declarations(tmp_path, one, one.broken)

    (cause,) = _causes(msgspec.convert(record["suite"], SuiteFacts), record["installed"], declared)

    assert cause.locations == (Location("tests/test_falcon_body.py", 7, "uses"),)
    assert any(item.text.startswith("The captured output of these tests says: Attr") for item in cause.evidence)


_WEBTEST = "AppError: Bad response: 500 Internal Server Error (not 200 OK or 3xx redirect for http://localhost/)"


@pytest.mark.parametrize(
    ("said", "code", "named"),
    [
        (_WEBTEST, "{broken}", True),
        ("assert 500 == 200", "{broken}", True),
        ("assert 404 == 200", "{broken}", False),
        ("assert 1500 == 200", "{broken}", False),
        (_WEBTEST, "{healthy}", False),
        # two changes could be what the server failed of: nothing says which
        (_WEBTEST, "{broken}\n\nimport numpy\n\nprint(numpy.NaN)\n", False),
    ],
)
def test_an_error_that_the_server_kept_to_itself_is_told_by_the_broken_line(
    tmp_path: Path, said: str, code: str, named: bool
) -> None:
    _, one, record = _record("falcon-body")
    suite = msgspec.convert(record["suite"], SuiteFacts)
    ((identity, failure),) = suite.failures.items()
    (info,) = failure.chain
    hidden = replace(failure, chain=(replace(info, message=said),), tail="")
    declared = _declarations(tmp_path, one, code.format(broken=one.broken, healthy=one.healthy))
    installed = {**record["installed"], "numpy": "2.4.0"}

    (cause,) = _causes(replace(suite, failures={identity: hidden}), installed, declared)

    assert (cause.id == "changed-result:falcon-body") is named
    assert not named or [str(place) for place in cause.locations] == ["tests/test_falcon_body.py:7"]


def test_fields_that_webargs_hands_on_are_those_of_marshmallow(tmp_path: Path) -> None:
    _, one, record = _record("marshmallow-validator-returns-false")
    text = one.broken.replace("ValidationError, fields", "ValidationError\nfrom webargs import fields")
    declared = _declarations(tmp_path, one, text)

    (cause,) = _causes(msgspec.convert(record["suite"], SuiteFacts), record["installed"], declared)

    assert cause.locations == (Location("tests/test_marshmallow_validator_returns_false.py", 7, "uses"),)
