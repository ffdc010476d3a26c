"""What releases of oslo.context broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="oslo-context-private-domain",
        library="oslo-context",
        last_good="5.7.1",
        first_bad="6.0.0",
        kind="private-name",
        error=r"AttributeError: '\w+' object has no attribute '_(?:user_|project_)?domain_id'",
        cause="the private attributes of a context's domains are gone",
        before="context._domain_id",
        after="context.domain_id",
        both=True,
        source="https://docs.openstack.org/releasenotes/oslo.context/2025.2.html",
        uses=("._domain_id", "._user_domain_id", "._project_domain_id"),
        modules=("oslo_context",),
    ),
)
