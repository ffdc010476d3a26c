from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.facts.errors import UsageError
from kit.suite.ingest.reading import FORMATS, LARGEST_FILE, read_file
from kit.suite.ingest.recorded import BrokenResultsError, Document

LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "lol">{}]><testsuites>&j;</testsuites>'.format(
    "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
)
CASE = '<testcase classname="tests.test_a" name="test_x"/>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("hello", "holds no results that kit knows"),
        ('{"a": 1}', "holds no results that kit knows"),
        ('{"results": {"tests"', "is broken JSON"),
        ("<html><body/></html>", "is XML, but not JUnit XML"),
        ("<testsuites><testsuite>", "is broken XML"),
        ("<testsuites>&nope;</testsuites>", "is broken XML"),
        (LAUGHS, "declares a document type"),
        (f'<?xml version="1.0"?>\n<!-- a --><!-- b -->{LAUGHS}', "declares a document type"),
        ("[" * 100_000, "is broken JSON"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "results"
    path.write_text(content)

    with pytest.raises(UsageError) as error:
        read_file(path)

    sentence = str(error.value)
    assert said in sentence
    assert sentence.startswith(str(path))
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_file(tmp_path / "missing.xml")
    with pytest.raises(UsageError, match="is a folder"):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    path.touch()
    os.truncate(path, LARGEST_FILE * 2)

    with pytest.raises(UsageError, match="has 200 MB, and results are read up to 100 MB"):
        read_file(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "results"
    declared = encoding.removesuffix("-sig")
    path.write_bytes(
        f'<?xml version="1.0" encoding="{declared}"?><testsuite>{CASE.replace("test_x", "tést")}</testsuite>'.encode(
            encoding
        )
    )

    assert read_file(path).recorded.tests[0].name.name == "tést"


def test_suites_within_suites_are_read(tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_text("<testsuites>" + "<testsuite>" * 50 + CASE + "</testsuite>" * 50 + "</testsuites>")

    assert len(read_file(path).recorded.tests) == 1


def test_a_document_type_in_the_text_of_a_failure_is_just_text(tmp_path: Path) -> None:
    path = tmp_path / "results"
    case = CASE.replace("/>", "><failure><![CDATA[<!DOCTYPE html>]]></failure></testcase>")
    path.write_text(f"<testsuite>{case}</testsuite>")

    assert read_file(path).recorded.tests[0].text == "<!DOCTYPE html>"


KEYS = st.sampled_from(
    [
        "tests",
        "results",
        "tool",
        "exitcode",
        "summary",
        "collectors",
        "nodeid",
        "outcome",
        "setup",
        "call",
        "longrepr",
        "$report_type",
        "when",
        "location",
        "chain",
        "reprentries",
        "reprtraceback",
        "data",
        "reportFormat",
        "status",
        "name",
        "suite",
        "filePath",
        "duration",
        "lineno",
        "line",
        "sections",
        "stdout",
        "start",
        "stop",
        "wasxfail",
    ]
)
WORDS = st.sampled_from(
    ["failed", "passed", "skipped", "TestReport", "CollectReport", "CTRF", "setup", "call", "\ud800"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=30,
)


@pytest.mark.slow
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_json_is_read_or_refused(value: dict[str, object]) -> None:
    document = Document(json.dumps(value))

    for form in FORMATS[1:]:
        if form.recognises(document):
            form.read(document)


@given(st.text(max_size=80), st.sampled_from(["<testsuites>", "<testsuite>", "<?xml", "<!--"]))
def test_any_xml_is_read_or_refused(text: str, start: str) -> None:
    with suppress(BrokenResultsError):
        FORMATS[0].read(Document(start + text))
