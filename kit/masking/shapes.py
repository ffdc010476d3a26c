r"""kit's own rules for secrets that are recognized by their shape, beside those of gitleaks.

They take tokens of any length after a known prefix (gitleaks knows how long real ones are; a test makes up its own),
passwords in URLs and on command lines, keys in blocks, and headers.
"""

from __future__ import annotations

import re

from kit.masking.arguments import ARGUMENTS
from kit.masking.rules import LONG_WORD, RuleSet, SecretRule, gitleaks_rules

#: how the tokens of services begin
_PREFIXES = (
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "glptt-", "gloas-", "glcbt-",
    "npm_", "pypi-", "hf_", "api_org_", "hvs.", "hvb.", "hvr.", "SG.", "sk-", "rk_live_", "rk_test_", "sk_live_",
    "sk_test_", "sk_prod_", "pk_live_", "whsec_", "xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.", "xoxo-",
    "xoxp-", "xoxr-", "xoxs-", "xapp-", "ya29.", "GOCSPX-", "AIza", "dop_v1_", "doo_v1_", "dor_v1_", "dapi",
    "dckr_pat_", "dckr_oat_", "dp.pt.", "dp.st.", "lin_api_", "lin_oauth_", "ntn_", "secret_", "sl.", "shpat_",
    "shpca_", "shppa_", "shpss_", "sq0atp-", "sq0csp-", "EAAA", "NRAK-", "NRII-", "NRJS-", "PMAK-", "pul-",
    "rubygems_", "sntrys_", "sntryu_", "figd_", "glsa_", "glc_", "atlasv1.", "ATATT", "ATCTT", "ATBB", "AKCp", "EZAK",
    "EZTK", "pscale_", "tfp_", "rdme_", "shippo_", "sgp_", "xkeysib-", "xsmtpsib-", "key-", "pplx-", "gsk_", "r8_",
    "pnu_", "tskey-", "vercel_", "nfp_", "sbp_", "sb_secret_", "cio_", "phc_", "phx_", "fo1_", "fm2_",
    "AGE-SECRET-KEY-", "p8e-", "API-", "LTAI", "AKID", "HRKU-", "re_", "ico-", "tvly-", "CCIPAT_", "mfa.", "dt0c01.",
    "oy2", "nvapi-", "xai-", "csk-", "lsv2_pt_", "lsv2_sk_", "pcsk_", "tgp_v1_", "napi_", "vcp_", "vck_", "sk_org_",
    "sqp_", "squ_", "sqa_", "ABSK", "IQoJ", "ops_eyJ", "sha256~", "access-sandbox-", "access-production-",
    "SharedAccessSignature ", "eyJ", "fw_", "e2b_", "bkua_", "CLOJARS_", "GOOG1E",
)  # fmt: skip

#: prefixes that also begin ordinary names: what follows must be long and look random
_WEAK = frozenset(
    {"sk-", "secret_", "sl.", "key-", "re_", "r8_", "API-", "mfa.", "oy2", "EAAA", "dapi", "ico-", "hf_", "cio_",
     "glc_", "pypi-", "ntn_", "pul-", "fw_", "e2b_", "AKID", "vercel_", "SG.", "ATBB", "npm_", "p8e-", "eyJ"}
)  # fmt: skip

_STRONG = "|".join(re.escape(prefix) for prefix in _PREFIXES if prefix not in _WEAK)
_RANDOM = r"(?=[\w.~+/=-]*(?:[a-z]\d|\d[a-z]|[a-z][A-Z]+[a-z0-9]|\d[A-Z]|[A-Z]\d))"
_WORDS = r"[\w~+/-]+(?:\.[\w~+/-]+)*={0,2}"

#: what follows a keyword that is cut: the rest of the secret, or an ellipsis and its end
_ELLIPSIS = r"(?:\.\.\.|\u2026)"

_PEM_TEXT = r"\w+/=\s\\:,.\"'-"
_PEM_KIND = r"(?:[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?|PGP MESSAGE|SSH2 ENCRYPTED PRIVATE KEY)"
_PEM_END = rf"-----END {_PEM_KIND}-----"

