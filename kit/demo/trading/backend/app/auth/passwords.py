"""Password rules and hashing."""

import hashlib
import hmac
import os
import re

MINIMUM_LENGTH = 10
COMMON = frozenset({"password12", "1234567890", "qwertyuiop", "letmein123", "tradetrade"})
RULES = {
    "a lower-case letter": re.compile(r"[a-z]"),
    "an upper-case letter": re.compile(r"[A-Z]"),
    "a digit": re.compile(r"\d"),
    "a symbol": re.compile(r"[^\w\s]"),
}


def weaknesses(password: str, *, email: str = "") -> list[str]:
    """What is wrong with a password, in words; empty when it will do."""
    found = []
    if len(password) < MINIMUM_LENGTH:
        found.append(f"fewer than {MINIMUM_LENGTH} characters")
    found += [f"needs {what}" for what, pattern in RULES.items() if not pattern.search(password)]
    if password.lower() in COMMON:
        found.append("too common")
    name = email.partition("@")[0].lower()
    if len(name) >= 4 and name in password.lower():
        found.append("contains the e-mail address")
    return found


def hash_password(password: str, *, iterations: int) -> str:
    salt = os.urandom(12)
    return f"{iterations}${salt.hex()}${_digest(password, salt, iterations).hex()}"


def password_matches(password: str, stored: str) -> bool:
    """Whether this is the password behind a stored hash; False for an unusable hash such as "!"."""
    try:
        iterations, salt, digest = stored.split("$")
        candidate = _digest(password, bytes.fromhex(salt), int(iterations))
    except ValueError:
        return False
    return hmac.compare_digest(candidate.hex(), digest)


def _digest(password: str, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
