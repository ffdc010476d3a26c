"""What releases of tzlocal broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="tzlocal-localize",
        library="tzlocal",
        last_good="4.3.1",
        first_bad="5.0",
        kind="name-gone",
        error=r"AttributeError: 'zoneinfo\.ZoneInfo' object has no attribute '(?:localize|normalize)'",
        cause="the local zone is one of `zoneinfo`, without the methods of pytz",
        before="get_localzone().localize(moment)",
        after="moment.replace(tzinfo=get_localzone())",
        both=True,
        source="https://github.com/regebro/tzlocal/blob/master/CHANGES.txt",
        uses=("tzlocal.get_localzone().localize",),
    ),
)
