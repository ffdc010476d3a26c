"""What counts as a change of a function, of what is outside of functions, and of nothing."""

from __future__ import annotations

import textwrap

import pytest

from kit.suite.select.source_facts import FileDigests, source_facts, text_facts

SOURCE = '''
    """Money."""
    from functools import cache

    LIMIT = 5

    def to_cents(amount, factor=100):
        """In cents."""
        return amount * factor  # exact

    class Account:
        """An account."""

        name = "x"

        @property
        def balance(self):
            return [one for one in (1, 2) if one in {1, 2}]

        @balance.setter
        def balance(self, value):
            self.value = value

    key = lambda one: one + 1
'''


def facts(source: str) -> FileDigests:
    return source_facts(textwrap.dedent(source).encode())


@pytest.mark.parametrize(
    ("old", "new", "units"),
    [
        ("amount * factor", "amount + factor", {"to_cents"}),
        ("{1, 2}", "{1, 3}", {"Account.balance"}),
        ("self.value = value", "self.value = 2", {"Account.balance#2"}),
    ],
)
def test_the_body_of_a_function_is_a_unit(old: str, new: str, units: set[str]) -> None:
    before, after = facts(SOURCE), facts(SOURCE.replace(old, new))

    assert {name for name in before.units if before.units[name].digest != after.units[name].digest} == units
    assert (before.module, before.loud, before.quiet) == (after.module, after.loud, after.quiet)
    assert before.code != after.code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 5", "LIMIT = 6"),
        ("factor=100", "factor=10"),
        ('name = "x"', 'name = "y"'),
        ("@property", "@cache"),
        ("one + 1", "one + 2"),
        ("class Account:", "class Account(object):"),
        ("import cache", "import lru_cache"),
        ("def to_cents", "def cents"),
        ("LIMIT = 5", "LIMIT = 5.0"),
    ],
)
def test_what_is_outside_of_functions_is_the_module(old: str, new: str) -> None:
    assert facts(SOURCE).module != facts(SOURCE.replace(old, new)).module


@pytest.mark.parametrize(
    ("old", "new"),
    [("  # exact", ""), ("amount * factor", "(amount  *  factor)"), ("\n\n    class", "\n\n\n    class")],
)
def test_a_comment_and_the_format_are_nothing(old: str, new: str) -> None:
    before, after = facts(SOURCE), facts(SOURCE.replace(old, new))

    assert before.code == after.code
    assert (before.module, before.loud, before.quiet) == (after.module, after.loud, after.quiet)


def test_a_docstring_counts_only_where_something_may_read_it() -> None:
    before = facts(SOURCE)
    quiet, loud = (
        facts(SOURCE.replace("In cents.", "Cents.")),
        facts(SOURCE.replace("class Account:", "class Account(list):").replace("An account", "Accounts")),
    )

    assert (before.code, before.loud) == (quiet.code, quiet.loud)
    assert before.quiet != quiet.quiet
    assert facts(SOURCE.replace("class Account:", "class Account(list):")).loud != loud.loud


def test_a_second_text_after_a_docstring_is_not_taken_for_one() -> None:
    before = facts('def f():\n    "a"\n    "b"\n    return f.__doc__\n')

    assert before.code == facts('def f():\n    "c"\n    "b"\n    return f.__doc__\n').code
    assert before.reads_docs


@pytest.mark.parametrize("above", ["class Shell(cmd.Cmd):", "@api\nclass Shell:"])
def test_a_base_class_and_a_decorator_can_read_the_docstrings_of_methods(above: str) -> None:
    before, after = (facts(f'{above}\n  def do_x(self):\n    "{text}"\n') for text in ("a", "b"))

    assert before.loud != after.loud


@pytest.mark.parametrize(
    ("code", "is_unknown"),
    [
        ('import_module("app.money")', False),
        ("import_module(name)", True),
        ('import_module(f"app.{name}")', True),
        ('__import__("app." + name)', True),
        ("for one in pkgutil.walk_packages(app.__path__): ...", True),
        ("sys.modules[name]", True),
        ("sys.modules[__name__]", False),
        ("from importlib import import_module", False),
    ],
)
def test_imports_whose_names_the_source_does_not_show_are_known(code: str, is_unknown: bool) -> None:
    assert facts(code).imports_by_name == is_unknown


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("cls.__doc__", "docs"),
        ("tool = Tool.from_function(add)", "docs"),
        ("tools_from_function(add)", "docs"),
        ("api.add_api_route('/')", "docs"),
        ("register_tool(add)", "docs"),
        ("help(add)", "docs"),
        ("inspect.getsource(add)", "source"),
        ("error.tb_lineno", "source"),
        ("caplog.records[0].lineno", "source"),
        (r"""match=r'app.py\", line 3'""", "source"),
        ("add.__code__.co_consts", "code"),
        ("import dis", "code"),
        ("    from dis import get_instructions", "code"),
        ("marshal.loads(data)", "code"),
        ("the_doc, resources, discount, numbers, record", ""),
    ],
)
def test_what_reads_docstrings_source_and_compiled_code_is_known(code: str, reads: str) -> None:
    found = text_facts(code.encode())
    known = {"docs": found.reads_docs, "source": found.reads_source, "code": found.reads_code}
    assert {name for name, is_so in known.items() if is_so} == ({reads} if reads else set())


def test_a_file_from_the_future_keeps_its_docstring_apart() -> None:
    assert facts('"""A."""\nfrom __future__ import annotations\ndef f(): ...\n').units.keys() == {"f"}


@pytest.mark.parametrize(
    ("body", "keeps"),
    [
        ("@lru_cache\ndef f(): return 1", True),
        ("def f():\n    global X\n    X = 1", True),
        ("def f(key):\n    return CACHE.setdefault(key, 1)", True),
        ("def f(cls):\n    cls.only = 1", True),
        ("class A:\n  def f(self):\n    if self.engine is None:\n      self.engine = 1", True),
        ("def f(self):\n    if self.engine: return self.engine\n    self.engine = 1", True),
        ("def f(self):\n    self.engine = self.engine or 1", True),
        ("def f(self, key):\n    if key not in self.found: self.found[key] = 1\n    return self.found[key]", True),
        ("def f(self, key):\n    try: return self.found[key]\n    except KeyError: self.found[key] = 1", True),
        ("def f(self, key):\n    one = self.found.get(key)\n    if one is None: self.found[key] = 1", True),
        ("def f(key):\n    def inner():\n        CACHE[key] = 1\n    inner()", True),
        ("def f(rows):\n    CACHE[1:2] = rows", True),
        ("def f(cls, path):\n    with open(path) as cls.stream: pass", True),
        ("def f():\n    return [CACHE.append(one) for one in (1, 2)]", True),
        ("def f():\n    global X\n    del X", True),
        ("def f(self):\n    self.total = 1", False),
        ("def f(self, key):\n    if key: self.found[key] = 1", False),
        ("def f():\n    found = []\n    found.append(1)\n    return found", False),
    ],
)
def test_functions_that_keep_what_they_make_are_known(body: str, keeps: bool) -> None:
    assert [unit.keeps for unit in facts(body).units.values()] == [keeps]


@pytest.mark.parametrize("source", ["def f(:", "\0", "x = 1\n\x0c  y"])
def test_a_file_that_cannot_be_compiled_is_one_text(source: str) -> None:
    found = facts(source)

    assert (found.code, found.module, found.units, found.is_compiled) == (found.text, found.text, {}, False)
