import os
import sys
import threading
from dataclasses import replace

import psutil
import pytest

import kit.probes
from kit.facts.errors import TargetError
from kit.target import probe as probe_module
from kit.target import run_probe
from tests.helpers import fingerprint, write_project
from tests.target.making import python_of, target_at

#: reads the request, and has `answer(record)`
PRELUDE = """
import json, os, sys, time
with os.fdopen(int(sys.argv[1])) as pipe:
    request = json.loads(pipe.readline())
records = int(sys.argv[2])
def answer(record):
    os.write(records, (json.dumps(record) + "\\n").encode())
"""


@pytest.fixture
def target(tmp_path):
    return target_at(write_project(tmp_path / "app", {"app.py": "x = 1\n"}))


@pytest.fixture
def run(target, tmp_path, monkeypatch):
    def run(code, request=None, *, timeout_s=30.0, target=target):
        write_project(tmp_path, {"probe.py": PRELUDE + code})
        monkeypatch.setattr(kit.probes, "command", lambda name: [str(tmp_path / name)])
        return run_probe(target, "probe.py", request or {}, root=target.path, timeout_s=timeout_s)

    return run


def test_a_request_goes_in_and_records_come_back(run):
    probe = run("for name in request['names']: answer({'hello': name})", {"names": ["a", "ü"]})
    assert probe.records == ({"hello": "a"}, {"hello": "ü"})
    assert (probe.returncode, probe.output, probe.timed_out, probe.ignored) == (0, "", False, 0)


def test_a_request_that_no_pipe_would_hold_gets_through_even_when_nobody_reads_it(run):
    large = {"files": ["x" * 100] * 20_000}
    assert run("answer({'files': len(request['files'])})", large).records == ({"files": 20_000},)


@pytest.mark.slow
def test_many_records_and_much_output_come_through_together(run):
    probe = run("for n in range(20_000): answer({'n': n, 'pad': 'x' * 50}); print('noise ' * 20)")
    assert [record["n"] for record in probe.records] == list(range(20_000))


def test_the_probe_runs_in_the_root_with_the_targets_interpreter_and_without_input(run, target):
    probe = run("answer({'cwd': os.getcwd(), 'python': sys.executable, 'input': sys.stdin.read()})")
    assert probe.records == ({"cwd": target.root, "python": sys.executable, "input": ""},)


def test_lines_that_are_no_records_are_ignored_and_counted(run):
    noise = "b'noise\\n\\xff\\xfe\\n' + b'[' * 100_000 + b'\\n'"
    probe = run(f"answer({{'n': 1}}); answer([2]); os.write(records, {noise}); answer({{'n': 3}})")
    assert probe.records == ({"n": 1}, {"n": 3})
    assert probe.ignored == 4


def test_a_record_that_was_cut_off_is_ignored(run):
    probe = run("answer({'n': 1}); os.write(records, b'{\"n\": 2'); os._exit(0)")
    assert probe.records == ({"n": 1},)


@pytest.mark.slow
def test_records_without_end_do_not_fill_memory(run, monkeypatch):
    monkeypatch.setattr(probe_module, "MOST_RECORDS", 100_000)
    probe = run("for n in range(10_000): answer({'n': n, 'pad': 'x' * 50})")
    assert probe.returncode == 0
    assert 1_000 < len(probe.records) < 2_000
    assert probe.ignored == 10_000 - len(probe.records)


@pytest.mark.slow
def test_only_the_end_of_the_output_is_kept_and_it_is_masked(run):
    probe = run(
        "for n in range(20_000): print(f'line {n} password=hunter2', flush=True)\nprint('end', file=sys.stderr)"
    )
    lines = probe.output.splitlines()
    assert lines[-2:] == ["line 19999 password=***", "end"]
    assert len(probe.output) <= probe_module.OUTPUT_TAIL
    assert lines[0].startswith("line ")  # not a line that was cut in two


