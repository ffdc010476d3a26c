"""What releases of aiohttp broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="aiohttp-response-stream-writer",
        library="aiohttp",
        last_good="3.13.5",
        first_bad="3.14.0",
        kind="signature-changed",
        error=r"TypeError: ClientResponse\.__init__\(\) missing \d required keyword-only arguments?: .*'stream_writer'",
        cause="a response needs a `stream_writer`, which libraries that make responses for tests do not pass",
        before='server.get("http://shop/price", payload={})',
        after=(
            'server.get("http://shop/price", payload={}, response_class=Answer)  '
            "# an own ClientResponse that passes stream_writer=Mock(output_size=0)"
        ),
        both=False,
        source="https://github.com/pnuckowski/aioresponses/issues/289",
    ),
    Breakage(
        id="aiohttp-stream-reader-mixin",
        library="aiohttp",
        last_good="3.13.5",
        first_bad="3.14.0",
        kind="private-name",
        error=r"AttributeError: module 'aiohttp\.streams' has no attribute 'AsyncStreamReaderMixin'",
        cause="old vcrpy derives from a private class of aiohttp that is gone, in every test with a cassette",
        before="vcrpy 5.1.0",
        after="vcrpy 9.4.2",
        both=True,
        source="https://github.com/kevin1024/vcrpy/pull/996",
    ),
)
