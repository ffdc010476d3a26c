"""Passwords and tokens."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.app.auth.passwords import hash_password, password_matches, weaknesses
from backend.app.auth.tokens import BadToken, Claims, issue_token, read_token
from backend.app.core.permissions import Role

SECRET = "test-secret"
EXPIRY = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("Correct-h0rse", []),
        ("correct-h0rse", ["needs an upper-case letter"]),
        ("CORRECT-H0RSE", ["needs a lower-case letter"]),
        ("Correct-horse", ["needs a digit"]),
        ("Correct1horse", ["needs a symbol"]),
        ("Sh0rt!", ["fewer than 10 characters"]),
        ("password12", ["needs an upper-case letter", "needs a symbol", "too common"]),
        ("1234567890", ["needs a lower-case letter", "needs an upper-case letter", "needs a symbol", "too common"]),
        ("", ["fewer than 10 characters", "needs a lower-case letter", "needs an upper-case letter", "needs a digit", "needs a symbol"]),
    ],
)  # fmt: skip
def test_weaknesses_are_named(password: str, found: list[str]) -> None:
    assert weaknesses(password) == found


@pytest.mark.parametrize(
    ("email", "weak"),
    [("correct@example.com", True), ("CORRECT@example.com", True), ("rse@example.com", False), ("", False), ("ada@correct.com", False)],
)  # fmt: skip
def test_password_must_not_hold_the_address(email: str, weak: bool) -> None:
    assert weaknesses("Correct-h0rse", email=email) == (["contains the e-mail address"] if weak else [])


@pytest.mark.parametrize("password", ["Correct-h0rse", "", "pässwörd", "with space", "$dollar$signs$"])
@pytest.mark.parametrize("iterations", [1, 50])
def test_hash_matches_its_password_only(password: str, iterations: int) -> None:
    stored = hash_password(password, iterations=iterations)
    assert password_matches(password, stored)
    assert not password_matches(password + "x", stored)
    assert stored != hash_password(password, iterations=iterations)


@pytest.mark.parametrize("stored", ["", "!", "1$zz$00", "x$00$00", "1$00", "1$00$00$00"])
def test_unusable_hashes_match_nothing(stored: str) -> None:
    assert not password_matches("Correct-h0rse", stored)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("subject", [1, 424242])
def test_token_gives_its_claims_back(role: Role, subject: int) -> None:
    claims = Claims(subject, role, EXPIRY)
    assert (
        read_token(issue_token(claims, secret=SECRET), secret=SECRET, now=EXPIRY - timedelta(hours=1))
        == claims
    )


@pytest.mark.parametrize(("seconds", "valid"), [(-1, True), (0, False), (86400, False)])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_tokens_expire(seconds: int, valid: bool, role: Role) -> None:
    token = issue_token(Claims(1, role, EXPIRY), secret=SECRET)
    now = EXPIRY + timedelta(seconds=seconds)
    if valid:
        assert read_token(token, secret=SECRET, now=now).role is role
    else:
        with pytest.raises(BadToken, match="token expired"):
            read_token(token, secret=SECRET, now=now)


@pytest.mark.parametrize("part", [0, 1, 2, 3])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.TRADER])
def test_tampering_is_noticed(part: int, role: Role) -> None:
    parts = issue_token(Claims(1, role, EXPIRY), secret=SECRET).split(".")
    parts[part] = ["2", "admin", "9999999999", "0" * 64][part]
    with pytest.raises(BadToken, match="bad signature"):
        read_token(".".join(parts), secret=SECRET, now=EXPIRY - timedelta(hours=1))


@pytest.mark.parametrize("token", ["", "a", "1.trader.5", "1.2.3.4.5", "...."])
def test_malformed_tokens_are_refused(token: str) -> None:
    with pytest.raises(BadToken, match="malformed token"):
        read_token(token, secret=SECRET, now=EXPIRY)
