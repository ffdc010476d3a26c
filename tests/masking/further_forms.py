"""Further forms of secrets: tokens of recent years, SQL, HTTP clients, containers, assertions, tables and source."""

from __future__ import annotations

import base64
import json
import random
import string
import urllib.parse
import uuid
from collections.abc import Callable

from tests.masking.forms import (
    ALNUM,
    DIGITS,
    HEX,
    LOWER,
    UPPER,
    Form,
    filled,
    made,
    one_word,
    password,
    punctuated,
    words,
)

BASE32 = UPPER + "234567"


def _whole(make: Callable[[random.Random], str]) -> Form:
    """The whole of the text is the secret."""

    def form(rng: random.Random) -> tuple[str, str]:
        secret = make(rng)
        return secret, secret

    return form


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128)))


def _word(alphabet: str, size: int) -> Callable[[random.Random], str]:
    return lambda rng: made(rng, alphabet, size)


def _letters(rng: random.Random) -> str:
    """Letters of both cases, in no order that a name has."""
    return "".join(rng.choice(LOWER) + rng.choice(UPPER) for _ in range(7))


def _base64(text: str) -> Callable[[random.Random], str]:
    return lambda rng: base64.b64encode(text.replace("§", password(rng)).encode()).decode()


def _service_account(rng: random.Random) -> tuple[str, str]:
    lines = [made(rng, ALNUM + "+/", 64) for _ in range(4)]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    return json.dumps({"type": "service_account", "private_key": key}), "\n".join(lines)


def _folded(rng: random.Random) -> tuple[str, str]:
    lines = [made(rng, ALNUM, 30) for _ in range(3)]
    return "secret_key: >-\n" + "\n".join(f"    {line}" for line in lines) + "\nport: 1", "\n".join(lines)


def _quoted_in_url(rng: random.Random) -> tuple[str, str]:
    secret = urllib.parse.quote(punctuated(rng) + "#@", safe="")
    return f"postgresql://bob:{secret}@db:5432/app", secret


def _seed_phrase(rng: random.Random) -> str:
    return " ".join("".join(rng.choices(string.ascii_lowercase, k=6)) for _ in range(12))


