"""Datetime: naive and aware values meet."""

from kit.failures.rule import Rule, message

#: two values side by side, of which one has a zone: they are never equal
_ZONED, _NAIVE = r"datetime\.datetime\([^()\n]*\btzinfo=", r"datetime\.datetime\((?:(?!tzinfo)[^()\n])*\)"

RULE = Rule(
    rank=150,
    key="datetime",
    title="Datetime naive or aware",
    meaning="A datetime without time zone is compared with, subtracted from or stored beside one that has one.",
    advice="Find the producer of the naive value: utcnow(), now() without a zone, a DateTime column without "
    "timezone=True.",
    documentation="https://docs.python.org/3/library/datetime.html#aware-and-naive-objects",
    example="can't compare offset-naive and offset-aware datetimes",
    matches=message(
        r"offset-naive and offset-aware",
        r"\bnaive (?:datetime|time)s? (?:is|are|was|while|and|not|cannot)",
        r"(?:moment|datetime|timestamp|time) without (?:a )?time ?zone",
        r"tzinfo (?:argument )?must be|must have (?:a )?(?:tzinfo|timezone)|Input should have timezone info",
        r"Timestamp must be naive|tz-naive and tz-aware|Cannot (?:compare|subtract) tz-naive",
        rf"{_NAIVE} [!=]= {_ZONED}|{_ZONED}[^\n]* [!=]= {_NAIVE}",
        rf"where None = {_NAIVE}\.tzinfo\b",
    ),
)