@pytest.mark.slow
def test_a_flood_of_output_neither_blocks_nor_fills_memory(run):
    before = psutil.Process().memory_info().rss
    probe = run("block = b'x' * 1_000_000\nfor _ in range(300): os.write(1, block)\nanswer({'done': True})")
    assert probe.records == ({"done": True},)
    assert psutil.Process().memory_info().rss - before < 50_000_000


@pytest.mark.parametrize(
    ("code", "returncode"),
    [
        ("sys.exit(3)", 3),
        ("os._exit(0)", 0),
        ("raise ValueError('no')", 1),
        ("os.abort()", -6),
        ("os.close(records)", 0),
    ],
)
def test_however_it_ends_what_it_said_is_there(run, code, returncode):
    probe = run(f"answer({{'n': 1}}); {code}")
    assert probe.records == ({"n": 1},)
    assert probe.returncode == returncode


def test_an_exception_is_in_the_output(run):
    assert "ValueError: no" in run("raise ValueError('no')").output


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file descriptors")
@pytest.mark.parametrize(("seconds", "timed_out"), [(0, False), (60, True)])
def test_a_system_that_does_not_tell_when_a_process_ends_is_asked_again_and_again(run, monkeypatch, seconds, timed_out):
    def forbidden(pid):
        raise PermissionError(pid)

    monkeypatch.setattr(os, "pidfd_open", forbidden)
    assert run(f"time.sleep({seconds})", timeout_s=0.5 if timed_out else 30.0).timed_out == timed_out


def test_a_probe_that_takes_too_long_is_ended_and_keeps_its_records(run):
    probe = run("answer({'pid': os.getpid()}); print('still here', flush=True); time.sleep(600)", timeout_s=1)
    assert (probe.timed_out, probe.returncode, probe.output) == (True, None, "still here\n")
    assert not psutil.pid_exists(probe.records[0]["pid"])


@pytest.mark.skipif(sys.platform != "linux", reason="the guard needs Linux")
@pytest.mark.parametrize("end", ["os._exit(0)", "time.sleep(600)"])
def test_nothing_is_left_of_a_probe_that_forks_and_forgets(run, end):
    probe = run(
        "def fork():\n"
        "    pid = os.fork()\n"
        "    if pid == 0: return True\n"
        "    answer({'pid': pid})\n"
        "if fork(): time.sleep(600)\n"
        "if fork():\n"
        "    os.setsid()\n"
        "    if fork(): time.sleep(600)\n"
        "    os._exit(0)\n"
        f"time.sleep(0.2); {end}",
        timeout_s=1.5,
    )
    assert len(probe.records) == 3
    assert not any(psutil.pid_exists(record["pid"]) for record in probe.records)


@pytest.mark.slow
def test_no_thread_and_no_file_of_ours_is_left(run):
    threads, files = threading.active_count(), psutil.Process().num_fds()
    run("print('x')")
    run("time.sleep(600)", timeout_s=0.5)
    assert threading.active_count() == threads
    assert psutil.Process().num_fds() == files


def test_the_tree_is_not_written_to(run, target):
    before = fingerprint(target.path)
    run("sys.path.insert(0, os.getcwd()); import app")
    assert fingerprint(target.path) == before


def test_a_target_without_an_interpreter_is_said_in_a_sentence(run, target):
    with pytest.raises(TargetError, match="has no usable Python interpreter"):
        run("", target=replace(target, interpreter=None))


def test_an_interpreter_that_is_gone_is_no_crash_of_ours(run, target, tmp_path):
    gone = replace(target, interpreter=replace(target.interpreter, executable=str(tmp_path / "gone")))
    probe = run("", target=gone)
    assert probe.returncode == 127
    assert "cannot be started" in probe.output


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13"])
def test_probes_run_on_every_supported_python(run, target, version):
    other = replace(target, interpreter=replace(target.interpreter, executable=python_of(version)))
    probe = run("answer({'version': '%d.%d' % sys.version_info[:2]})", target=other)
    assert probe.records == ({"version": version},)
