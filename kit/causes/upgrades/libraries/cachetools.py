"""What releases of cachetools broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="cachetools-submodule",
        library="cachetools",
        last_good="4.2.4",
        first_bad="5.0.0",
        kind="name-gone",
        error=r"ModuleNotFoundError: No module named 'cachetools\.(?:ttl|lru|lfu|rr|cache|abc)'",
        cause="the modules of the single caches are gone",
        before="from cachetools.ttl import TTLCache",
        after="from cachetools import TTLCache",
        both=True,
        source="https://github.com/tkem/cachetools/blob/master/CHANGELOG.rst",
        uses=(
            "cachetools.ttl.*",
            "cachetools.lru.*",
            "cachetools.lfu.*",
            "cachetools.rr.*",
        ),
        forewarns=r"cachetools\.\w+ is deprecated, please use cachetools\.",
        edits={
            "cachetools.ttl.TTLCache": "cachetools:TTLCache",
            "cachetools.lru.LRUCache": "cachetools:LRUCache",
            "cachetools.lfu.LFUCache": "cachetools:LFUCache",
            "cachetools.rr.RRCache": "cachetools:RRCache",
        },
    ),
)
