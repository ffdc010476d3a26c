"""Secrets of a hundred forms with random values, and the contexts in which tests show them."""

from __future__ import annotations

import base64
import html
import json
import pprint
import random
import re
import string
import textwrap
import urllib.parse
from collections.abc import Callable
from functools import lru_cache

Form = Callable[[random.Random], tuple[str, str]]

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM, HEX = LOWER + UPPER + DIGITS, "0123456789abcdef"
WORDS = ["cobalt", "horse", "battery", "staple", "copper", "lantern", "walnut", "violin", "marble", "sparrow"]


def made(rng: random.Random, alphabet: str, size: int) -> str:
    """A random word that holds each kind of letter that its alphabet has."""
    while True:
        word = "".join(rng.choices(alphabet, k=size))
        kinds = [kind for kind in (LOWER, UPPER, DIGITS) if set(kind) & set(alphabet)]
        if all(set(kind) & set(word) for kind in kinds):
            return word


def password(rng: random.Random) -> str:
    return made(rng, ALNUM, rng.randint(9, 16))


def punctuated(rng: random.Random) -> str:
    return made(rng, ALNUM + "!$^*-_+.", 14)


def words(rng: random.Random) -> str:
    return " ".join(rng.sample(WORDS, 4))


def _with(template: str, value: Callable[[random.Random], str] = password) -> Form:
    def form(rng: random.Random) -> tuple[str, str]:
        secret = value(rng)
        return template.replace("§", secret), secret

    return form


def _token(template: str, alphabet: str, size: int) -> Form:
    """A token of a service: the whole of it is the secret."""

    def form(rng: random.Random) -> tuple[str, str]:
        secret = template.replace("§", made(rng, alphabet, size))
        return secret, secret

    return form


def _jwt(rng: random.Random) -> tuple[str, str]:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps({"sub": password(rng), "iat": 1}).encode()).decode().rstrip("=")
    secret = f"{head}.{body}.{made(rng, ALNUM + '-_', 43)}"
    return secret, secret


def _block(kind: str) -> Form:
    def form(rng: random.Random) -> tuple[str, str]:
        lines = [made(rng, ALNUM + "+/", 64) for _ in range(4)]
        return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"]), "\n".join(lines)

    return form


def _basic(rng: random.Random) -> tuple[str, str]:
    secret = base64.b64encode(f"bob:{password(rng)}".encode()).decode()
    return f"Authorization: Basic {secret}", secret


def _letters(rng: random.Random) -> str:
    return made(rng, LOWER + UPPER, 24)


def _slashed(rng: random.Random) -> str:
    return f"{password(rng)}/{password(rng)}"


def _blank(rng: random.Random) -> str:
    return f"{password(rng)} {password(rng)}"


def _b64(size: int) -> Callable[[random.Random], str]:
    return lambda rng: base64.b64encode(rng.randbytes(size)).decode()


