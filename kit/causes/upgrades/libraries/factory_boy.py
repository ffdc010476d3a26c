"""What releases of factory_boy broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="factory-boy-force-flush",
        library="factory-boy",
        last_good="2.12.0",
        first_bad="3.0.0",
        kind="name-gone",
        error=r"TypeError: 'class Meta' for .* got unknown attribute\(s\) force_flush",
        cause="the option `force_flush` of a factory for SQLAlchemy is gone",
        before="force_flush = True",
        after='sqlalchemy_session_persistence = "flush"',
        both=True,
        source="https://github.com/FactoryBoy/factory_boy/blob/master/docs/changelog.rst",
        modules=("factory",),
        forewarns=r"force_flush has been deprecated as of 2\.8\.0 and will be removed in 3\.0\.0",
    ),
)
