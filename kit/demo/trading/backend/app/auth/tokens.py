"""Signed access tokens: subject, role and expiry, readable, tamper-proof."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from backend.app.core.permissions import Role


class BadToken(ValueError):
    """A token that cannot be trusted; the message says why."""


@dataclass(frozen=True)
class Claims:
    subject: int
    role: Role
    expires_at: datetime


def issue_token(claims: Claims, *, secret: str) -> str:
    body = f"{claims.subject}.{claims.role}.{int(claims.expires_at.timestamp())}"
    return f"{body}.{_signature(body, secret)}"


def read_token(token: str, *, secret: str, now: datetime) -> Claims:
    """The claims of a valid token. Raises BadToken."""
    body, _, signature = token.rpartition(".")
    if body.count(".") != 2:
        raise BadToken("malformed token")
    if not hmac.compare_digest(signature.encode(), _signature(body, secret).encode()):
        raise BadToken("bad signature")
    subject, role, expiry = body.split(".")
    try:
        claims = Claims(int(subject), Role(role), datetime.fromtimestamp(int(expiry), UTC))
    except ValueError as error:
        raise BadToken("malformed token") from error
    if claims.expires_at <= now:
        raise BadToken("token expired")
    return claims


def _signature(body: str, secret: str) -> str:
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
