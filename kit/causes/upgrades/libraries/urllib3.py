"""What releases of urllib3 broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="urllib3-method-whitelist",
        library="urllib3",
        last_good="1.26.20",
        first_bad="2.0.2",
        kind="signature-changed",
        error=r"TypeError: Retry\.__init__\(\) got an unexpected keyword argument 'method_whitelist'",
        cause="the methods that are tried again are called `allowed_methods`",
        before='Retry(method_whitelist=["GET"])',
        after='Retry(allowed_methods=["GET"])',
        both=True,
        source="https://urllib3.readthedocs.io/en/stable/v2-migration-guide.html",
        uses=("*Retry(method_whitelist=)",),
        modules=(
            "urllib3",
            "requests",
        ),
    ),
)
