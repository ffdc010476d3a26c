"""A project that misbehaves in every way that results can tell of, and its results as others make them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = {
    "app/__init__.py": "",
    "tests/sub/test_syntax.py": "def f(:\n    pass\n",
    "pytest.ini": """
        [pytest]
        pythonpath = .
    """,
    "app/core.py": r"""
        class AppError(Exception):
            pass


        def low(x):
            return 1 / x


        def mid(x):
            try:
                return low(x)
            except ZeroDivisionError as error:
                raise AppError(f"cannot do {x}\nsecond line") from error


        def ctx():
            try:
                {}["nothing"]
            except KeyError:
                raise RuntimeError("while handling")
    """,
    "tests/conftest.py": """
        import pytest
        from app.core import mid


        @pytest.fixture
        def broken():
            return mid(0)


        @pytest.fixture
        def leaving():
            yield 1
            raise OSError("teardown went wrong")
    """,
    "tests/test_a.py": """
        import sys
        import unittest

        import pytest
        from app.core import ctx, low, mid


        def test_ok():
            print("hello")


        def test_div():
            low(0)


        def test_chain():
            print("some output all well")
            mid(0)


        def test_ctx():
            ctx()


        @pytest.mark.parametrize("a", [1, "x::y.z [q]", "a/b.py"])
        def test_param(a):
            assert {"a": a, "b": [1, 2]} == {"a": 2, "b": [1, 3]}


        def test_words():
            left = 3
            assert left == 4, "the balance must stay the same"


        def test_setup(broken):
            pass


        def test_leaving(leaving):
            pass


        def test_both(leaving):
            assert 0


        def test_nofix(nope):
            pass


        @pytest.mark.skip(reason="not today")
        def test_skip():
            pass


        def test_skip_in():
            pytest.skip("inside: why")


        @pytest.mark.xfail(reason="known bug")
        def test_xfail():
            low(0)


        @pytest.mark.xfail(reason="was a bug")
        def test_xpass():
            pass


        @pytest.mark.xfail(reason="was a bug", strict=True)
        def test_xpass_strict():
            pass


        @pytest.mark.xfail
        def test_xfail_bare():
            assert 0


        class TestC:
            class TestInner:
                def test_m(self):
                    pytest.fail("explicitly")

            def test_raises(self):
                with pytest.raises(ValueError):
                    pass


        class TestU(unittest.TestCase):
            def test_u(self):
                self.assertEqual(1, 2)

            @unittest.skip("unit skip")
            def test_us(self):
                pass


        def test_group():
            raise ExceptionGroup("many", [ValueError("one"), TypeError("two")])


        def test_rec():
            def f():
                f()
            f()

        def test_url():
            raise ValueError("postgresql://u:geheim@h/db")

        def test_sql():
            import sqlalchemy as sa
            e = sa.create_engine("sqlite://")
            with e.connect() as c:
                c.execute(sa.text("select * from nowhere"))
    """,
    "tests/sub/test_b.py": """
        def test_ok():
            pass
    """,
    "tests/sub/test_bad.py": """
        import nothing_like_this
    """,
}


def record(root: Path, *options: str) -> None:
    """Run the tests of a project with the real pytest, as its owner would."""
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run([*command, *options], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
