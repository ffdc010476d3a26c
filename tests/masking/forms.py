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


def filled(template: str, value: Callable[[random.Random], str] = password) -> Form:
    def form(rng: random.Random) -> tuple[str, str]:
        secret = value(rng)
        return template.replace("§", secret), secret

    return form


def one_word(template: str, alphabet: str, size: int) -> Form:
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
    "password=": filled("password=§"),
    "PASSWORD quoted": filled('PASSWORD = "§"'),
    "DB_PASS=": filled("DB_PASS=§"),
    "export": filled("export MYAPP_SECRET=§"),
    "json pass": filled('{"user": "bob", "pass": "§", "port": 1}'),
    "json password": filled('{"password": "§"}'),
    "json punctuated": filled('{"password": "§"}', punctuated),
    "dict repr": filled("{'user': 'bob', 'passwd': '§'}"),
    "dict api_key": filled("{'api_key': '§', 'n': 1}"),
    "camel case": filled('{"dbPassword": "§"}'),
    "clientSecret": filled('{"clientSecret": "§"}'),
    "accessToken": filled('{"accessToken": "§"}'),
    "refresh_token": filled("'refresh_token': '§'"),
    "yaml": filled("database:\n  user: bob\n  password: §\n  port: 1"),
    "yaml quoted": filled("secret_key: '§'"),
    "yaml next line": filled("password:\n  §"),
    "yaml block": filled("password: |\n  §"),
    "ini": filled("[db]\nuser = bob\npassword = §\n"),
    "toml": filled('api_token = "§"'),
    "multi-word": filled("password: §", words),
    "multi-word quoted": filled('"passphrase": "§"', words),
    "multi-word env": filled("DB_PASS=§", words),
    "xml element": filled("<config><password>§</password></config>"),
    "xml attribute": filled('<add key="Password" value="§" />'),
    "xml attributes": filled('<db user="bob" password="§"/>'),
    "tuple": filled("('password', '§')"),
    "tuple bytes": filled("(b'x-api-key', b'§')"),
    "list": filled("[['secret', '§']]"),
    "list of passwords": filled("passwords=['§', 'x']"),
    "kwargs": filled("connect(host='db', password='§', port=5432)"),
    "SecretStr": filled("token=SecretStr('§')"),
    "annotated": filled("api_key: str = '§'"),
    "comparison": filled("assert body['access_token'] == '§'"),
    "dataclass": filled("Settings(name='app', secret_key='§', debug=True)"),
    "k8s": filled('{"name": "DB_PASSWORD", "value": "§"}'),
    "odbc": filled("DRIVER={x};SERVER=db;UID=sa;PWD=§;"),
    "odbc braces": filled("DRIVER={x};SERVER=db;UID=sa;PWD={§};", lambda rng: f"{password(rng)};{password(rng)}"),
    "ado": filled("Server=db;User Id=sa;Password=§;Encrypt=yes"),
    "libpq": filled("host=db user=bob password=§ dbname=app"),
    "libpq quoted": filled("host=db user=bob password='§' dbname=app", _blank),
    "prose quoted": filled("login failed with password '§'"),
    "prose is": filled("the password is '§'"),
    "otp": filled("otp_secret=§"),
    "session cookie": filled("sessionid=§", lambda rng: made(rng, LOWER + DIGITS, 32)),
    "csrf": filled("csrftoken=§", lambda rng: made(rng, ALNUM, 32)),
    # headers
    "cookie": filled("Cookie: theme=dark; sid=§"),
    "set-cookie": filled("Set-Cookie: session=§; Path=/; HttpOnly"),
    "set-cookie dict": filled("{'set-cookie': 'session=§; Path=/'}"),
    "cookies dict": filled("cookies={'sid': '§'}"),
    "basic": _basic,
    "bearer": filled("Authorization: Bearer §"),
    "bearer letters": filled("Authorization: Bearer §", _letters),
    "bearer alone": filled("sent Bearer § to it", _letters),
    "bearer dict": filled("{'Authorization': 'Bearer §'}"),
    "token header": filled("Authorization: Token §"),
    "x-api-key": filled("X-Api-Key: §"),
    "x-auth-token": filled("{'X-Auth-Token': '§'}"),
    "digest": filled('Authorization: Digest username="bob", response="§"', lambda rng: made(rng, HEX, 32)),
    # URLs
    "postgres": filled("postgresql://bob:§@db:5432/app"),
    "postgres blanks": filled("postgresql://bob:§@db:5432/app", _blank),
    "postgres slashes": filled("postgresql://bob:§@db:5432/app", _slashed),
    "postgres at": filled("postgresql+asyncpg://bob:§@db/app", lambda rng: f"{password(rng)}@{password(rng)}"),
    "redis": filled("redis://:§@cache:6379/0"),
    "mongodb": filled("mongodb+srv://bob:§@cluster0.example.net/app?w=majority"),
    "amqp": filled("amqp://guest:§@mq//"),
    "http": filled("https://bob:§@example.com/x.git"),
    "token url": filled("https://§@git.example.com/x.git", lambda rng: made(rng, ALNUM, 30)),
    "query": filled("https://api.example.com/v1?user=1&api_key=§&x=2"),
    "signed url": filled("https://b.example.com/o?X-Amz-Signature=§", lambda rng: made(rng, HEX, 64)),
    "azure sas": filled("https://acc.blob.core.windows.net/c?sv=2022&sig=§", lambda rng: made(rng, ALNUM, 43) + "%3D"),
    "sentry": filled("https://§@o1.ingest.sentry.io/2", lambda rng: made(rng, HEX, 32)),
    "jdbc": filled("jdbc:mysql://db/app?user=bob&password=§"),
    # command lines
    "mysql -p": filled("mysql -u root -p§ app"),
    "mysql --password": filled("mysql --user=root --password=§ app"),
    "curl -u": filled("curl -u bob:§ https://example.com"),
    "curl --user": filled("curl -s --user 'bob:§' https://example.com"),
    "curl -H": filled("curl -H 'X-Api-Key: §' https://example.com"),
    "option": filled("tool --password § --verbose"),
    "option token": filled("tool --auth-token=§ --verbose"),
    "PGPASSWORD": filled("PGPASSWORD=§ psql -h db"),
    "redis-cli": filled("redis-cli -h cache -a § ping"),
    "sshpass": filled("sshpass -p § ssh bob@host"),
    "docker login": filled("docker login -u bob -p § registry.example.com"),
    "argv": filled("['mysql', '-u', 'root', '-p§']"),
    "netrc": filled("machine example.com login bob password §"),
    "pgpass": filled("db.example.com:5432:app:bob:§"),
    # tokens of services
    "aws id": one_word("AKIA§", UPPER + "234567", 16),
    "aws secret": filled("aws_secret_access_key = §", lambda rng: made(rng, ALNUM + "/+", 40)),
    "github": one_word("ghp_§", ALNUM, 36),
    "github fine": one_word("github_pat_§", ALNUM, 82),
    "gitlab": one_word("glpat-§", ALNUM, 20),
    "npm": one_word("npm_§", ALNUM, 36),
    "pypi": one_word("pypi-AgEIcHlwaS5vcmc§", ALNUM + "-_", 80),
    "hugging face": one_word("hf_§", ALNUM, 34),
    "vault": one_word("hvs.§", ALNUM, 95),
    "sendgrid": lambda rng: (lambda word: (word, word))(f"SG.{made(rng, ALNUM, 22)}.{made(rng, ALNUM, 43)}"),
    "twilio": one_word("SK§", HEX, 32),
    "mailgun": one_word("key-§", HEX, 32),
    "telegram": one_word("123456789:AA§", ALNUM + "-_", 33),
    "stripe": one_word("sk_live_§", ALNUM, 24),
    "stripe webhook": one_word("whsec_§", ALNUM, 32),
    "google oauth": one_word("GOCSPX-§", ALNUM + "-_", 28),
    "google access": one_word("ya29.§", ALNUM + "-_", 60),
    "google api": one_word("AIza§", ALNUM + "-_", 35),
    "slack bot": one_word("xoxb-123456789012-123456789012-§", ALNUM, 24),
    "slack hook": filled("https://hooks.slack.com/services/T01ABCDEF/B01ABCDEF/§", lambda rng: made(rng, ALNUM, 24)),
    "azure storage": filled("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=§;", _b64(64)),
    "azure shared": filled("Endpoint=sb://x.example.net/;SharedAccessKeyName=Root;SharedAccessKey=§", _b64(32)),
    "openai": one_word("sk-proj-§", ALNUM, 48),
    "anthropic": one_word("sk-ant-api03-§", ALNUM + "-_", 93),
    "digitalocean": one_word("dop_v1_§", HEX, 64),
    "docker hub": one_word("dckr_pat_§", ALNUM, 27),
    "shopify": one_word("shpat_§", HEX, 32),
    "databricks": one_word("dapi§", HEX, 32),
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
    "url-quoted twice": lambda text: f"GET /search?q={urllib.parse.quote(urllib.parse.quote(text))}&page=2",
    "html twice": lambda text: f"<pre>{html.escape(html.escape(text))}</pre>",
    "json in json in json": lambda text: json.dumps({"a": json.dumps({"b": json.dumps({"text": text})})}),
    "workflow command": lambda text: f"::error file=a.py::{text}".replace("%", "%25").replace("\n", "%0A"),
    "box of rich": lambda text: "\n".join(f"\u2502 {line} \u2502" for line in f"text = {text!r}".split("\n")),
    "captured log": lambda text: f"ERROR    app:views.py:12 {text}\nINFO     app:views.py:13 done",
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
