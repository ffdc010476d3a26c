"""Nothing that is written holds a secret, and only its user can read it."""

import json
import os
import random
import stat
import tracemalloc
from pathlib import Path

import pytest

from kit.masking import cleaned, is_clean_json, learn_environment, refuse, without_certain
from kit.masking.gate import LeakError
from kit.masking.text import rules_about
from tests.helpers import run_kit, write_project
from tests.masking.forms import FORMS, leftover

#: one form of each kind: a name, a header, a URL, a command, tokens of a service, a block
PLANTED = ("DB_PASS=", "multi-word", "set-cookie", "postgres slashes", "mysql -p", "github", "telegram", "openssh key")


def test_every_text_of_a_json_value_is_masked_and_its_shape_is_kept():
    value = {"a": ["password='hunter2'", 1, None], "token='abc123def'": {"n": True}}
    assert cleaned(value) == {"a": ["password='***'", 1, None], "token='***'": {"n": True}}


def test_a_text_that_was_clean_is_masked_once_it_holds_a_secret_that_was_learned(monkeypatch):
    assert cleaned("built by q8Zr!kLm2PwX") == "built by q8Zr!kLm2PwX"
    monkeypatch.setenv("PAYMENTS_API_KEY", "q8Zr!kLm2PwX")
    learn_environment()
    assert cleaned("built by q8Zr!kLm2PwX") == "built by ***"
    monkeypatch.undo()
    learn_environment()


def test_a_document_of_texts_that_were_clean_is_looked_at_again_once_a_secret_is_learned(monkeypatch):
    document = json.dumps(["built by q8Zr!kLm2PwX", 'a "quoted" one'])
    assert is_clean_json(document)
    assert is_clean_json(document)
    monkeypatch.setenv("PAYMENTS_API_KEY", "q8Zr!kLm2PwX")
    learn_environment()
    assert not is_clean_json(document)
    monkeypatch.undo()
    learn_environment()


def test_an_output_that_still_holds_a_token_or_a_known_value_is_refused(monkeypatch):
    monkeypatch.setenv("PAYMENTS_API_KEY", "q8Zr!kLm2PwX")
    learn_environment()
    refuse("page", "<p>password: hunter2 and ***</p>")
    for secret in ("ghp_0123456789abcdefghij0123456789abcdef", "q8Zr!kLm2PwX", "cThaciFrTG0yUHdY"):
        with pytest.raises(LeakError, match=r"^page was not written: line 2 would show") as refused:
            refuse("page", f"<p>\n{secret}</p>")
        assert secret not in str(refused.value)
    monkeypatch.undo()
    learn_environment()


def test_a_token_is_refused_in_an_output_whose_other_lines_were_written_before():
    lines = [f'"nodeid": "tests/test_a.py::test_{number}",' for number in range(50)]
    refuse("page", "\n".join(lines))
    refuse("page", "\n".join(lines))
    with pytest.raises(LeakError, match="line 51 would show"):
        refuse("page", "\n".join([*lines, "ghp_0123456789abcdefghij0123456789abcdef", *lines]))


@pytest.mark.slow
@pytest.mark.parametrize("place", [0, 1_000, 59_999])
def test_a_token_is_refused_wherever_it_stands_in_a_long_output(place):
    lines = [f'"nodeid": "tests/test_long_{place}.py::test_{number}",' for number in range(60_000)]
    lines[place] = "ghp_0123456789abcdefghij0123456789abcdef"
    with pytest.raises(LeakError, match=f"line {place + 1} would show"):
        refuse("page", "\n".join(lines))


@pytest.mark.slow
def test_a_long_output_is_looked_at_without_a_copy_of_all_of_its_lines():
    text = "\n".join(f'"seconds": 0.{number:07}' for number in range(200_000))
    refuse("page", "warm up")
    tracemalloc.start()
    refuse("page", text)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 9 * len(text), "short lines are remembered, and take several times their size"


def test_the_name_of_a_test_is_looked_at_by_no_rule():
    assert rules_about("tests/orders/test_live_prices.py::TestPrices::test_pub[1]") == []


def test_json_stays_json_when_a_certain_secret_is_taken_out_of_its_text():
    text = json.dumps(
        {"url": "postgres://bob:hun2ter@db/app", "token": "x", "quoted": 'say "glpat-0123456789abcdefghij"'}
    )
    assert json.loads(without_certain(text)) == {
        "url": "postgres://bob:***@db/app",
        "token": "x",
        "quoted": 'say "***"',
    }


