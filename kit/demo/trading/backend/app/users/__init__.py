"""Accounts as other packages see them, watchlists and preferences."""
