"""What releases of pyOpenSSL broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="pyopenssl-certificate-request",
        library="pyopenssl",
        last_good="26.2.0",
        first_bad="26.3.0",
        kind="name-gone",
        error=(
            r"module 'OpenSSL\.crypto' has no attribute '(?:X509Req|(?:load|dump)_certificate_request)'|"
            r"cannot import name '(?:X509Req|(?:load|dump)_certificate_request)' from 'OpenSSL\.crypto'"
        ),
        cause="requests for certificates are those of cryptography only",
        before="OpenSSL.crypto.load_certificate_request(FILETYPE_PEM, text)",
        after="cryptography.x509.load_pem_x509_csr(text)",
        both=True,
        modules=("OpenSSL",),
        uses=(
            "OpenSSL.crypto.X509Req",
            "OpenSSL.crypto.load_certificate_request",
            "OpenSSL.crypto.dump_certificate_request",
        ),
    ),
    Breakage(
        id="pyopenssl-sign",
        library="pyopenssl",
        last_good="24.2.1",
        first_bad="24.3.0",
        kind="name-gone",
        error=(
            r"module 'OpenSSL\.crypto' has no attribute '(?:sign|verify|CRL|Revoked|(?:load|dump)_crl)'|"
            r"cannot import name '(?:sign|verify|CRL|Revoked|(?:load|dump)_crl)' from 'OpenSSL\.crypto'"
        ),
        cause="signatures and revocation lists are those of cryptography only",
        before='OpenSSL.crypto.sign(key, data, "sha256")',
        after="key.to_cryptography_key().sign(data, PKCS1v15(), SHA256())",
        both=True,
        modules=("OpenSSL",),
        uses=(
            "OpenSSL.crypto.sign",
            "OpenSSL.crypto.verify",
            "OpenSSL.crypto.CRL",
            "OpenSSL.crypto.Revoked",
            "OpenSSL.crypto.load_crl",
            "OpenSSL.crypto.dump_crl",
        ),
    ),
)
