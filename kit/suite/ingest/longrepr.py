"""The text of a failure as pytest serialises it (``longrepr``)."""

from __future__ import annotations

from kit.suite.ingest.recorded import mapping, objects, text


def longrepr_text(longrepr: object) -> str:
    """Render a serialised ``longrepr`` as pytest's terminal would show it."""
    shown = mapping(longrepr)
    links = shown.get("chain")
    if not isinstance(links, list) or not links:
        return text(longrepr) or text(shown.get("longrepr")) or _entries_text(shown.get("reprtraceback"))
    parts = []
    for link in links:
        traceback, _, follows = link if isinstance(link, list) and len(link) == 3 else (None, None, None)
        parts += [_entries_text(traceback), text(follows)]
    return "\n".join(parts)


def as_traceback(places: str, message: str) -> str:
    """Lines of a traceback (``path:line: in function``) and a message as pytest's terminal would show both; a message
    that is such a text itself stays as it is.
    """
    lines = message.split("\n")
    if any(line.startswith("E  ") for line in lines):
        return message
    return "\n".join([places, *(f"E   {line}" for line in lines)])


def _entries_text(traceback: object) -> str:
    lines = []
    for entry in objects(mapping(traceback).get("reprentries")):
        data = mapping(entry.get("data"))
        place = mapping(data.get("reprfileloc"))
        where = f"{text(place.get('path'))}:{place.get('lineno')}: {text(place.get('message'))}" if place else ""
        shown = data.get("lines")
        source = [text(line) for line in shown] if isinstance(shown, list) else []
        # the short style shows the place first, the source below it
        lines += [where, *source] if data.get("style") == "short" else [*source, where]
    return "\n".join(lines)
