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
)
