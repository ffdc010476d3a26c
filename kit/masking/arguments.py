r"""Passwords that are recognized by their place in a command: of a program, a shell, a protocol, a settings file."""

from __future__ import annotations

from kit.masking.rules import SecretRule

#: a word of a command, whole
_WORD = r"[^\s'\"\\,;<>|&\[\](){}`]"
#: letters beside digits, or of both cases within: no word of a language
_MIXED = rf"(?={_WORD}*(?:[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z]))"
#: for names that are ordinary words, too
_VERY_MIXED = rf"(?={_WORD}*[a-z])(?={_WORD}*[A-Z])(?={_WORD}*\d)"

ARGUMENTS = (
    SecretRule(
        "curl-user",
        ("curl", "wget", "http ", "https "),
        r"\b(?:curl|wget|https?)\b[^\n]*?\s(?:-u|--user|--proxy-user|-U|-a|--auth)[ =]?"
        r"""(?:"[^":\n]*:([^"\n]+)"|'[^':\n]*:([^'\n]+)'|[^\s:'"]*:([^\s'"]+))""",
        is_whole=False,
    ),
    SecretRule(
        "mysql-password",
        ("mysql", "mariadb", "mongo", "sshpass", "7z"),
        r"\b(?:mysql\w*|mariadb[\w-]*|mongo\w*|sshpass|7z)\b[^\n]*?\s-p(?:[ ](?=[^\s-])(?![a-z]+\b(?:\s|$)))?"
        r"""(?:"([^"\n]+)"|'([^'\n]+)'|([^\s'"]+))""",
        is_whole=False,
    ),
    SecretRule(
        "argument-list",  # ['mysql', '-psecret']
        ("mysql", "mariadb", "sshpass"),
        r"""["'](?:mysql\w*|mariadb[\w-]*|sshpass)["'](?:,\s*["'][^"'\n]*["'])*?,\s*["']-p([^"'\n]+)["']""",
        is_whole=False,
    ),
    SecretRule(
        "argument-list-with-value",  # ['redis-cli', '-a', 'secret'], ['curl', '-u', 'bob:secret']
        ("redis-cli", "sshpass", "docker", "ldap", "curl"),
        r"""["'](?:redis-cli|sshpass|docker|ldap\w+|curl)["'](?:,\s*["'][^"'\n]*["'])*?,\s*"""
        r"""["']-(?:[apw]["'],\s*["']([^"'\n]+)|u["'],\s*["'][^"'\n:]*:([^"'\n]+))["']""",
        is_whole=False,
    ),
    SecretRule(
        "password-option",
        ("redis-cli", "sshpass", "docker login", "ldap", "htpasswd", "podman login", "helm", "sqlcmd", "bcp "),
        r"\b(?:redis-cli|sshpass|docker login|podman login|ldap\w+|htpasswd|helm|sqlcmd|bcp)\b[^\n]*?"
        r"\s-(?:a|p|w|P|b)[ ]?"
        r"""(?:"([^"\n]+)"|'([^'\n]+)'|([^\s'"-][^\s'"]*))""",
        is_whole=False,
    ),
    SecretRule("smb-user", ("smbclient", "-u ", "net use"), r"(?:-U|/user:)[ ]?[\w.\\]+%(\S+)", is_whole=False),
    SecretRule(
        "user-and-password",
        ("-u ", "--user", "-d "),
        r"\s(?:-u|--user(?:name)?|-D)[ =]\S+\s+-[pw][ ](?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s'\"-]\S*))",
        is_whole=False,
    ),
    SecretRule(
        "identified-by", ("identified ",), r"\bIDENTIFIED (?:WITH \S+ )?BY (?:PASSWORD )?'([^'\n]+)'", is_whole=False
    ),
    SecretRule(
        "oracle",
        ("sqlplus", ":thin:", "impdp", "expdp", "rman"),
        r"(?:\b(?:sqlplus|impdp|expdp|rman)(?: -\S+)* |:thin:)\w+/([^\s@'\"]+)@",
    ),
    SecretRule(
        "standard-input",
        ("-stdin", "--with-token", "kinit", "sudo -s", "passwd", "chpasswd", "smbpasswd"),
        r"\b(?:echo|printf)(?: -\w+)* (?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s'\"|]+))\s*\|"
        r"(?:[^\n|]*(?:-stdin|--with-token)|\s*(?:['\"]\s+['\"])?(?:sudo )?(?:kinit|sudo -S|(?:ch|smb)?passwd)\b)",
        is_whole=False,
    ),
    SecretRule("workflow-mask", ("::add-mask::",), r"::add-mask::([^\n]+)", is_whole=False),
    SecretRule("openssl", ("pass:",), r"-pass(?:in|out)?[ =]pass:(\S+)", is_whole=False),
    SecretRule("snmp", ("snmp",), rf"\s-[AX][ ]({_MIXED}{_WORD}{{8,}})", is_whole=False),
    SecretRule("unzip", ("zip ",), rf"\b(?:un)?zip\b[^\n]*?\s-P[ ]?({_WORD}+)", is_whole=False),
    SecretRule(
        "influx", ("influx ",), rf"\binflux\b[^\n]*?\s(?:-t|--?token|--?password)[ =]({_WORD}{{6,}})", is_whole=False
    ),
    SecretRule(
        "htpasswd",
        ("htpasswd ",),
        rf"\bhtpasswd(?: -\w+)* -\w*b\w*(?: -\w+)* {_WORD}+ {_WORD}+ ({_WORD}+)",
        is_whole=False,
    ),
    SecretRule(
        "net-use", ("net use ",), rf"\bnet use\s+(?:\w:\s+)?\\+[\w.\\$-]+\s+({_WORD}+)\s+/user:", is_whole=False
    ),
    SecretRule(
        "redis-settings", ("requirepass", "masterauth"), rf"\b(?:requirepass|masterauth)[ \t]+[\"']?({_MIXED}{_WORD}+)"
    ),
    SecretRule("auth-command", ("auth ",), rf"(?<![\w-])AUTH (?:[\w.-]+ )?({_MIXED}{_WORD}{{8,}})"),
    SecretRule(
        "imap-login", (" login ",), rf"\b[A-Za-z]{{0,4}}\d{{1,5}} LOGIN [\"']?{_WORD}+[\"']? [\"']?({_WORD}{{4,}})"
    ),
    SecretRule(
        "pass-command", ("pass ",), rf"(?<![\w-])PASS (?![Tt]est)({_VERY_MIXED}[^\s'\"\\,;<>|&\[\](){{}}`/:]{{8,}})"
    ),
    SecretRule(
        "property",
        ("password ", "passwd ", "secret ", "passphrase "),
        rf"(?<![\w.])(?:[a-z][\w-]*\.){{1,6}}(?:password|passwd|secret|passphrase) ({_VERY_MIXED}{_WORD}{{8,}})",
    ),
    SecretRule(
        "bundler",
        ("bundle_",),
        rf"\bBUNDLE_\w+__\w+[ ]?[:=][ ]?\\*[\"']?(?:[\w.@-]+:)?({_MIXED}(?!-){_WORD}{{6,}})",
    ),
    SecretRule(
        "composer",
        ("github-oauth", "gitlab-oauth", "gitlab-token"),
        r"""(?:github-oauth|gitlab-oauth|gitlab-token)\\*["']\s*:\s*\{\s*\\*["'][\w.-]+\\*["']\s*:\s*\\*["']([\w.-]{8,})""",
        is_whole=False,
    ),
)
