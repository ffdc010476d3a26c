"""Plugins of the whole suite (pytest wants them named in the root conftest)."""

pytest_plugins = ["backend.tests.fail_fast"]
