"""What releases of cryptography broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="cryptography-old-pyopenssl",
        library="cryptography",
        last_good="38.0.4",
        first_bad="39.0.0",
        kind="private-name",
        error=r"AttributeError: module 'lib' has no attribute '(?:X509_V_FLAG_\w+|GEN_\w+|OpenSSL_add_all_algorithms)'",
        cause="an old pyOpenSSL reads names of OpenSSL that cryptography binds no more",
        before="pyopenssl 22.0.0",
        after="pyopenssl 23.0.0",
        both=True,
        beside={"pyopenssl": "<23.0.0"},
    ),
    Breakage(
        id="cryptography-random-bytes",
        library="cryptography",
        last_good="44.0.3",
        first_bad="45.0.0",
        kind="private-name",
        error=r"module 'lib' has no attribute 'RAND_bytes'",
        cause="an old python-jose draws random bytes through a name of OpenSSL that cryptography binds no more",
        before="python-jose 3.4.0",
        after="python-jose 3.5.0",
        both=True,
        beside={"python-jose": "<3.5.0"},
    ),
)
