"""Characters that are not seen are shown, in text, JSON and XML, and in what commands and notebooks print."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from kit.case.notebook_output import clean_notebook
from kit.masking import escaped_json, escaped_line, escaped_xml, visible, without_certain
from tests.helpers import run_kit, write_project

#: a stand-in for each kind of harm: one that clears a screen, one that sets a title, one that reaches the clipboard
EVIL = "a\x1b[2Jb\x1b]0;t\x07c\x1b]52;c;eA==\x07d\re\x9b31mf\u202eg\u2066h\0i\x7fj\u200bk\u2028l\ud800m"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def test_every_unseen_character_is_shown_and_all_others_stay():
    assert visible(EVIL) == "a␛[2Jb␛]0;t␇c␛]52;c;eA==␇d␍e⟨U+009B⟩31mf⟨U+202E⟩g⟨U+2066⟩h␀i␡j⟨U+200B⟩k⟨U+2028⟩l�m"
    plain = "tab\tline\r\nnext\nÄ€😀 العربية"
    assert visible(plain) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("nul\x00", "nul␀"),
        ("\x7f", "␡"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("half \ud800 pair", "half � pair"),
        ("line\u2028separator", "line⟨U+2028⟩separator"),
        ("one\rtwo", "one␍two"),
        ("one\r\n\ttwo", "one\r\n\ttwo"),
        ("Grüße 漢字 🧨 می‌خواهم", "Grüße 漢字 🧨 می‌خواهم"),
    ],
)
def test_what_a_reader_could_not_see_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_escapes_keep_the_value_of_json_and_xml():
    text = json.dumps({"a": EVIL, "b": "\U000e0041"}, ensure_ascii=False)
    assert not UNSEEN.search(escaped_json(text))
    assert json.loads(escaped_json(text)) == json.loads(text)
    assert escaped_line(text.encode(errors="replace")).decode() == escaped_json(text.replace("\ud800", "?"))
    element = ET.Element("a", b="x\u202ey")
    element.text = "c\x9bd\u2028e"
    text = ET.tostring(element, encoding="unicode")
    assert not UNSEEN.search(escaped_xml(text))
    assert ET.tostring(ET.fromstring(escaped_xml(text)), encoding="unicode") == text


TESTS = f"""
    import pytest

    class Evil(Exception):
        pass

    Evil.__name__ = "Ev\\x1b[2Jil"

    def test_raises():
        raise Evil({EVIL!r})

    @pytest.mark.skip(reason={EVIL.replace(chr(0), "")!r})
    def test_skipped():
        pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json", "junit"])
def test_nothing_from_the_target_moves_a_terminal(tmp_path, form):
    write_project(tmp_path / "app", {"tests/test_a\x1b[2J.py": TESTS, "tests/test_b.py": "def test_b(): pass\n"})
    done = run_kit("run", str(tmp_path / "app"), "--format", form, "--recheck-s", "0", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert not UNSEEN.search(done.stdout + done.stderr)
    records = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("reports/*/*.jsonl")}
    assert {name: UNSEEN.search(text.replace("\n", "")) for name, text in records.items()} == {
        "case.jsonl": None,
        "events.jsonl": None,
    }
    if form == "json":
        assert {test["nodeid"].partition("::")[0] for test in json.loads(done.stdout)["tests"]} == {
            "tests/test_a\x1b[2J.py",
            "tests/test_b.py",
        }
    elif form == "junit":
        assert ET.fromstring(done.stdout).find("testsuite") is not None
    else:
        assert "test_a␛[2J.py::test_raises" in done.stdout


def test_outputs_of_an_executed_notebook_are_visible_and_hold_no_token(tmp_path):
    token = "ghp_0123456789abcdefghij0123456789abcdef"
    picture = "iVBO/oy2h4rksuaaytiyhjtinge6u7vbh5ewsen1uczotrhgykz+"
    assert without_certain(picture) != picture, "by chance"
    chart = {"data": [{"name": token, "x": [1, None]}], token: True}
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": [EVIL, token]},
        {"output_type": "display_data", "data": {"text/html": f"<b>{EVIL} {token}</b>", "image/png": picture}},
        {"output_type": "display_data", "data": {"application/vnd.chart.v1+json": chart, "text/csv": f"a,{token}"}},
        {"output_type": "error", "ename": "E", "evalue": EVIL, "traceback": ["\x1b[0;31mred\x1b[0m", token]},
    ]
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": outputs}, {"cell_type": "markdown"}]}))
    clean_notebook(path)
    assert token not in path.read_text()
    stream, shown, other, error = json.loads(path.read_text())["cells"][0]["outputs"]
    assert stream["text"] == [visible(EVIL), "***"]
    assert shown["data"] == {"text/html": f"<b>{visible(EVIL)} ***</b>", "image/png": picture}
    assert other["data"]["application/vnd.chart.v1+json"] == {"data": [{"name": "***", "x": [1, None]}], "***": True}
    assert other["data"]["text/csv"] == "a,***"
    assert error["traceback"] == ["red", "***"]
