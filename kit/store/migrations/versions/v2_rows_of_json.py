"""Version 2, the oldest that is brought further: a row of JSON for each test and each result."""

revision = "2"
down_revision = None


def upgrade() -> None:
    """Nothing leads here: the kit that wrote such a store made its tables."""
