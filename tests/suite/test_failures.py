from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.facts.target import Interpreter, PytestConfig, Target
from kit.probes.suite.capture import describe, file_of_compiled
from kit.suite.record.failures import FailureReader
from tests.suite.conftest import Run

ORIGINAL = "/home/user/shop"
INSTALLED = f"{ORIGINAL}/.venv/lib/python3.11/site-packages/package.py"
NO_FRAME = "Current thread 0x1 (most recent call first):\n  <no Python frame>\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A scratch copy with one file of the app."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "orders.py").write_text("def place():\n    raise ValueError(token='hunter22')\n")
    return tmp_path


@pytest.fixture
def reader(root: Path) -> FailureReader:
    interpreter = Interpreter("/usr/bin/python3", "3.11")
    return FailureReader(Target(ORIGINAL, "shop", interpreter, (".",), ("checks",), PytestConfig()), root)


def chain(frames: list[list[Any]], message: str = "no") -> list[dict[str, Any]]:
    link = {"type": "ValueError", "module": "builtins", "message": message, "length": len(message)}
    return [{**link, "relation": None, "frames": frames}]


@pytest.mark.parametrize(
    ("path", "recorded", "owner"),
    [
        ("{root}/app/orders.py", "app/orders.py", "own"),
        ("app/orders.py", "app/orders.py", "own"),
        (f"{ORIGINAL}/app/orders.py", "app/orders.py", "own"),
        ("{root}/checks/orders.py", "checks/orders.py", "test"),
        ("{root}/app/test_orders.py", "app/test_orders.py", "test"),
        ("{root}/app/orders_test.py", "app/orders_test.py", "test"),
        ("{root}/app/conftest.py", "app/conftest.py", "test"),
        (INSTALLED, INSTALLED, "library"),
        ("/usr/lib/python3.11/json/decoder.py", "/usr/lib/python3.11/json/decoder.py", "library"),
        ("<string>", "<string>", "library"),
    ],
)
def test_paths_are_mapped_back_and_tell_whose_code_it_is(
    reader: FailureReader, root: Path, path: str, recorded: str, owner: str
) -> None:
    (frame,) = reader.failure(chain([[path.format(root=root), 1, "f"]]), "call").raised.frames

    assert (frame.path, frame.owner) == (recorded, owner)


def test_the_source_line_is_kept_without_its_secrets(reader: FailureReader, root: Path) -> None:
    (frame,) = reader.failure(chain([[f"{root}/app/orders.py", 2, "place"]]), "call").raised.frames

    assert frame.source.startswith("raise ValueError(token=")
    assert "hunter22" not in frame.source


def test_paths_of_the_copy_do_not_show_in_messages(reader: FailureReader, root: Path) -> None:
    message = f"cannot open {root}/data/x.csv in {root}"

    assert reader.failure(chain([], message), "call").raised.message == "cannot open data/x.csv in ."


def test_the_middle_of_a_library_is_left_out_and_own_frames_never(reader: FailureReader, root: Path) -> None:
    library = [[f"/usr/lib/python3.11/lib{n}.py", n, f"lib{n}"] for n in range(20)]
    frames = [[f"{root}/test_a.py", 1, "test"], *library[:10], [f"{root}/app/orders.py", 1, "place"], *library[10:]]
    kept = reader.failure(chain(frames), "call").raised.frames

    assert [frame.function for frame in kept] == [
        "test", "lib0", "lib1", "lib2", "place", "lib15", "lib16", "lib17", "lib18", "lib19",
    ]  # fmt: skip


def test_the_machinery_of_pytest_and_of_imports_is_left_out(reader: FailureReader, root: Path) -> None:
    site = "/usr/lib/python3.11/site-packages"
    frames = [
        [f"{site}/_pytest/python.py", 1, "importtestmodule"],
        ["/usr/lib/python3.11/importlib/__init__.py", 1, "import_module"],
        ["<frozen importlib._bootstrap>", 1, "_gcd_import"],
        [f"{site}/_pytest/assertion/rewrite.py", 1, "exec_module"],
        [f"{root}/test_a.py", 1, "<module>"],
        ["<frozen importlib._bootstrap>", 1, "_find_and_load"],
        [f"{root}/app/orders.py", 1, "<module>"],
    ]
    kept = reader.failure(chain(frames), "collect").raised.frames

    assert [frame.path for frame in kept] == ["test_a.py", "app/orders.py"]