#: after the @ of a URL: a host, and where it ends
_HOST = r"(?=\[?[\w.:-]+\]?(?:[/?#\s'\"),;<>\]}&\\`]|$)|\*\*\*)"

SHAPES = (
    SecretRule(
        "prefix",
        tuple(prefix.lower() for prefix in _PREFIXES if prefix not in _WEAK),
        rf"(?<![A-Za-z0-9])(?:{_STRONG})(?:{_RANDOM}[\w~+/=.-]{{10,}}|[\w~+/=-]{{20,}})",
    ),
    *(
        SecretRule(
            f"prefix-{prefix}",
            (prefix.lower(),),
            rf"(?<![\w-]){re.escape(prefix)}{_RANDOM}{_WORDS}(?<=.{{{24 + len(prefix)}}})",
            entropy=3.4,
        )
        for prefix in sorted(_WEAK)
    ),
    SecretRule(
        "cut-prefix",
        tuple(prefix.lower() for prefix in _PREFIXES if prefix not in _WEAK),
        rf"(?<![A-Za-z0-9])(?:{_STRONG})[\w~+/-]{{2,}}{_ELLIPSIS}[\w~+/=-]*",
    ),
    # user:password@host: a password may hold a @, a slash or a blank when a host with a port or a path follows
    SecretRule(
        "url-password",
        ("://",),
        r"://[^\s:/@'\"\[\]<>]{0,128}:(?!\d{1,5}(?:[/?#\s,;)'\"]|$))"
        rf"([^\s'\"<>]{{1,256}}(?:@[^\s'\"@/<>]{{1,256}})?)@{_HOST}",
        is_whole=True,
    ),
    SecretRule(
        "url-password-with-blanks",
        ("://",),
        r"://[^\s:/@'\"\[\]<>]{0,128}:(?!\d{1,5}(?:[/?#\s,;)'\"]|$))"
        r"((?:(?!://)[^\n'\"<>]){1,128})@(?=[\w.-]+(?::\d{2,5}(?!\d)|/))",
        is_whole=False,
    ),
    # a URL that was taken for a path: pathlib and os.path keep one slash of two
    SecretRule(
        "url-password-of-a-path",
        (":/", ":\\"),
        r"\b[A-Za-z][\w+.-]{1,30}:(?:/|\\{1,4})(?![/\\])[^\s:/\\@'\"\[\]<>]{0,128}:(?!\d{1,5}(?:[/?#\s,;)'\"]|$))"
        rf"([^\s'\"<>]{{1,256}}?)@{_HOST}",
        is_certain=False,  # pages hold much code in one line
    ),
    SecretRule("url-token", ("://",), rf"://([\w.~%+-]{{20,256}})@{_HOST}"),
    SecretRule(
        "url-parameter",
        ("?", "&"),
        r"[?&](?:sig|signature|se?ssion(?:_?id)?|sid|key|api_?key|auth|code|token|access_token|jwt|ticket|secret|"
        r"x-amz-(?:signature|credential|security-token)|x-goog-signature|client_secret|refresh_token|id_token|pass|"
        r"passwd|password|pwd|hmac|otp)=([\w%.~+/=-]{8,})",
        flags=re.IGNORECASE,
    ),
    SecretRule(
        "private-key",
        ("-----begin",),
        rf"-----BEGIN {_PEM_KIND}-----[{_PEM_TEXT}]*?(?:{_PEM_END}|(?=[^{_PEM_TEXT}])|\Z)",
        is_whole=False,
    ),
    SecretRule(
        "end-of-private-key",  # its start was cut off
        ("-----end",),
        rf"(?:^[^\n\w+/=]{{0,12}}[\w+/=]{{4,}}\s*?\n)*^[^\n\w+/=]{{0,12}}{_PEM_END}",
        flags=re.MULTILINE,
        is_whole=False,
    ),
    SecretRule("putty-key", ("private-lines:",), r"Private-Lines: \d+\n((?:[\w+/=]+\n?)+)", is_whole=False),
    SecretRule("json-web-token", ("eyj",), r"(?<![A-Za-z0-9])eyJ[\w-]{8,}(?:\.[\w-]{4,}){1,4}(?:\.[\w-]*)?"),
    SecretRule("cut-json-web-token", ("eyj",), rf"(?<![A-Za-z0-9])eyJ(?:[\w-]|\.(?!\.\.)){{8,}}+{_ELLIPSIS}[\w.-]*"),
    SecretRule(
        "aws-key", ("akia", "asia", "aroa", "aida", "abia", "acca"), r"\bA(?:KIA|SIA|ROA|IDA|BIA|CCA)[0-9A-Z]{12,}\b"
    ),
    SecretRule("telegram-bot", (":aa",), r"(?<!\d)\d{6,12}:AA[\w-]{30,}"),
    SecretRule(
        "discord-bot",
        ("mt", "mz", "mj", "nd", "nt", "nj", "nz", "od", "ot"),
        r"(?<![\w.])[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,40}(?![\w.])",
    ),
    SecretRule("airtable", (LONG_WORD,), r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b"),
    SecretRule("infisical", (LONG_WORD,), r"\bst\.[0-9a-f]{20,}\.[0-9a-f]{32}\.[0-9a-f]{32}\b"),
    SecretRule("fly", ("flyv1",), r"\bFlyV1 ([\w+/=.,-]{20,})"),
    SecretRule("crates", (LONG_WORD,), rf"(?<![\w-])cio{_RANDOM}[A-Za-z0-9]{{32}}\b"),
    SecretRule("firebase", ("apa91b",), r"(?:[\w-]{11,}:)?APA91b[\w-]{40,}"),
    SecretRule("adyen", (LONG_WORD,), rf"(?<![\w-])AQE{_RANDOM}[A-Za-z0-9]{{40,}}[\w+/=-]*"),
    SecretRule("azure-client", ("q~",), r"(?<![\w~.-])[\w~.]{3}\dQ~[\w.~-]{31,34}"),
    # a service that no rule knows: a long word of letters of both cases and digits; digests and addresses are none
    SecretRule(
        "long-word",
        (LONG_WORD,),
        r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9]{0,9}[_-]){0,3}"
        r"(?!0[xX]|[0-9A-Fa-f]+(?!\w))(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=(?:[A-Za-z]*\d){4})[A-Za-z0-9]{36,}(?!\w)",
        entropy=4.2,
        is_certain=False,  # pages hold fonts and images, in as long words
    ),
    SecretRule("mailgun-private", (LONG_WORD,), r"(?<![0-9a-f-])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-f])"),
    SecretRule(
        "web-key",
        ("kty",),
        r"""\\*["'](?:k|d|p|q|dp|dq|qi)\\*["']\s*:\s*\\*["']([\w-]{20,})""",
    ),
    SecretRule(
        "seed-phrase",
        ("mnemonic", "phrase", "seed"),
        r"\b(?:mnemonic|seed|(?:seed|recovery)[ _]phrase)\W{1,6}((?:[a-z]{3,8}\s+){11,23}[a-z]{3,8})\b",
        flags=re.IGNORECASE,
        is_whole=False,
    ),
    SecretRule("mailgun", ("key-",), r"(?<![\w-])(?:pub)?key-[0-9a-f]{32}(?!\w)"),
    SecretRule("elevenlabs", ("sk_",), r"(?<![\w-])sk_[0-9a-f]{32,}"),
    SecretRule(
        "modal",
        ("as-", "ak-"),
        r"(?<![\w-])a[ks]-(?=[a-z0-9]*[A-Z])(?=[A-Z0-9]*[a-z])(?=[A-Za-z]*\d)[A-Za-z0-9]{22}(?![A-Za-z0-9])",
        entropy=3.5,
    ),
    SecretRule("paypal", ("access_token$",), r"access_token\$(?:production|sandbox)\$\w+\$([0-9a-f]{16,})"),
    SecretRule("conda", ("/t/",), r"://[\w.-]+/t/((?=[\w-]*\d)[\w-]{20,})(?:/|$)"),
    SecretRule("mailchimp", ("-us",), r"(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}\b"),
    SecretRule("twilio", ("sk", "ac"), r"\b(?:SK|AC)[0-9a-f]{32}\b"),
    SecretRule("google-refresh-token", ("1//0",), r"(?<!\w)1//0[\w-]{20,}"),
    SecretRule(
        "vault-legacy", ("s.", "b."), rf"(?<![\w.])[sb]\.{_RANDOM}(?=\w*\d\w*\d)[A-Za-z0-9]{{24,}}(?!\w)", entropy=3.5
    ),
    SecretRule(
        "slack-webhook", ("hooks.slack",), r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/([\w/-]{8,})"
    ),
    SecretRule("discord-webhook", ("/webhooks/",), r"/webhooks/(\d{6,}/[\w-]{16,})"),
    SecretRule("teams-webhook", ("webhook.office", "webhookb2"), r"webhookb2?/([\w@/-]{20,})"),
    SecretRule("sentry-dsn", ("@",), r"://([0-9a-f]{16,})@[\w.-]*"),
    SecretRule("azure-key", (LONG_WORD,), r"(?<![\w+/])[A-Za-z0-9+/]{86}=="),
    SecretRule("azure-signature", ("sig=",), r"\bsig=([\w%+/-]{16,}=?=?)"),
    SecretRule(
        "crypt-hash", ("$",), r"\$(?:2[abxy]?|5|6|1|y|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*)\$[\w./$=,+-]{16,}"
    ),
    SecretRule(
        "django-hash",
        ("pbkdf2_sha", "bcrypt_sha", "scrypt$", "argon2$"),
        r"\b(?:pbkdf2|bcrypt|scrypt|argon2)\w*\$[\w$./+=-]{16,}",
    ),
    SecretRule(
        "ldap-hash", ("sha}", "md5}", "crypt}"), r"\{S?(?:SHA\d{0,3}|MD5|CRYPT)\}[\w+/=.$-]{8,}", flags=re.IGNORECASE
    ),
    SecretRule(
        "scheme",
        ("bearer ", "basic ", "negotiate ", "ntlm ", "apikey ", "hoba "),
        r"\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC|[Nn]egotiate|NTLM|[Aa]pi[Kk]ey|HOBA)[ ]+"
        r"((?=[\w.~+/-]*(?:\d|[a-z][A-Z]|[A-Za-z0-9]=))[\w.~+/-]{8,}={0,2})",
    ),
    SecretRule("bearer-of-letters", ("bearer ",), r"\b[Bb]earer[ ]+([a-z.~+/=_-]{20,}|[A-Z.~+/=_-]{20,})"),
    SecretRule(
        "shared-key",  # a long line is wrapped behind its first word
        ("sharedkey",),
        r"\bSharedKey(?:Lite)?\s+[\w.-]+:([A-Za-z0-9+/]{20,}={0,2})",
        is_whole=False,
    ),
    SecretRule("aws-signature", ("aws4-hmac",), r"AWS4-HMAC-SHA256[ ,]+(Credential=[^\n\"']+)", is_whole=False),
    SecretRule(
        "digest", ("digest ",), r"""\b[Dd]igest [\s\S]{0,300}?\bresponse=\\*["']?([0-9a-fA-F]{32,64})""", is_whole=False
    ),
    SecretRule(
        "oauth", ("oauth_",), r"""\boauth_(?:signature|token|consumer_key|verifier|nonce)=\\*["']?([\w%.+/=-]{6,})"""
    ),
    SecretRule("netrc", ("machine ", "login "), r"\blogin\s+\S+\s+password\s+(\S+)", is_whole=False),
    SecretRule(
        "pgpass",
        (":5432:", ":5433:", ":6432:", ":3306:", ":*:"),
        r"(?<![\w./-])[\w.*-]+:(?:\d{4,5}|\*):[\w*.-]+:[\w*.-]+:([^\s:'\"]{6,})",
        is_whole=False,
    ),
)

RULES = (*SHAPES, *ARGUMENTS)


#: how secrets of a known shape begin, in lower case
BEGINNINGS = (
    *(prefix.lower() for prefix in _PREFIXES),
    *("akia", "asia", "aroa", "aida", "http", "postgres", "pat", "st.", "aqe", "cio"),
)


def rule_set() -> RuleSet:
    """All rules."""
    return RuleSet((*RULES, *gitleaks_rules()))
