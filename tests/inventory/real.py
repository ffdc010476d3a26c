"""What SQLAlchemy itself says of a module with mapped classes."""

from __future__ import annotations

import sys
import textwrap
import types

from sqlalchemy import create_engine

HEAD = """
from typing import Annotated, Optional
from sqlalchemy import *
from sqlalchemy.orm import *

class Base(DeclarativeBase): ...
"""


def module(text: str) -> str:
    """A module with a base and the given classes."""
    return HEAD + textwrap.dedent(text)


def complaint(text: str) -> str | None:
    """The error (or warning, which the tests make one) of importing the module, configuring its mappers and creating
    its tables, or ``None``.
    """
    made = types.ModuleType("judged")
    engine = create_engine("sqlite://")
    sys.modules["judged"] = made  # SQLAlchemy evaluates annotations in the module of their class
    try:
        exec(compile(text, "judged", "exec", dont_inherit=True), made.__dict__)
        made.Base.registry.configure()
        made.Base.metadata.create_all(engine)
    except (Warning, Exception) as error:  # noqa: BLE001 (whatever it is, is the answer)
        return f"{type(error).__name__}: {error}"
    finally:
        del sys.modules["judged"]
        engine.dispose()
        made.Base.registry.dispose()
    return None
