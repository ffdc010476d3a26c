"""Which plugin brings an option of pytest's command line."""

from __future__ import annotations

import re

#: the distribution, and what its options begin with or are
_BRINGS: tuple[tuple[str, str], ...] = (
    ("pytest-cov", r"--(no-)?cov"),
    ("pytest-timeout", r"--(session-)?timeout"),
    (
        "pytest-xdist",
        r"-n|-d|-f|--(numprocesses|maxprocesses|dist|tx|px|looponfail|max-worker-restart|testrunuid|rsync)",
    ),
    ("pytest-forked", r"--(forked|boxed)"),
    ("pytest-parallel", r"--(workers|tests-per-worker)"),
    ("pytest-randomly", r"--randomly-"),
    ("pytest-random-order", r"--random-order"),
    ("pytest-rerunfailures", r"--(reruns|only-rerun|rerun-except|fail-on-flaky)"),
    ("flaky", r"--(no-flaky-report|no-success-flaky-report|force-flaky|max-runs|min-passes)"),
    ("pytest-retry", r"--(retries|retry-delay|cumulative-timing)"),
    ("pytest-asyncio", r"--asyncio-mode"),
    (
        "pytest-django",
        r"--(ds$|ds=|dc$|dc=|reuse-db|create-db|no-?migrations|migrations|django-|fail-on-template-vars)",
    ),
    ("pytest-html", r"--(html|self-contained-html|css)"),
    ("pytest-json-report", r"--json-report"),
    ("pytest-reportlog", r"--report-log"),
    ("pytest-json-ctrf", r"--ctrf"),
    ("allure-pytest", r"--(alluredir|clean-alluredir|allure-)"),
    ("pytest-benchmark", r"--benchmark-"),
    ("pytest-codspeed", r"--codspeed"),
    ("pytest-mypy", r"--mypy"),
    ("pytest-ruff", r"--ruff"),
    ("pytest-black", r"--black"),
    ("pytest-isort", r"--isort"),
    ("pytest-flake8", r"--flake8"),
    ("pytest-pylint", r"--pylint"),
    ("pytest-socket", r"--(disable-socket|force-enable-socket|allow-hosts|allow-unix-socket)"),
    ("pytest-split", r"--(splits|group|store-durations|durations-path|splitting-algorithm|clean-durations)"),
    ("pytest-repeat", r"--(count|repeat-scope)"),
    ("pytest-picked", r"--picked"),
    ("pytest-testmon", r"--testmon"),
    ("pytest-bdd", r"--(gherkin-|cucumberjson|generate-missing)"),
    ("pytest-instafail", r"--instafail"),
    ("pytest-recording", r"--(record-mode|block-network|allowed-hosts|disable-recording)"),
    ("pytest-playwright", r"--(headed|browser|slowmo|tracing|video|screenshot|output)"),
    ("pytest-base-url", r"--(base-url|verify-base-url)"),
    ("pytest-postgresql", r"--postgresql-"),
    ("pytest-doctestplus", r"--(doctest-plus|doctest-rst|doctest-only|doctest-ufunc|text-file-format|remote-data)"),
    ("nbval", r"--(no-)?nbval"),
    ("hypothesis", r"--hypothesis-"),
    ("typeguard", r"--typeguard-"),
    ("inline-snapshot", r"--inline-snapshot"),
    ("syrupy", r"--snapshot-"),
    ("pytest-regressions", r"--(force-regen|regen-all|with-test-class-names)"),
    ("pytest-memray", r"--(memray|most-allocations|stacks|native)"),
    ("pytest-order", r"--(order-|indulgent-ordering|sparse-ordering)"),
    ("pytest-metadata", r"--metadata"),
    ("pytest-dotenv", r"--(envfile|env-file)"),
    ("pytest-github-actions-annotate-failures", r"--exclude-warning-annotations"),
    ("pytest-error-for-skips", r"--error-for-skips"),
    ("pytest-profiling", r"--(profile|pstats-dir)"),
    ("pytest-mpl", r"--mpl"),
    ("pytest-qt", r"--(no-)?qt-"),
    ("pytest-xvfb", r"--(no-xvfb|xvfb-)"),
    ("pytest-aiohttp", r"--aiohttp-"),
    ("pytest-docker", r"--(keep-docker|container-scope)"),
)


def brought_by(option: str) -> str | None:
    """The distribution that brings an option, with or without a value; ``None`` where that is not known."""
    return next((name for name, pattern in _BRINGS if re.match(rf"(?:{pattern})", option)), None)
