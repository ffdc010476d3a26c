import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.masking import learn_environment, mask


@pytest.fixture(autouse=True)
def environment_is_forgotten(monkeypatch):
    """What a test puts into the environment is secret only while it runs."""
    yield
    monkeypatch.undo()
    learn_environment()


SECRETS = [
    "postgresql+asyncpg://bob:hunter2@db.example.com:5432/app",
    "mysql://bob:hunter2@10.0.0.7/app?charset=utf8",
    "redis://:hunter2@cache:6379/0",
    "postgresql://bob:hun@ter2@db/app",
    "https://hunter2hunter2hunter2hunter2@git.example.com/x.git",
    "password=hunter2",
    "PASSWORD = 'hunter2'",
    "db_password: hunter2",
    '{"api_key": "hunter2", "n": 1}',
    '"{\\"client_secret\\": \\"hunter2\\"}"',
    "token: hunter2",
    "token: str = 'hunter2'",
    "settings.SECRET_KEY == 'hunter2'",
    "assert body['access_token'] == 'hunter2'",
    "password=SecretStr('hunter2')",
    "UID=sa;PWD=hunter2;",
    "Authorization: Bearer hunter2",
    "authorization: 'Basic hunter2'",
    "curl -H 'X: 1' --password hunter2 --verbose",
    "header Bearer hunter2.hunter2.hunter2.hunter2",
    "AWS_SECRET_ACCESS_KEY=hunter2",
    "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nhunter2",
    "hunter2hunter2hunter2\n-----END PRIVATE KEY-----",
]

TOKENS = [
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_0123456789abcdefghij0123456789abcdef",
    "github_pat_0123456789abcdefghij",
    "glpat-0123456789abcdefghij",
    "xoxb-0123456789-abcdefghij",
    "sk_live_0123456789abcdefghij",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
]

ORDINARY = [
    "tests/test_arguments.py::test_marks_optional[kwargs5-FOO...]",
    "tests/test_postgresql.py::test_casts[CASE WHEN (name IS NULL) THEN 'x'::character var...0e4e2ef4]",
    "tests/test_render.py::test_identity[kw4-sa.Identity(start=42, oracle_on_nu...kw4-only_if2]",
    "the folder /srv/app1/... holds docs/v2/index-3..., loading resnet50-v2... for x86_64-linux",
    'InvalidRequestError: Multiple classes found for path "Token" in the registry of this declarative base.',
    "backend/tests/test_token.py::TestPassword::test_secret[token-1] FAILED",
    "    password: Mapped[str] = mapped_column(String(60))",
    "def sign_in(name: str, password: str, token: str | None = None) -> Token:",
    "return Token(token=token, secret=settings.secret, password=request.form['password'])",
    "token = make_token(user)",
    "if not token: return",
    "KeyError: 'token'",
    "fixture 'auth_token' not found",
    "http://localhost:8000/users/bob@example.com",
    "PWD=/srv/app",
    "if '-----BEGIN CERTIFICATE-----' in text: load(text)",
    "git@github.com:example/app.git",
    "AssertionError: assert 3 == 4",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_secret_is_masked_wherever_it_stands(text):
    assert "hunter2" not in mask(text)
    assert "***" in mask(text)


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_told_by_its_shape(token):
    assert mask(f"sent {token} to the server") == "sent *** to the server"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_and_source_stay_as_they_are(text):
    assert mask(text) == text


CHECKSUM = "sha512-ZYKh3Wh2z1PpEXWr0MpSBZ0V6mZHAQfYevttO11c51CaWjGTaadiKZ+wVt1PbMlDV5qhMFslpZCemhwOK7C89A=="


@pytest.mark.parametrize(
    "text",
    [
        'connection_string="sqlite+aiosqlite:///:memory:"',
        "assert config.primary_connection_string == 'postgresql+asyncpg://primary:5432/db'",
        'session: "Union[AbstractContextManager[Session], AbstractAsyncContextManager[AsyncSession]]",',
        'def verify(self, plain_password: "Union[str, bytes]") -> bool:',
        "async def verify_token(x_token: str = Header()):",
        "    ssl_key_password: _PasswordType | None = None,",
        'ReplicaConfig(connection_string="postgresql://replica1:5432/db"),',
        "async def verify_key(item: Item, x_key: str | None = Header(default=None)) -> Item:",
        '"UUIDPrimaryKey": "advanced_alchemy.base.UUIDPrimaryKey",',
        """assert response.json()["detail"][0]["loc"] == ["cookie", "counter"]""",
        "{'type': 'missing', 'loc': ('cookie', 'session'), 'msg': 'Field required'}",
        f'"integrity": "{CHECKSUM}",',
        "script-src 'sha256-YwVkay1kjkGiuRM9oW8JUzwK2yXE5Dz412KzI4K7I9w='",
    ],
)
def test_what_a_name_or_a_shape_only_seems_to_make_secret_stays_as_it_is(text):
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('connection_string="postgresql://bob:hunter2@db:5432/app"', "hunter2"),
        ('connection_string="https://files.example.com/c?sig=hunter2hunter2hunter2"', "hunter2"),
        ('dsn="https://o1.ingest.example.com/k3Jx9Q2mZr7LpV4t"', "k3Jx9Q2mZr7LpV4t"),
        ('connection_string="AccountName=files;AccountKey=hunter2"', "hunter2"),
        ('password="sqlite:///hunter2"', "hunter2"),
        ('plain_password: "Union[hunter2"', "hunter2"),
        ('x_token: str = "hunter2"', "hunter2"),
        ('cookies = [("cookie", "hunter2")]', "hunter2"),
        ('private_key = "vault.app.hunter2"', "hunter2"),
        (CHECKSUM.removeprefix("sha512-"), "ZYKh3Wh2z1PpEXWr0MpS"),
        (f"md5-{CHECKSUM.removeprefix('sha512-')}", "ZYKh3Wh2z1PpEXWr0MpS"),
        (f'password = "{CHECKSUM}"', "ZYKh3Wh2z1PpEXWr0MpS"),
        ("sha256-YwVkay1kjkGiuRM9oW8JUzwK2yXE5Dz412KzI4K7I9wAB", "YwVkay1kjkGiuRM9oW8J"),
    ],
)
def test_a_secret_that_only_looks_like_one_of_these_is_masked(text, secret):
    assert secret not in mask(text)


