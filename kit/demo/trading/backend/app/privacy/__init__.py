"""Consent, redaction and erasure."""
