"""kit: a Jupyter-based investigation kit for broken Python test suites."""

__version__ = "0.2.0"
