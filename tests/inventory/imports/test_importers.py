"""Who imports a module, or a name from it."""

from __future__ import annotations

import pytest

from kit.facts.places import Role
from kit.inventory.source.roles import role_of
from tests.inventory.projects import Source

MODELS = {"a/__init__.py": "", "a/b/__init__.py": "", "a/b/models.py": "class User: ...\nclass Role: ..."}


def source(**files: str) -> Source:
    return Source({**MODELS, **{name.replace("__", "/") + ".py": text for name, text in files.items()}})


FORMS = {
    "from": "from a.b.models import User",
    "among others": "from a.b.models import Role, User",
    "aliased": "from a.b.models import User as Account",
    "whole module aliased": "import a.b.models as m\nm.User",
    "whole module": "import a.b.models\nx = a.b.models.User.id",
    "submodule": "from a.b import models\nmodels.User()",
    "package": "from a import b\nb.models.User",
    "package aliased": "import a.b as p\np.models.User",
    "star": "from a.b.models import *",
    "multi-line": "from a.b.models import (\n    Role,\n    User,\n)",
    "in a function": "def f():\n    from a.b.models import User",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_each_form_of_import_is_an_importer_of_the_name(text: str) -> None:
    line = 2 if text.startswith("def") else 1
    assert source(x=text).lines("a.b.models", "User") == [f"x.py:{line}"]


OTHERS = {
    "another name": "from a.b.models import Role",
    "another module": "from a.models import User",
    "the whole module for another name": "import a.b.models as m\nm.Role",
    "a comment": "# from a.b.models import User",
    "a docstring": '"""\nfrom a.b.models import User\n"""',
    "a string": "text = 'import a.b.models'",
    "used in a comment only": "from a.b import models\n# models.User",
    "used in a string only": "from a.b import models\ntext = 'models.User'",
    "an attribute of something else": "from a.b import models\nx().models.User\nself.models.User",
    "a longer name": "from a.b import models\nmodels.UserRole",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_importer_of_the_name(text: str) -> None:
    assert source(x=text).lines("a.b.models", "User") == []


def test_relative_imports() -> None:
    project = source(
        a__b__views="from .models import User\nfrom . import models\nmodels.User",
        a__views="from .b.models import User",
        a__c__deep="from ..b.models import User as U",
    )
    assert project.lines("a.b.models", "User") == ["a/b/views.py:1", "a/b/views.py:2", "a/c/deep.py:1", "a/views.py:1"]


def test_importers_of_a_module() -> None:
    project = source(
        x="from a.b.models import User, Role\nimport a.b.models as m\nfrom a.b import models\n"
        "import_module('a.b.models')",
        y="import a.b.models\nfrom a.b.models import *",
        z="from a.b import other\nimport a.b",
    )
    found = [(i.path, i.line, i.name, i.via, i.statement) for i in project.importers.of_module("a.b.models")]
    assert found == [
        ("x.py", 1, "Role", None, "from a.b.models import User, Role"),
        ("x.py", 1, "User", None, "from a.b.models import User, Role"),
        ("x.py", 2, None, "m", "import a.b.models as m"),
        ("x.py", 3, None, None, "from a.b import models"),
        ("x.py", 4, None, None, 'import_module("a.b.models")'),
        ("y.py", 1, None, None, "import a.b.models"),
        ("y.py", 2, "*", None, "from a.b.models import *"),
    ]


def test_re_exports_are_followed_to_the_end() -> None:
    project = source(
        a__api="from a.b.models import User as Account",
        a__front="from a.api import Account\nMember = Account",
        a__all="from a.b.models import *",
        x="from a.api import Account",
        y="from a.front import Member as M",
        z="from a.all import User",
        w="import a.front\na.front.Member",
        other="from a.api import User",
    )
    found = {f"{i.path}:{i.line}": (i.name, i.through) for i in project.importers.of_name("a.b.models", "User")}
    assert found == {
        "a/all.py:1": ("*", None),
        "a/api.py:1": ("User", None),
        "a/front.py:1": ("Account", "a.api"),
        "w.py:1": ("Member", "a.front"),
        "x.py:1": ("Account", "a.api"),
        "y.py:1": ("Member", "a.front"),
        "z.py:1": ("User", "a.all"),
    }


def test_a_package_that_re_exports_in_its_init() -> None:
    project = Source(
        {
            "app/__init__.py": "from app.models import *",
            "app/models/__init__.py": "from .user import User\n__all__ = ['User']",
            "app/models/user.py": "class User: ...",
            "x.py": "from app.models import User",
            "y.py": "import app\napp.User",
        }
    )
    assert project.lines("app.models.user", "User") == [
        "app/__init__.py:1",
        "app/models/__init__.py:1",
        "x.py:1",
        "y.py:1",
    ]


def test_an_import_in_a_function_passes_nothing_on() -> None:
    project = source(a__api="def f():\n    from a.b.models import User", x="from a.api import User")
    assert project.lines("a.b.models", "User") == ["a/api.py:2"]


def test_all_limits_a_star() -> None:
    project = Source({"m.py": "__all__ = ['Role']\nclass User: ...\nclass Role: ...", "x.py": "from m import *"})
    assert project.lines("m", "User") == []
    assert project.lines("m", "Role") == ["x.py:1"]


def test_modules_that_import_each_other_come_to_an_end() -> None:
    project = Source({"m.py": "from n import X", "n.py": "from m import X", "x.py": "from m import X"})
    assert project.lines("n", "X") == ["m.py:1", "n.py:1", "x.py:1"]


def test_a_package_that_imports_its_submodule_under_the_name_of_something_else() -> None:
    project = Source(
        {
            "p/__init__.py": "from . import mapper as mapperlib\nfrom .functions import mapper",
            "p/mapper.py": "",
            "p/functions.py": "def mapper(): ...",
            "x.py": "from p import mapperlib",
        }
    )
    assert project.lines("p.mapper") == ["p/__init__.py:1", "x.py:1"]


def test_importers_under_the_other_name_of_a_module() -> None:
    project = Source(
        {
            "backend/app/models.py": "class User: ...",
            "x.py": "from backend.app.models import User",
            "y.py": "from backend.app.models import User",
            "backend/z.py": "from app.models import User",
        },
        roots=(".", "backend"),
    )
    assert project.lines("app.models", "User") == ["backend/z.py:1", "x.py:1", "y.py:1"]


def test_an_unparsable_importer_is_not_lost() -> None:
    assert source(x="from a.b.models import User\ndef broken(:").lines("a.b.models", "User") == ["x.py:1"]


def test_the_importers_of_a_library() -> None:
    project = Source(
        {"x.py": "from fastapi.responses import Response", "y.py": "import fastapi\nfastapi.responses.Response"}
    )
    assert project.lines("fastapi.responses", "Response") == ["x.py:1", "y.py:1"]


def test_a_use_in_brackets_over_several_lines() -> None:
    assert source(x="from a.b import models\nx = (models\n     .User)").lines("a.b.models", "User") == ["x.py:1"]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("backend/app/users/models.py", "production"),
        ("backend/tests/test_users.py", "test"),
        ("backend/tests/factories.py", "test"),
        ("app/test_models.py", "test"),
        ("conftest.py", "test"),
        ("alembic/versions/0001_users.py", "migration"),
        ("app/migrations/0001.py", "migration"),
        ("scripts/seed.py", "script"),
        ("setup.py", "script"),
        ("docs/examples/app.py", "script"),
        ("app/contest.py", "production"),
        ("app/testimonials/views.py", "production"),
    ],
)
def test_the_role_of_a_file(path: str, role: Role) -> None:
    assert role_of(path) == role