TOKENS: dict[str, Form] = {
    "gitlab routable": _whole(lambda rng: f"glpat-{made(rng, ALNUM + '-_', 27)}.01.{made(rng, LOWER + DIGITS, 9)}"),
    "gitlab runner": one_word("glrt-t1_§", ALNUM + "-_", 20),
    "openai service": one_word("sk-svcacct-§", ALNUM + "-_", 74),
    "openai admin": one_word("sk-admin-§", ALNUM + "-_", 58),
    "anthropic oauth": one_word("sk-ant-oat01-§", ALNUM + "-_", 93),
    "openrouter": one_word("sk-or-v1-§", HEX, 64),
    "xai": one_word("xai-§", ALNUM, 80),
    "groq": one_word("gsk_§", ALNUM, 52),
    "cerebras": one_word("csk-§", LOWER + DIGITS, 48),
    "langsmith": _whole(lambda rng: f"lsv2_pt_{made(rng, HEX, 32)}_{made(rng, HEX, 10)}"),
    "langfuse": _whole(lambda rng: f"sk-lf-{_uuid(rng)}"),
    "pinecone": _whole(lambda rng: f"pcsk_{made(rng, ALNUM, 6)}_{made(rng, ALNUM, 63)}"),
    "together": one_word("tgp_v1_§", ALNUM + "-_", 43),
    "neon": one_word("napi_§", LOWER + DIGITS, 64),
    "supabase": one_word("sb_secret_§", ALNUM + "-_", 31),
    "vercel": one_word("vcp_§", ALNUM, 56),
    "resend": one_word("re_§", ALNUM + "_", 33),
    "stripe organization": one_word("sk_org_live_§", ALNUM, 32),
    "stripe restricted": one_word("rk_live_§", ALNUM, 99),
    "razorpay": filled("rzp_key_secret='§'", _word(ALNUM, 24)),
    "airtable": _whole(lambda rng: f"pat{made(rng, ALNUM, 14)}.{made(rng, HEX, 64)}"),
    "atlassian": one_word("ATATT3xFfGF0§", ALNUM + "-_=", 180),
    "doppler": one_word("dp.st.prd.§", ALNUM, 40),
    "infisical": _whole(lambda rng: f"st.{made(rng, HEX, 24)}.{made(rng, HEX, 32)}.{made(rng, HEX, 32)}"),
    "1password": _whole(lambda rng: "ops_eyJ" + made(rng, ALNUM, 260)),
    "terraform": _whole(lambda rng: f"{made(rng, ALNUM, 14)}.atlasv1.{made(rng, ALNUM + '-_', 67)}"),
    "crates.io": one_word("cio§", ALNUM, 32),
    "sonarqube": one_word("sqp_§", HEX, 40),
    "tailscale": _whole(lambda rng: f"tskey-auth-{made(rng, ALNUM, 12)}CNTRL-{made(rng, ALNUM, 32)}"),
    "fly": filled("FlyV1 §", lambda rng: "fm2_" + made(rng, ALNUM + "+/", 200)),
    "mailgun new": _whole(lambda rng: f"{made(rng, HEX, 32)}-{made(rng, HEX, 8)}-{made(rng, HEX, 8)}"),
    "azure client": _whole(lambda rng: f"{made(rng, ALNUM, 3)}8Q~{made(rng, ALNUM + '._~-', 34)}"),
    "azure devops": _whole(lambda rng: f"{made(rng, ALNUM, 76)}AZDO{made(rng, ALNUM, 4)}"),
    "azure sas whole": filled("se=2030-01-01&sp=rl&sv=2024-11-04&sr=c&sig=§", lambda rng: made(rng, ALNUM, 43) + "%3D"),
    "aws session": _whole(lambda rng: "IQoJb3JpZ2luX2Vj" + made(rng, ALNUM + "+/", 300)),
    "aws bedrock": _whole(lambda rng: "ABSK" + base64.b64encode(made(rng, ALNUM, 90).encode()).decode()),
    "firebase": _whole(lambda rng: f"{made(rng, ALNUM, 22)}:APA91b{made(rng, ALNUM + '-_', 134)}"),
    "google service account": _service_account,
    "okta": filled("Authorization: SSWS §", lambda rng: "00" + made(rng, ALNUM + "-_", 40)),
    "age": one_word("AGE-SECRET-KEY-1§", UPPER + DIGITS, 58),
    "adyen": _whole(lambda rng: f"AQE{made(rng, ALNUM, 60)}-{made(rng, ALNUM + '+/', 43)}=-{made(rng, ALNUM, 16)}"),
    "cloudflare": filled("CF_API_TOKEN=§", _word(ALNUM + "-_", 40)),
    "kubeconfig": filled("    client-key-data: §", lambda rng: base64.b64encode(rng.randbytes(90)).decode()),
    "docker config": filled('{"auths": {"registry.example.com": {"auth": "§"}}}', _base64("bob:§")),
    "npmrc": filled("//registry.example.com/:_authToken=§", _uuid),
    "npmrc auth": filled("_auth=§", _base64("bob:§")),
    "pip index": filled("index-url = https://__token__:§@pypi.example.com/simple"),
    "git credentials": filled("https://bob:§@github.example.com", _word(ALNUM, 40)),
    "wireguard": filled("PrivateKey = §", lambda rng: base64.b64encode(rng.randbytes(32)).decode()),
    "otpauth": filled("otpauth://totp/App:bob?secret=§&issuer=App", _word(BASE32, 32)),
    "yaml folded": _folded,
    "jwk": filled('{"kty": "oct", "kid": "a", "k": "§"}', _word(ALNUM + "-_", 43)),
    "jwk private": filled('{"kty": "EC", "crv": "P-256", "d": "§"}', _word(ALNUM + "-_", 43)),
    "ethereum": filled("private_key=0x§", _word(HEX, 64)),
    "mnemonic": filled("mnemonic: §", _seed_phrase),
    "django key": filled("SECRET_KEY = 'django-insecure-§'", _word(LOWER + DIGITS + "!@#$%^&*(-_=+)", 50)),
    "backup codes": filled("backup_codes=['§']", lambda rng: "-".join(made(rng, LOWER + DIGITS, 5) for _ in "12")),
    "url quoted password": _quoted_in_url,
}  # fmt: skip