FORMS: dict[str, Form] = {
    # names and values
    "password=": _with("password=§"),
    "PASSWORD quoted": _with('PASSWORD = "§"'),
    "DB_PASS=": _with("DB_PASS=§"),
    "export": _with("export MYAPP_SECRET=§"),
    "json pass": _with('{"user": "bob", "pass": "§", "port": 1}'),
    "json password": _with('{"password": "§"}'),
    "json punctuated": _with('{"password": "§"}', punctuated),
    "dict repr": _with("{'user': 'bob', 'passwd': '§'}"),
    "dict api_key": _with("{'api_key': '§', 'n': 1}"),
    "camel case": _with('{"dbPassword": "§"}'),
    "clientSecret": _with('{"clientSecret": "§"}'),
    "accessToken": _with('{"accessToken": "§"}'),
    "refresh_token": _with("'refresh_token': '§'"),
    "yaml": _with("database:\n  user: bob\n  password: §\n  port: 1"),
    "yaml quoted": _with("secret_key: '§'"),
    "yaml next line": _with("password:\n  §"),
    "yaml block": _with("password: |\n  §"),
    "ini": _with("[db]\nuser = bob\npassword = §\n"),
    "toml": _with('api_token = "§"'),
    "multi-word": _with("password: §", words),
    "multi-word quoted": _with('"passphrase": "§"', words),
    "multi-word env": _with("DB_PASS=§", words),
    "xml element": _with("<config><password>§</password></config>"),
    "xml attribute": _with('<add key="Password" value="§" />'),
    "xml attributes": _with('<db user="bob" password="§"/>'),
    "tuple": _with("('password', '§')"),
    "tuple bytes": _with("(b'x-api-key', b'§')"),
    "list": _with("[['secret', '§']]"),
    "list of passwords": _with("passwords=['§', 'x']"),
    "kwargs": _with("connect(host='db', password='§', port=5432)"),
    "SecretStr": _with("token=SecretStr('§')"),
    "annotated": _with("api_key: str = '§'"),
    "comparison": _with("assert body['access_token'] == '§'"),
    "dataclass": _with("Settings(name='app', secret_key='§', debug=True)"),
    "k8s": _with('{"name": "DB_PASSWORD", "value": "§"}'),
    "odbc": _with("DRIVER={x};SERVER=db;UID=sa;PWD=§;"),
    "odbc braces": _with("DRIVER={x};SERVER=db;UID=sa;PWD={§};", lambda rng: f"{password(rng)};{password(rng)}"),
    "ado": _with("Server=db;User Id=sa;Password=§;Encrypt=yes"),
    "libpq": _with("host=db user=bob password=§ dbname=app"),
    "libpq quoted": _with("host=db user=bob password='§' dbname=app", _blank),
    "prose quoted": _with("login failed with password '§'"),
    "prose is": _with("the password is '§'"),
    "otp": _with("otp_secret=§"),
    "session cookie": _with("sessionid=§", lambda rng: made(rng, LOWER + DIGITS, 32)),
    "csrf": _with("csrftoken=§", lambda rng: made(rng, ALNUM, 32)),
    # headers
    "cookie": _with("Cookie: theme=dark; sid=§"),
    "set-cookie": _with("Set-Cookie: session=§; Path=/; HttpOnly"),
    "set-cookie dict": _with("{'set-cookie': 'session=§; Path=/'}"),
    "cookies dict": _with("cookies={'sid': '§'}"),
    "basic": _basic,
    "bearer": _with("Authorization: Bearer §"),
    "bearer letters": _with("Authorization: Bearer §", _letters),
    "bearer alone": _with("sent Bearer § to it", _letters),
    "bearer dict": _with("{'Authorization': 'Bearer §'}"),
    "token header": _with("Authorization: Token §"),
    "x-api-key": _with("X-Api-Key: §"),
    "x-auth-token": _with("{'X-Auth-Token': '§'}"),
    "digest": _with('Authorization: Digest username="bob", response="§"', lambda rng: made(rng, HEX, 32)),
    # URLs
    "postgres": _with("postgresql://bob:§@db:5432/app"),
    "postgres blanks": _with("postgresql://bob:§@db:5432/app", _blank),
    "postgres slashes": _with("postgresql://bob:§@db:5432/app", _slashed),
    "postgres at": _with("postgresql+asyncpg://bob:§@db/app", lambda rng: f"{password(rng)}@{password(rng)}"),
    "redis": _with("redis://:§@cache:6379/0"),
    "mongodb": _with("mongodb+srv://bob:§@cluster0.example.net/app?w=majority"),
    "amqp": _with("amqp://guest:§@mq//"),
    "http": _with("https://bob:§@example.com/x.git"),
    "token url": _with("https://§@git.example.com/x.git", lambda rng: made(rng, ALNUM, 30)),
    "query": _with("https://api.example.com/v1?user=1&api_key=§&x=2"),
    "signed url": _with("https://b.example.com/o?X-Amz-Signature=§", lambda rng: made(rng, HEX, 64)),
    "azure sas": _with("https://acc.blob.core.windows.net/c?sv=2022&sig=§", lambda rng: made(rng, ALNUM, 43) + "%3D"),
    "sentry": _with("https://§@o1.ingest.sentry.io/2", lambda rng: made(rng, HEX, 32)),
    "jdbc": _with("jdbc:mysql://db/app?user=bob&password=§"),
    # command lines
    "mysql -p": _with("mysql -u root -p§ app"),
    "mysql --password": _with("mysql --user=root --password=§ app"),
    "curl -u": _with("curl -u bob:§ https://example.com"),
    "curl --user": _with("curl -s --user 'bob:§' https://example.com"),
    "curl -H": _with("curl -H 'X-Api-Key: §' https://example.com"),
    "option": _with("tool --password § --verbose"),
    "option token": _with("tool --auth-token=§ --verbose"),
    "PGPASSWORD": _with("PGPASSWORD=§ psql -h db"),
    "redis-cli": _with("redis-cli -h cache -a § ping"),
    "sshpass": _with("sshpass -p § ssh bob@host"),
    "docker login": _with("docker login -u bob -p § registry.example.com"),
    "argv": _with("['mysql', '-u', 'root', '-p§']"),
    "netrc": _with("machine example.com login bob password §"),
    "pgpass": _with("db.example.com:5432:app:bob:§"),
    # tokens of services
    "aws id": _token("AKIA§", UPPER + "234567", 16),
    "aws secret": _with("aws_secret_access_key = §", lambda rng: made(rng, ALNUM + "/+", 40)),
    "github": _token("ghp_§", ALNUM, 36),
    "github fine": _token("github_pat_§", ALNUM, 82),
    "gitlab": _token("glpat-§", ALNUM, 20),
    "npm": _token("npm_§", ALNUM, 36),
    "pypi": _token("pypi-AgEIcHlwaS5vcmc§", ALNUM + "-_", 80),
    "hugging face": _token("hf_§", ALNUM, 34),
    "vault": _token("hvs.§", ALNUM, 95),
    "sendgrid": lambda rng: (lambda word: (word, word))(f"SG.{made(rng, ALNUM, 22)}.{made(rng, ALNUM, 43)}"),
    "twilio": _token("SK§", HEX, 32),
    "mailgun": _token("key-§", HEX, 32),
    "telegram": _token("123456789:AA§", ALNUM + "-_", 33),
    "stripe": _token("sk_live_§", ALNUM, 24),
    "stripe webhook": _token("whsec_§", ALNUM, 32),
    "google oauth": _token("GOCSPX-§", ALNUM + "-_", 28),
    "google access": _token("ya29.§", ALNUM + "-_", 60),
    "google api": _token("AIza§", ALNUM + "-_", 35),
    "slack bot": _token("xoxb-123456789012-123456789012-§", ALNUM, 24),
    "slack hook": _with("https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/§", lambda rng: made(rng, ALNUM, 24)),
    "azure storage": _with("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§;", _b64(64)),
    "azure shared": _with("Endpoint=sb://x.example.net/;SharedAccessKeyName=Root;SharedAccessKey=§", _b64(32)),
    "openai": _token("sk-proj-§", ALNUM, 48),
    "anthropic": _token("sk-ant-api03-§", ALNUM + "-_", 93),
    "digitalocean": _token("dop_v1_§", HEX, 64),
    "docker hub": _token("dckr_pat_§", ALNUM, 27),
    "shopify": _token("shpat_§", HEX, 32),
    "databricks": _token("dapi§", HEX, 32),
    "jwt": _jwt,
    # blocks
    "rsa key": _block("RSA PRIVATE KEY"),
    "openssh key": _block("OPENSSH PRIVATE KEY"),
    "pgp key": _block("PGP PRIVATE KEY BLOCK"),
}


