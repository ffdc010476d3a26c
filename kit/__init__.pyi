from kit.session.opening import open_session as open  # noqa: A004  # kit.open reads as what it does

__all__ = ["__version__", "open"]

__version__: str