SQL: dict[str, Form] = {
    "create user": filled("CREATE USER bob WITH PASSWORD '§'"),
    "alter role": filled("ALTER ROLE bob WITH LOGIN ENCRYPTED PASSWORD '§' VALID UNTIL 'infinity'"),
    "identified by": filled("CREATE USER 'bob'@'%' IDENTIFIED BY '§'"),
    "insert literal": filled("INSERT INTO users (name, password) VALUES ('bob', '§')"),
    "update literal": filled("UPDATE users SET password='§' WHERE id = 1"),
    "where literal": filled("SELECT * FROM users WHERE users.api_key = '§'"),
    "insert parameters": filled(
        "[SQL: INSERT INTO users (name, password) VALUES (?, ?)]\n[parameters: ('bob', '§')]"
    ),
    "insert numbered": filled(
        "[SQL: INSERT INTO users (name, password, age) VALUES ($1::VARCHAR, $2::VARCHAR, $3)]\n"
        "[parameters: ('bob', '§', 3)]"
    ),
    "insert named": filled(
        "[SQL: INSERT INTO users (name, pw) VALUES (%(name)s, %(pw)s)]\n[parameters: {'name': 'bob', 'pw': '§'}]"
    ),
    "insert many": filled(
        "[SQL: INSERT INTO users (name, password) VALUES (?, ?)]\n[parameters: [('bob', 'x1'), ('eve', '§')]]"
    ),
    "insert renamed": filled(
        "[SQL: INSERT INTO users (name, password) VALUES (%(name_m0)s, %(password_m0)s)]\n"
        "[parameters: {'name_m0': 'bob', 'password_m0': '§'}]"
    ),
    "update parameters": filled("[SQL: UPDATE users SET password=? WHERE users.id = ?]\n[parameters: ('§', 1)]"),
    "where parameters": filled(
        "[SQL: SELECT users.id \nFROM users \nWHERE users.api_key = ?]\n[parameters: ('§',)]"
    ),
    "echo": filled(
        "INFO sqlalchemy.engine.Engine INSERT INTO users (name, password) VALUES (?, ?)\n"
        "INFO sqlalchemy.engine.Engine [generated in 0.00012s] ('bob', '§')"
    ),
    "unique violation": filled("DETAIL:  Key (api_key)=(§) already exists."),
    "failing row": filled("Key (email, password)=(bob@example.com, §) already exists."),
    "mysql duplicate": filled("Duplicate entry '§' for key 'users.api_key'", _word(ALNUM, 32)),
}  # fmt: skip