def _wrapped(text: str, width: int, margin: str) -> str:
    return "\n".join(margin + piece for line in text.split("\n") for piece in textwrap.wrap(line, width) or [""])


def _cut(text: str) -> str:
    shown = repr(text)
    return shown if len(shown) < 31 else f"{shown[:14]}...{shown[-14:]}"


CONTEXTS: dict[str, Callable[[str], str]] = {
    "message": lambda text: f"ValueError: {text}",
    "sentence": lambda text: f"cannot go on: {text} was refused, try later",
    "lines": lambda text: f"Traceback of the day\n    {text}\nand more",
    "repr": lambda text: f"AssertionError: assert {text!r} == 'x'",
    "repr of repr": lambda text: f"log {repr({'text': text})!r} end",
    "json log line": lambda text: json.dumps({"level": "info", "message": text, "n": 1}),
    "bytes": lambda text: f"got {text.encode()!r}",
    "url-quoted": lambda text: f"GET /search?q={urllib.parse.quote(text)}&page=2",
    "html": lambda text: f"<pre class='x'>{html.escape(text)}</pre>",
    "pytest's diff": lambda text: "AssertionError: assert\nE     \n" + _wrapped(text, 50, "E         - "),
    "pprint": lambda text: pprint.pformat({"name": "some value", "text": text}, width=40),
    # the text once cut in its middle, and once whole, as in pytest's message of a comparison
    "cut in its middle": lambda text: f"assert {_cut(text)} == ''\n  \n  + {text}",
    "parameter of a test": lambda text: f"tests/test_a.py::test_it[{text.encode('unicode_escape').decode('ascii')}-x1]",
}


@lru_cache(maxsize=4)
def _plain_and_squeezed(shown: str) -> tuple[str, str]:
    """The text without escapes of URLs and HTML; and that without blanks and margins."""
    plain = html.unescape(urllib.parse.unquote(shown))
    return plain, _NOISE.sub("", _MARGIN.sub("", plain))


def leftover(shown: str, secret: str) -> str | None:
    """A part of ``secret`` that stands in ``shown``, whole or wrapped: a word of it, or eight characters in a row."""
    plain, squeezed = _plain_and_squeezed(shown)
    if " " in secret:
        parts = [word for word in secret.split() if word in plain]
        return parts[0] if parts else None
    word = _NOISE.sub("", secret)
    pieces = [word[at : at + 8] for at in range(max(1, len(word) - 7))]
    return next((piece for piece in pieces if piece in squeezed), None)


_MARGIN = re.compile(r"\nE +-|\n *- |\\+n")
_NOISE = re.compile(r"[^A-Za-z0-9+/._~]")
