"""What can go wrong in the domain. The application factory turns these into HTTP answers."""


class TradingError(Exception):
    """Base of all domain errors; `status` is the HTTP status they are answered with."""

    status = 400


class Invalid(TradingError):
    status = 422


class Forbidden(TradingError):
    status = 403


class NotFound(TradingError):
    status = 404


class Conflict(TradingError):
    status = 409


class QuotaExceeded(TradingError):
    status = 429


class RiskRejected(TradingError):
    """An order that the risk rules do not let through; the message names the rule."""

    status = 409


class FeatureDisabled(TradingError):
    status = 404
