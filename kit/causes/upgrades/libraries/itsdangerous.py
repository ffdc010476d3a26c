"""What releases of itsdangerous broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="itsdangerous-json-web-signature",
        library="itsdangerous",
        last_good="2.0.1",
        first_bad="2.1.0",
        kind="name-gone",
        error=r"ImportError: cannot import name '(?:Timed)?JSONWebSignatureSerializer' from 'itsdangerous'",
        cause="signatures of JSON Web Tokens are gone",
        before="from itsdangerous import JSONWebSignatureSerializer",
        after="from itsdangerous import URLSafeSerializer",
        both=True,
        source="https://github.com/pallets/itsdangerous/blob/main/CHANGES.rst",
        uses=(
            "itsdangerous.JSONWebSignatureSerializer",
            "itsdangerous.TimedJSONWebSignatureSerializer",
        ),
        forewarns=r"JWS support is deprecated and will be removed in ItsDangerous",
        edits={
            "itsdangerous.JSONWebSignatureSerializer": "itsdangerous:URLSafeSerializer",
        },
    ),
)