@pytest.fixture(scope="module")
def investigated(tmp_path_factory):
    """The folder of reports of a target that shows secrets in every way, what was printed, and the secrets."""
    rng = random.Random(14)
    made = [FORMS[name](rng) for name in PLANTED]
    variable, setting = "vQ7!xLm2PwXz9", "sK4-pRt8yUw1"
    folder = tmp_path_factory.mktemp("secrets")
    tests = "\n".join(
        f"""
        def test_raises_{number}(): raise ValueError({text!r})
        def test_compares_{number}(): assert {text!r} == ""
        def test_prints_{number}():
            print({text!r}); logging.error({text!r}); warnings.warn({text!r})
            assert False
        def test_is_skipped_{number}(): pytest.skip({text!r})
        @pytest.mark.parametrize("text", [{text!r}])
        def test_takes_{number}(text): assert not text
        """
        for number, (text, _) in enumerate(made)
    )
    head = "import logging, os, warnings\nimport pytest\n"
    last = "\ndef test_known(): raise ValueError(os.environ['SHOP_TOKEN'][::-1][::-1] + ' ' + 'sK4-pRt8' + 'yUw1')\n"
    body = "\n".join(line[8:] if line.startswith(" " * 8) else line for line in tests.splitlines())
    target = write_project(folder / "app", {"tests/test_app.py": head + body + last, ".env": f"API_KEY={setting}\n"})
    os.umask(before := os.umask(0))
    done = run_kit(
        "investigate",
        str(target),
        "--case",
        "c",
        "--reports-dir",
        str(folder / "reports"),
        cwd=folder,
        SHOP_TOKEN=variable,
    )
    os.umask(before)
    return folder / "reports", done, [*(secret for _, secret in made), variable, setting]


@pytest.mark.slow
@pytest.mark.slow
def test_no_output_of_an_investigation_shows_a_secret(investigated):
    reports, done, secrets = investigated
    assert done.returncode == 1, done.stderr
    outputs = {str(path): path.read_text(errors="replace") for path in reports.rglob("*") if path.is_file()}
    assert {Path(name).suffix for name in outputs} >= {".html", ".json", ".jsonl", ".sqlite", ".ipynb"}
    for name, text in {**outputs, "stdout": done.stdout, "stderr": done.stderr}.items():
        for secret in secrets:
            assert not leftover(text, secret), name
    assert "***" in outputs[str(reports / "c" / "incident.html")]


@pytest.mark.slow
def test_outputs_are_for_their_user_alone(investigated):
    reports, _, _ = investigated
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (reports, *reports.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


@pytest.mark.slow
def test_share_opens_a_case_for_everybody(tmp_path):
    write_project(tmp_path / "app", {"tests/test_a.py": "def test_a(): pass\n"})
    done = run_kit("run", str(tmp_path / "app"), "--case", "c", "--share", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    reports = tmp_path / "reports"
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (reports, *reports.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o755}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o644}


@pytest.mark.slow
@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_password_that_is_the_name_of_the_folder_hides_no_path(tmp_path, where):
    name, other = "ledger_service9", "q8Zr!kLm2PwX"
    settings = f"API_TOKEN={other}\n" + (f"POSTGRES_PASSWORD={name}\n" if where == "file" else "")
    environment = {"POSTGRES_PASSWORD": name} if where == "environment" else {}
    test = f"def test_a(): raise ValueError('{other}')\n"
    write_project(tmp_path / name, {".env": settings, "pytest.ini": "[pytest]\n", "test_a.py": test})

    result = run_kit("run", name, "--reports-dir", "reports", cwd=tmp_path, **environment)
    told = result.stdout + result.stderr

    assert result.returncode == 1, told
    assert "1 collected = 1 failed" in told
    assert "--failed ledger-service9-" in told
    assert "ValueError: ***" in told
    assert other not in told


def test_texts_without_a_secret_are_looked_at_together(monkeypatch):
    looks = []
    monkeypatch.setattr("kit.masking.gate.may_hold_secret", lambda text: bool(looks.append(text)))
    assert is_clean_json(json.dumps([f"tests/test_plain.py::test_together_{number}" for number in range(1000)]))
    assert len(looks) <= 20
    assert is_clean_json(json.dumps([f"tests/test_plain.py::test_together_{number}" for number in range(1000)]))
    assert len(looks) <= 20


def test_a_secret_among_many_texts_is_found_and_none_is_made_of_two_texts():
    texts = [f"one of many: {number}" for number in range(200)]
    assert not is_clean_json(json.dumps([*texts, "token='abc123def'"]))
    assert is_clean_json(json.dumps([*texts, "the option --password", "hunter2", "password =", "'hunter2'"]))
