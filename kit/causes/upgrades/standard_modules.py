"""Modules that Python no longer has, and distributions that bring them: each was installed and imported with 3.13.

https://peps.python.org/pep-0594/
"""

from __future__ import annotations

from typing import Final

_STANDARD: Final = (
    "aifc asynchat asyncore cgi cgitb chunk crypt imghdr mailcap nntplib pipes smtpd sndhdr sunau telnetlib uu xdrlib"
)

#: by module: the distribution
BRINGING: Final = {
    **{name: f"standard-{name}" for name in _STANDARD.split()},
    "audioop": "audioop-lts",
    "distutils": "setuptools",
}
