"""Chooses the tests that a change concerns, by what changed inside its files and what each test has run."""
