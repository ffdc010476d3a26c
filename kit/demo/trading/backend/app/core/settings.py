"""Settings from the environment, read once."""

import os
from dataclasses import dataclass, field
from functools import lru_cache

from backend.app.core.errors import FeatureDisabled


@dataclass(frozen=True)
class FeatureSwitches:
    """What is rolled out. A switch goes away one release after it has been on for everyone."""

    copy_trading: bool = True
    wallet_proofs: bool = True
    signal_blending: bool = False

    def require(self, name: str) -> None:
        """Raise FeatureDisabled unless the switch of that name is on."""
        if not getattr(self, name):
            raise FeatureDisabled(f"feature {name!r} is switched off")


@dataclass(frozen=True)
class Settings:
    database_url: str = "sqlite+aiosqlite:///trading.db"
    token_secret: str = "development-only"
    token_minutes: int = 30
    password_iterations: int = 240_000
    features: FeatureSwitches = field(default_factory=FeatureSwitches)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    defaults = Settings()
    return Settings(
        database_url=os.environ.get("TRADING_DATABASE_URL", defaults.database_url),
        token_secret=os.environ.get("TRADING_TOKEN_SECRET", defaults.token_secret),
    )