CLIENTS: dict[str, Form] = {
    "auth tuple": filled("requests.get(url, auth=('bob', '§'))"),
    "basic auth": filled("BasicAuth(login='bob', password='§', encoding='latin1')"),
    "httpx basic": filled('client = httpx.Client(auth=httpx.BasicAuth("bob", "§"))'),
    "raw headers": filled("headers=[(b'Host', b'x'), (b'Authorization', b'Bearer §')]"),
    "retries": filled(
        "HTTPSConnectionPool(host='api.example.com', port=443): Max retries exceeded with url: /v1?access_token=§ "
        "(Caused by NameResolutionError())"
    ),
    "httpx status": filled("Client error '401 Unauthorized' for url 'https://api.example.com/v1?apikey=§&q=1'"),
    "form body": filled("username=bob&password=§&grant_type=password"),
    "form bytes": filled("b'grant_type=client_credentials&client_id=a&client_secret=§'"),
    "multipart": filled('--b1\r\nContent-Disposition: form-data; name="password"\r\n\r\n§\r\n--b1--'),
    "cookie jar": filled("<RequestsCookieJar[<Cookie sessionid=§ for example.com/>]>", _word(LOWER + DIGITS, 32)),
    "simple cookie": filled("<SimpleCookie: session='§'>", _word(ALNUM, 40)),
    "request headers": filled(
        "{'Host': 'x', 'X-Vault-Token': '§', 'Accept': '*/*'}", lambda rng: "s." + made(rng, ALNUM, 24)
    ),
    "private token": filled("PRIVATE-TOKEN: §"),
    "api key header": filled("Ocp-Apim-Subscription-Key: §", _word(HEX, 32)),
    "apikey header": filled("apikey: §", _word(ALNUM, 40)),
    "shared key": filled("Authorization: SharedKey acc:§", lambda rng: base64.b64encode(rng.randbytes(32)).decode()),
    "grpc metadata": filled("metadata=(('authorization', 'Bearer §'),)"),
    "hub signature": filled("X-Hub-Signature-256: sha256=§", _word(HEX, 64)),
    "openai refusal": filled("Incorrect API key provided: §. You can find it.", lambda rng: made(rng, ALNUM, 40)),
    "invalid key": filled("Invalid API key '§'"),
    "invalid token": filled("invalid token: §", _word(ALNUM, 32)),
    "hosts of mongodb": filled("mongodb://bob:§@a.example.com:27017,b.example.com:27017/db?replicaSet=r"),
    "oracle thin": filled("jdbc:oracle:thin:bob/§@//db.example.com:1521/x"),
    "sqlserver": filled("jdbc:sqlserver://db:1433;user=bob;password=§;encrypt=true"),
    "snowflake": filled("snowflake://bob:§@account.eu-west-1/db/schema?warehouse=w"),
}  # fmt: skip

TOOLS: dict[str, Form] = {
    "docker -e": filled("docker run -e DB_PASSWORD=§ -p 1:1 app"),
    "docker build": filled("docker build --build-arg NPM_TOKEN=§ .", _word(ALNUM, 36)),
    "docker env list": filled('"Env": ["PATH=/bin", "DB_PASSWORD=§"]'),
    "compose": filled("    environment:\n      - DB_PASSWORD=§\n      - X=1"),
    "dockerfile": filled("ENV DB_PASSWORD §"),
    "k8s yaml": filled("- name: DB_PASSWORD\n  value: §"),
    "k8s data": filled("kind: Secret\ndata:\n  db-password: §", _base64("§")),
    "k8s literal": filled("kubectl create secret generic x --from-literal=password=§"),
    "helm set": filled("helm upgrade x --set auth.rootPassword=§,x=1"),
    "vault login": filled("vault login §", lambda rng: "hvs." + made(rng, ALNUM, 24)),
    "password stdin": filled("echo '§' | docker login -u bob --password-stdin"),
    "gpg": filled("gpg --batch --passphrase '§' -d x.gpg", words),
    "extra vars": filled('ansible-playbook --extra-vars "db_password=§" x.yml'),
    "ldapsearch": filled("ldapsearch -x -D cn=admin -w §"),
    "twine": filled("twine upload -u bob -p § dist/*"),
    "sqlplus": filled("sqlplus bob/§@db"),
    "mongosh": filled("mongosh -u root -p § db"),
    "psql": filled("psql 'host=db user=bob password=§'"),
    "mysqldump list": filled("['mysqldump', '--user=bob', '--password=§', 'app']"),
    "env dump": filled('declare -x API_KEY="§"'),
    "powershell": filled('$env:API_KEY = "§"'),
    "cmd set": filled("set API_KEY=§"),
    "github env": filled("::add-mask::§", _word(ALNUM, 30)),
    "systemd": filled('Environment="DB_PASSWORD=§"'),
    "spring": filled("spring.datasource.password=§"),
    "html input": filled('<input type="password" name="pw" value="§">'),
    "html meta": filled('<meta name="csrf-token" content="§">', _word(ALNUM, 40)),
    "html token": filled('<input type="hidden" name="csrfmiddlewaretoken" value="§">', _word(ALNUM, 64)),
    "wsse": filled('<wsse:Password Type="x#PasswordText">§</wsse:Password>'),
    "plist": filled("<key>password</key><string>§</string>"),
    "xml entry": filled('<entry key="db.password">§</entry>'),
    "markdown table": filled("| setting | value |\n|---|---|\n| password | § |"),
    "csv": filled("name,password,age\nbob,§,3\n"),
    "psql table": filled(" name | password \n------+----------\n bob  | §\n(1 row)"),
}  # fmt: skip