def test_a_name_that_a_package_makes_when_it_is_asked_for_is_passed_on() -> None:
    lazy = "import typing\nif typing.TYPE_CHECKING:\n    from app.pool import Pool\ndef __getattr__(name): ..."
    files = {"app/__init__.py": lazy, "app/pool.py": "class Pool: ...", "a.py": "from app import Pool"}
    assert Source(files).lines("app.pool", "Pool") == ["a.py:1", "app/__init__.py:3"]


def test_an_alias_that_something_else_takes_the_place_of_passes_nothing_on() -> None:
    text = """
        import typing
        class Plain: ...
        class Special(Plain): ...
        if typing.TYPE_CHECKING:
            Chosen = Plain
        else:
            Chosen = Special
        """
    project = Source({"m.py": text, "a.py": "from m import Chosen"})
    assert project.lines("m", "Plain") == []
    assert project.lines("m", "Special") == ["a.py:1"]


def test_a_use_in_an_f_string_is_one_and_in_its_text_is_none() -> None:
    files = {
        "m.py": "class User: ...\nclass Order: ...",
        "a.py": 'import m\nprint(rf"m.Order {m.User.name!r:>{m.User.width}}", f\'{ {"x": m.User}["x"] }\')',
        "b.py": "import m\nprint(f'{m.Order}')",
    }
    assert Source(files).lines("m", "User") == ["a.py:1"]
    assert Source(files).lines("m", "Order") == ["b.py:1"]


def test_a_package_that_imports_its_submodule_does_not_import_what_has_its_name() -> None:
    package = "from . import cron as module\nfrom .cron import cron"
    files = {"lib/__init__.py": package, "lib/cron.py": "class cron: ...", "a.py": "from lib import cron"}
    assert Source(files).lines("lib.cron", "cron") == ["a.py:1", "lib/__init__.py:2"]


def test_of_an_import_and_an_alias_of_one_name_the_last_counts() -> None:
    text = "import sys, datetime\nif sys.version_info > (3, 13):\n    D = datetime.date\nelse:\n    from old import D"
    project = Source({"m.py": text, "old.py": "class D: ...", "a.py": "from m import D"})
    assert project.lines("old", "D") == ["a.py:1", "m.py:5"]


#: how a package hands a module on that is imported when it is first used
LAZY = {
    "LazyLoader": 'pyfunc = LazyLoader("pyfunc", globals(), "pkg.pyfunc")',
    "lazy_module": 'pyfunc = lazy_import.lazy_module("pkg.pyfunc")',
    "annotated": 'pyfunc: ModuleType = LazyModule("pkg.pyfunc")',
}


@pytest.mark.parametrize("how", LAZY)
def test_what_takes_a_lazily_loaded_module_from_its_package_imports_it(how: str) -> None:
    project = Source(
        {
            "pkg/__init__.py": f"from pkg.lazy import LazyLoader\n{LAZY[how]}\n",
            "pkg/lazy.py": "class LazyLoader: ...\n",
            "pkg/pyfunc.py": "def load(): ...\n",
            "pkg/a.py": "from pkg import pyfunc\npyfunc.load()\n",
            "pkg/b.py": "def f():\n    from pkg import pyfunc\n",
            "tests/test_a.py": "import pkg.pyfunc\n",
        }
    )
    found = project.importers.of_module("pkg.pyfunc")
    assert [(f"{one.path}:{one.line}", one.scope) for one in found] == [
        ("pkg/__init__.py:2", "lazy"),
        ("pkg/a.py:1", "lazy"),
        ("pkg/b.py:2", "function"),
        ("tests/test_a.py:1", "module"),
    ]
    assert project.lines("pkg.pyfunc", "load") == ["pkg/a.py:1"]
    assert "pkg.pyfunc" not in project.graph.closure("pkg.a")