def test_only_the_secret_goes_and_what_explains_it_stays():
    assert mask("cannot reach postgresql://bob:hunter2@db:5432/app") == "cannot reach postgresql://bob:***@db:5432/app"
    assert mask("connect(password='hunter2', port=5432)") == "connect(password='***', port=5432)"
    assert mask("a -----BEGIN PRIVATE KEY-----\nabc=\n-----END PRIVATE KEY----- b") == "a *** b"


def test_values_of_sensitive_variables_are_masked(monkeypatch):
    monkeypatch.setenv("PAYMENTS_API_KEY", "correct horse")
    monkeypatch.setenv("DATABASE_DSN", "host=db user=bob")
    monkeypatch.setenv("HARMLESS", "battery staple")
    learn_environment()
    assert mask("sent correct horse, host=db user=bob, battery staple") == "sent ***, ***, battery staple"


def test_a_sensitive_value_that_is_a_word_or_a_place_does_not_blot_out_other_text(monkeypatch, tmp_path):
    monkeypatch.setenv("POSTGRES_PASSWORD", "postgres")
    monkeypatch.setenv("APP_CREDENTIALS", str(tmp_path))
    monkeypatch.setenv("SHORT_TOKEN", "abc")
    learn_environment()
    text = f"postgresql://localhost/app read {tmp_path}/key.json abc"
    assert mask(text) == text
    assert mask("user postgres") == "user ***"


fragments = st.sampled_from(
    [
        *SECRETS,
        *TOKENS,
        *ORDINARY,
        "password=",
        "token: ",
        "://",
        "@",
        ":",
        "'",
        '"',
        "\\",
        "***",
        "*",
        "\n",
        " ",
        "İ",
        "\0",
    ]
)
texts = st.lists(fragments | st.text(max_size=8), max_size=12).map("".join)


@pytest.mark.slow
@given(texts)
def test_masking_never_raises_and_masking_twice_changes_nothing_more(text):
    once = mask(text)
    assert mask(once) == once


@pytest.mark.slow
@given(st.lists(st.sampled_from(["the", "test", "failed", "with", "an", "error", "in", "line", "42", "of", "app.py"])))
def test_plain_words_are_kept(words):
    assert mask(" ".join(words)) == " ".join(words)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [ORDINARY[0] * 90, "\n".join(SECRETS) * 12, "://a:" * 2_000, "password" * 1_250, "a" * 10_000, "eyJ" * 3_333],
)
def test_long_and_hostile_texts_are_masked_to_the_end(text):
    text = text[:10_000]
    masked = mask(f"{text} token=ghp_0123456789abcdefghijABCDEFGHIJ012345")
    assert "0123456789abcdefghij" not in masked
    assert mask(masked) == masked


@pytest.mark.parametrize("value", ["ZndrWTBwbmNR", "MlRvdVNZYmsz", "bVxqKdRwGtZn", "abc12345"])
def test_a_secret_is_masked_again_where_it_stands_without_its_name(value):
    masked = mask(f"assert 'kind: Secret\\... {value}' == ''\n  \n  + kind: Secret\ndata:\n  db-password: {value}")
    assert value not in masked


@pytest.mark.parametrize("value", ["development", "hunter", "MainOffice", "NewYorkCity"])
def test_a_secret_that_people_write_too_is_masked_beside_its_name_only(value):
    masked = mask(f"the {value} branch\nkind: Secret\ndata:\n  db-password: {value}")
    assert masked == f"the {value} branch\nkind: Secret\ndata:\n  db-password: ***"


@pytest.mark.parametrize("part", ["q8Zr1kLm2PwX", "9f1c2d3e-4b5a-6c7d", "aB3dE5fG7", "sk-x9K2m4Q7"])
def test_a_word_beside_an_ellipsis_that_nobody_writes_is_masked(part):
    assert part not in mask(f"it got 'the value {part}... instead")
    assert part not in mask(f"it got ...{part}' instead")
