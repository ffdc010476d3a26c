"""What releases of redis broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="redis-resp3-default",
        library="redis",
        last_good="7.4.1",
        first_bad="8.0.0",
        kind="default-changed",
        error=r"(?i)ResponseError: unknown command [`']?hello\b",
        cause="a client speaks RESP3 and begins with the command HELLO, which old or simulated servers do not know",
        before="Redis(host)",
        after="Redis(host, protocol=2)",
        both=True,
        source="https://github.com/redis/redis-py/issues/4089",
    ),
    Breakage(
        id="redis-connection-parsers",
        library="redis",
        last_good="4.6.0",
        first_bad="5.0.0",
        kind="name-gone",
        error=r"ImportError: cannot import name '\w+' from 'redis\.connection'|No module named 'redis\.parsers'",
        cause="the parsers of answers stand in a private module, `redis._parsers`",
        before="from redis.connection import BaseParser",
        after="from redis._parsers import BaseParser",
        both=False,
        uses=(
            "redis.connection.BaseParser",
            "redis.connection.PythonParser",
            "redis.connection.HiredisParser",
            "redis.connection.SYM_*",
            "redis.parsers.*",
        ),
        edits={
            "redis.connection.BaseParser": "redis._parsers:BaseParser",
        },
    ),
    Breakage(
        id="redis-execute-command-keys",
        library="redis",
        last_good="5.0.8",
        first_bad="5.1.0",
        kind="signature-changed",
        error=r"TypeError: \w+\.execute_command\(\) got an unexpected keyword argument 'keys'",
        cause="commands that read pass their `keys` to `execute_command`, so an own one has to take keywords",
        before="def execute_command(self, *words):",
        after="def execute_command(self, *words, **options):",
        both=True,
    ),
)
