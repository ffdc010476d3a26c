"""Network: another host or service could not be reached."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=310,
    key="network",
    title="Network",
    meaning="The test reached out to a host or service that did not answer.",
    advice="Start the service, or replace the call in tests; the message names host and port.",
    documentation="https://docs.python.org/3/library/exceptions.html#ConnectionError",
    example="[Errno 111] Connection refused",
    matches=any_of(
        exception(
            "ConnectionError",
            "ConnectionRefusedError",
            "ConnectionResetError",
            "ConnectionAbortedError",
            "BrokenPipeError",
        ),
        exception(
            "gaierror", "ConnectError", "ConnectTimeout", "ReadTimeout", "ReadError", "RemoteProtocolError", "SSLError"
        ),
        exception("MaxRetryError", "NewConnectionError", "ClientConnectorError", "URLError", "RemoteDisconnected"),
        message(
            r"Connection refused|Connect call failed",
            r"Name or service not known|Temporary failure in name resolution|Network is unreachable",
        ),
    ),
)
