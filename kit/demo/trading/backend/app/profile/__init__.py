"""Profiles, subscriptions and billing."""
