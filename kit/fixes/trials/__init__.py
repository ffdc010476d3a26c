"""Trials: options applied in a scratch copy, and what the tests do there."""
