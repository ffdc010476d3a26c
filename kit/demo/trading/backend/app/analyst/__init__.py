"""Indicators, signals and notes."""
