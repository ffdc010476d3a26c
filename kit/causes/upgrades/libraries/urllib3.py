"""What releases of urllib3 broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="urllib3-method-whitelist",
        library="urllib3",
        last_good="1.26.20",
        first_bad="2.0.0",
        kind="signature-changed",
        error=r"TypeError: Retry\.__init__\(\) got an unexpected keyword argument 'method_whitelist'",
        cause="the methods that are tried again are called `allowed_methods`",
        before='Retry(method_whitelist=["GET"])',
        after='Retry(allowed_methods=["GET"])',
        both=True,
        source="https://github.com/urllib3/urllib3/blob/main/CHANGES.rst",
        uses=("*Retry(method_whitelist=)",),
        modules=(
            "urllib3",
            "requests",
        ),
        edits={
            "*Retry(method_whitelist=)": "allowed_methods=",
        },
    ),
    Breakage(
        id="urllib3-default-ciphers",
        library="urllib3",
        last_good="1.26.20",
        first_bad="2.0.0",
        kind="name-gone",
        error=r"(?:cannot import name|has no attribute) 'DEFAULT_CIPHERS'",
        cause="the list of ciphers is left to the system",
        before="ssl_.DEFAULT_CIPHERS",
        after="ssl.create_default_context()",
        both=True,
        source="https://github.com/urllib3/urllib3/blob/main/CHANGES.rst",
        uses=("urllib3.util.ssl_.DEFAULT_CIPHERS",),
    ),
    Breakage(
        id="urllib3-contrib-appengine",
        library="urllib3",
        last_good="1.26.20",
        first_bad="2.0.0",
        kind="name-gone",
        error=(
            r"ImportError: cannot import name 'appengine' from 'urllib3\.contrib'|"
            r"No module named 'urllib3\.contrib\.appengine'"
        ),
        cause="there is no App Engine any more, which requests-toolbelt before 1.0 imports",
        before="requests-toolbelt 0.10.1",
        after="requests-toolbelt 1.0.0",
        both=True,
        source="https://urllib3.readthedocs.io/en/stable/v2-migration-guide.html",
    ),
)