PYTHON: dict[str, Form] = {
    "where": filled("assert '§' == 'x'\n +  where '§' = Settings(name='a').api_key"),
    "where of call": filled("assert '§' == 'x'\n +  where '§' = get_password('bob')"),
    "show locals": filled("password   = '§'"),
    "setenv": filled("monkeypatch.setenv('API_KEY', '§')"),
    "environ": filled("os.environ['API_KEY'] = '§'"),
    "set_password": filled("user.set_password('§')"),
    "check_password": filled("assert check_password_hash(stored, '§')"),
    "hash_password": filled('hashed = hash_password("§")'),
    "login call": filled("client.login(username='bob', password='§')"),
    "json body": filled("client.post('/login', json={'user': 'bob', 'password': '§'})"),
    "mock call": filled("Expected: connect('db', password='§')\n  Actual: connect('db')"),
    "default": filled("def connect(host, password='§'):"),
    "annotated default": filled('    db_password: str = Field(default="§", min_length=3)'),
    "getenv default": filled("os.environ.get('API_KEY', '§')"),
    "pydantic": filled(
        "1 validation error for Settings\napi_key\n  Input should be a valid integer "
        "[type=int_parsing, input_value='§', input_type=str]"
    ),
    "pydantic dotted": filled(
        "1 validation error for Settings\ndb.password\n  String should have at most 3 characters "
        "[type=string_too_long, input_value='§', input_type=str]"
    ),
    "enum": filled("<Secret.API_KEY: '§'>"),
    "named tuple": filled("Login(user='bob', passwd='§')"),
    "joined": filled("password = 'abc' '§'"),
    "f-string": filled('f"token={token}" = "token=§"', _word(ALNUM, 30)),
    "walrus": filled("if (secret := '§'):"),
    "logfmt": filled("level=info user=bob secret_key=§ took=3ms"),
    "coloured log": filled("\x1b[36mapi_key\x1b[0m=\x1b[35m§\x1b[0m \x1b[36muser\x1b[0m=\x1b[35mbob\x1b[0m"),
    "coloured source": filled('    password = \x1b[33m"\x1b[39;49;00m\x1b[33m§\x1b[39;49;00m\x1b[33m"\x1b[39;49;00m'),
    "structlog": filled("2026-01-01 [info     ] login    api_key=§ user=bob"),
    "configparser": filled("<Section: db> password => §"),
    "lines of bytes": filled("b'password: §\\r\\n'"),
    "old-new": filled("password: '§' -> 'x'"),
    "django diff": filled("- SECRET_KEY: '§'\n+ SECRET_KEY: 'x'"),
    "url as a path": filled("PosixPath('/tmp/postgresql:/bob:§@db.example.com/app')"),
    "url as a path of Windows": filled("WindowsPath('C:/tmp/redis:/:§@cache:6379/0')"),
    "token of letters": filled("KeyError: API_TOKEN=§", _letters),
    "rest errors": filled("{'password': [ErrorDetail(string='§ is too short', code='x')]}"),
}

FURTHER_FORMS = TOKENS | SQL | CLIENTS | TOOLS | PYTHON
