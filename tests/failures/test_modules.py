"""Which package a library asks for, in the words that libraries use."""

from __future__ import annotations

import pytest

from kit.failures import missing_module

_ASKED = {
    "No module named 'greenlet'": "greenlet",
    "The SQLAlchemy asyncio module requires that the Python 'greenlet' library is installed.  In order to ensure that, "
    "use the 'sqlalchemy[asyncio]' install target:  'pip install sqlalchemy[asyncio]'": "greenlet",
    "Using http2=True, but the 'h2' package is not installed. Use `pip install httpx[http2]`.": "h2",
    "The starlette.testclient module requires the httpx package to be installed.": "httpx",
    'Form data requires "python-multipart" to be installed. ': "python-multipart",
    "email-validator is not installed, run `pip install 'pydantic[email]'`": "email-validator",
    "jinja2 must be installed to use Jinja2Templates": "jinja2",
    "The `orjson` library must be installed": "orjson",
    "lxml not found, please install it": "lxml",
    "You need to install the redis library in order to use the Redis result store backend.": "redis",
    "'cryptography' is required to use EncryptedType": "cryptography",
    "This feature needs pandas: pip install pandas": "pandas",
}
_NOT_ASKED = (
    "Linkify enabled but not installed.",
    "the package is not installed",
    "Too old. Run: pip install --upgrade pytz",
    "use `pip install httpx[http2]`",
    "cannot import name 'price' from 'shop.prices' (an argument is required)",
)


@pytest.mark.parametrize(("message", "name"), _ASKED.items())
def test_the_package_that_a_message_asks_for_is_found(message: str, name: str) -> None:
    assert missing_module(message) == name


@pytest.mark.parametrize("message", _NOT_ASKED)
def test_words_around_a_name_are_not_taken_for_one(message: str) -> None:
    assert missing_module(message) is None