def test_ids_tell_failures_apart_and_are_the_same_in_every_run(reader: FailureReader, root: Path) -> None:
    here = reader.failure(chain([[f"{root}/app/orders.py", 2, "place"]]), "call")
    same = reader.failure(chain([[f"{ORIGINAL}/app/orders.py", 2, "place"]]), "call")

    assert here == same
    assert len({here.id, reader.failure(chain([]), "call").id, reader.failure(chain([]), "setup").id}) == 3


def test_where_an_object_is_in_memory_makes_no_other_failure(reader: FailureReader) -> None:
    messages = [f"assert 3 is <Order object at 0x{place}>" for place in ("7fe7122d3bb0", "7FC98AE60AC0")]
    ids = {reader.failure(chain([], message), "call").id for message in messages}

    assert len(ids) == 1
    assert reader.failure(chain([], "assert 4 is <Order object at 0x7fe7122d3bb0>"), "call").id not in ids


STACK = """\
Fatal Python error: Segmentation fault

Thread 0x00007f0000000001 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 320 in wait

Current thread 0x00007f0000000002 (most recent call first):
  File "{root}/app/orders.py", line 2 in place
  File "{root}/test_a.py", line 7 in test_a
  File "/usr/lib/python3.11/site-packages/_pytest/python.py", line 159 in pytest_pyfunc_call
  ...

Extension modules: greenlet (total: 1)
"""


def test_the_stack_of_the_thread_that_crashed_is_read(reader: FailureReader, root: Path) -> None:
    failure = reader.from_stack("Crash", "crashed: SIGSEGV", "call", STACK.format(root=root))

    assert [(frame.path, frame.line, frame.function) for frame in failure.raised.frames] == [
        ("test_a.py", 7, "test_a"),
        ("app/orders.py", 2, "place"),
    ]
    assert (failure.raised.type, failure.raised.message) == ("Crash", "crashed: SIGSEGV")


def test_a_dump_without_a_current_thread_is_read_from_the_main_thread(reader: FailureReader, root: Path) -> None:
    dump = STACK.replace("Current thread", "Thread").format(root=root)

    assert reader.from_stack("Timeout", "…", "call", dump).raised.frames[-1].function == "place"


@pytest.mark.parametrize("stack", ["", "garbage\n", NO_FRAME])
def test_no_stack_is_no_frames(reader: FailureReader, stack: str) -> None:
    assert reader.from_stack("Timeout", "…", "call", stack).raised.frames == ()


@pytest.mark.parametrize(
    ("path", "module", "recorded"),
    [
        ("lib/rows/_cells.py", "/site-packages/rows/_cells.cpython-311.so", "/site-packages/rows/_cells.py"),
        ("rows/cells.pyx", "/site-packages/rows/cells.so", "/site-packages/rows/cells.pyx"),
        ("shop/cart.py", "/app/shop/cart.py", "shop/cart.py"),
        ("/app/shop/cart.py", "/app/shop/cart.so", "/app/shop/cart.py"),
        ("<string>", None, "<string>"),
    ],
)
def test_a_frame_of_a_compiled_module_stands_beside_that_module(path: str, module: str | None, recorded: str) -> None:
    assert file_of_compiled(path, {"__file__": module}) == recorded


REPORTS_LATE = """
    import pytest
    from _pytest.runner import runtestprotocol

    def pytest_runtest_protocol(item, nextitem):
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True
"""


def test_a_plugin_that_reports_all_phases_at_the_end_hides_no_exception(run: Run) -> None:
    text = """
        import pytest

        @pytest.fixture
        def order():
            raise LookupError("no order")

        def test_call(): raise ValueError("bad call")
        def test_setup(order): ...
    """
    facts = run({"conftest.py": REPORTS_LATE, "test_a.py": text})

    raised = {facts.failures[one.failure or ""].raised for one in facts.results}
    assert {(one.type, one.message, one.frames[-1].path) for one in raised} == {
        ("ValueError", "bad call", "test_a.py"),
        ("LookupError", "no order", "test_a.py"),
    }


def test_an_error_of_pytest_without_a_text_tells_where_it_was_raised() -> None:
    """For instance an assertion about fixtures, which a plugin of another release breaks."""
    code = compile("def execute():\n    raise AssertionError\n", "/lib/_pytest/fixtures.py", "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    with pytest.raises(AssertionError) as raised:
        names["execute"]()
    (own,) = describe(raised.value, raised.tb.tb_next)

    assert (own["message"], own["frames"]) == ("raised in _pytest/fixtures.py, execute", [])
